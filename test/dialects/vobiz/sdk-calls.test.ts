import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { rows } from './client.js';
import { expectAnswer, expectInvalid, expectNothing } from './contract.js';
import { day, Exchange, uuidForm } from './exchange.js';
import type { Caller } from './exchange.js';

/** Call records as the vendor's SDKs ask for them and read them: section 11.3 of the contract, not our code. */

let exchange: Exchange;
let owner: Caller;
let number: string;
let adminKey: string;

/** Tells of calls as the operator's feed does: one minute each, so many seconds ago. */
async function tell(...calls: readonly ({ id: string; ago: number } & Readonly<Record<string, unknown>>)[]) {
  const told = calls.map(({ id, ago, ...more }) => ({
    call_id: id,
    direction: 'inbound',
    from: '+14155550100',
    started_at: exchange.instant(-ago),
    answered_at: exchange.instant(-ago + 6),
    ended_at: exchange.instant(-ago + 60),
    ...more,
  }));
  const answer = await ask(exchange.server.url, adminKey, 'POST', '/numex/v1/calls', { calls: told });
  const results = at(answer.body, 'results');
  expect(results, JSON.stringify(results)).toEqual(
    calls.map(({ id }) => ({ call_id: id, outcome: 'recorded' })),
  );
}

beforeAll(async () => {
  exchange = await Exchange.open();
  adminKey = await exchange.server.createAdminKey();
  owner = await exchange.master();
  number = await exchange.bought(owner);
  exchange.advance(day);
  await tell(
    {
      id: 'one',
      ago: 4000,
      to: number,
      hangup_cause: 'NORMAL_CLEARING',
      sip_call_id: 'dD1qwu5VZ5iK3ed5u3uspjY5RKL',
      bridge_id: '4b7ae653-f40d-42f1-b582-6b05dfcd0c0a',
      context: 'sip-trunking',
      hangup_disposition: 'send_refuse',
      campaign_id: 'spring',
    },
    { id: 'two', ago: 3000, to: number, hangup_cause: 'USER_BUSY', answered_at: undefined },
    { id: 'three', ago: 2000, from: number, to: '+919876543210', direction: 'outbound' },
  );
});

afterAll(() => exchange.close());

async function idsOf(query: string): Promise<unknown[]> {
  const lists = await Promise.all(['', '/search'].map((path) => owner.get(`/cdr${path}?${query}`)));
  const [list, search] = lists.map((answer) => {
    expectAnswer(answer, 'calls');
    return rows(answer, 'data').map((row) => row['uuid']);
  });
  expect(search).toEqual(list);
  return [...(list ?? [])].sort();
}

describe('the calls', () => {
  it('carry every member that the SDKs name, and what the switch has told', async () => {
    const [row] = rows(await owner.get('/cdr?sip_call_id=dD1qwu5VZ5iK3ed5u3uspjY5RKL'), 'data');
    expect(row).toMatchObject({
      uuid: 'one',
      account_id: owner.id,
      hangup_cause: 'NORMAL_CLEARING',
      sip_call_id: 'dD1qwu5VZ5iK3ed5u3uspjY5RKL',
      bridge_uuid: '4b7ae653-f40d-42f1-b582-6b05dfcd0c0a',
      context: 'sip-trunking',
      hangup_disposition: 'send_refuse',
      campaign_id: 'spring',
      ring_time: 6,
      duration: 60,
      billsec: 54,
    });
    const one = await owner.get('/cdr/one');
    expect(one.body).toMatchObject({ success: true, data: row });
  });

  it.each([
    ['hangup_cause=USER_BUSY', ['two']],
    ['hangup_cause=user_busy', ['two']],
    ['hangup_cause=NORMAL', []],
    ['sip_call_id=dD1qwu5VZ5iK3ed5u3uspjY5RKL', ['one']],
    ['sip_call_id=other', []],
    ['bridge_uuid=4b7ae653-f40d-42f1-b582-6b05dfcd0c0a', ['one']],
    ['context=sip-trunking', ['one']],
    ['context=default', []],
    ['hangup_disposition=send_refuse', ['one']],
    ['campaign_id=spring', ['one']],
    ['context=sip-trunking&campaign_id=autumn', []],
    ['to_number=9876543210', ['three']],
    ['to_number=09876543210', ['three']],
    ['to_number=%2B919876543210', ['three']],
    ['to_number=919876543210', ['three']],
    ['to_number=987654321', []],
    ['from_number=4155550100', ['one', 'two']],
    ['search=98765', ['three']],
    ['search=%2B9198765', ['three']],
    ['search=dd1QWU', ['one']],
    ['search=thre', ['three']],
    ['search=4b7ae653', ['one']],
    ['search=%25', []],
    ['search=nothing-like-it', []],
    ['', ['one', 'three', 'two']],
  ])('filtered by “%s” are %j', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('have a summary in the words of the SDKs', async () => {
    expect(at((await owner.calls()).body, 'summary')).toMatchObject({
      totalCalls: 3,
      answeredCalls: 2,
      answerRate: 66.67,
      avgCallDuration: '60.00',
      total_duration_seconds: 180,
      total_billable_seconds: 108,
      total_cost: 0,
    });
  });

  it('come from a search with the filters that were given', async () => {
    const answer = await owner.get('/cdr/search?call_direction=inbound&hangup_cause=USER_BUSY');
    const filters = { call_direction: 'inbound', from_number: '', hangup_cause: 'USER_BUSY', to_number: '' };
    expect(at(answer.body, 'filters')).toEqual(filters);
    expect(at((await owner.calls()).body, 'filters')).toBeUndefined();
  });

  it('are as many as asked for when the recent ones are', async () => {
    const recent = await owner.get('/cdr/recent?limit=2');
    expect(rows(recent, 'data').map((row) => row['uuid'])).toEqual(['three', 'two']);
    expect(recent.body).toMatchObject({ success: true, account_id: owner.id, count: 2 });
  });

  it('are exported by the same filters', async () => {
    const text = String((await owner.get('/cdr/export?hangup_cause=USER_BUSY')).body);
    expect(text).toContain('"two"');
    expect(text).not.toContain('"one"');
  });

  it.each(['start_date=0000-01-01', 'end_date=0000-12-31', 'start_date=9999-12-31', 'end_date=9999-12-31'])(
    'of a year that no calendar here has are refused, naming the field: %s',
    async (query) => {
      for (const path of ['', '/search', '/recent', '/export']) {
        const answer = await owner.get(`/cdr${path}?${query}`);
        expectInvalid(answer);
        expect(at(answer.body, 'message')).toContain(query.split('=')[0]);
      }
    },
  );

  it.each(['search', 'hangup_cause', 'sip_call_id', 'context', 'campaign_id'])(
    'are refused, naming the field, for a %s with a character that no row can keep',
    async (field) => {
      const answer = await owner.get(`/cdr?${field}=a%00b`);
      expectInvalid(answer);
      expect(at(answer.body, 'message')).toContain(field);
    },
  );
});

describe('the calls of a number that was handed over', () => {
  it('belong to whoever held it when they began, however late they are told', async () => {
    const parent = await exchange.master();
    const [one, two] = [await exchange.sub(parent), await exchange.sub(parent)];
    const moving = await exchange.bought(parent);
    exchange.advance(3600);
    expectNothing(await parent.give(moving, one.id));
    exchange.advance(3600);
    expectNothing(await parent.takeBack(moving));
    expectNothing(await parent.give(moving, two.id));
    exchange.advance(3600);
    await tell(
      { id: 'of-parent', ago: 3 * 3600 - 600, to: moving },
      { id: 'of-one', ago: 2 * 3600 - 600, to: moving },
      { id: 'of-two', ago: 600, to: moving },
    );
    const seen = async (caller: Caller) => rows(await caller.calls(), 'data').map((row) => row['uuid']);
    expect(await seen(one)).toEqual(['of-one']);
    expect(await seen(two)).toEqual(['of-two']);
    expect(await seen(parent)).toEqual(['of-two', 'of-one', 'of-parent']);
    expect((await two.get('/cdr/of-one')).status).toBe(404);
  });
});

describe('the health of a number without calls', () => {
  it('is one snapshot of zeros with a UUID', async () => {
    const answer = await owner.health(await exchange.bought(owner));
    expectAnswer(answer, 'health');
    const snapshots = rows(answer, 'snapshots');
    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]).toMatchObject({
      total_calls: 0,
      answered_calls: 0,
      failed_calls: 0,
      total_duration: 0,
    });
    expect(snapshots[0]?.['id']).toMatch(uuidForm);
  });
});
