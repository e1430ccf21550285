import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { rows } from './client.js';
import { expectAnswer, expectFlat, expectShape } from './contract.js';
import { Exchange, expectInstant, holding, uuidOfNobody } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let owner: Caller;
let number: string;
const hour = 3600;
const peer = '+14155550100';

/** Four calls: 4 h ago in, 3 h ago in and unanswered, 2 h ago out, 1 h ago in. */
beforeAll(async () => {
  exchange = await Exchange.open();
  owner = await exchange.master();
  number = await exchange.bought(owner);
  exchange.advance(10 * hour);
  await exchange.bringCalls(
    { from: peer, to: number, ago: 4 * hour },
    { from: peer, to: number, ago: 3 * hour, answered: false },
    { from: number, to: '+14155550111', direction: 'outbound', ago: 2 * hour },
    { from: '+14155550122', to: number, ago: hour },
  );
});

afterAll(() => exchange.close());

type Rows = readonly Readonly<Record<string, unknown>>[];

async function found(query = ''): Promise<Rows> {
  const answer = await owner.calls(query);
  expectAnswer(answer, 'calls');
  const list = rows(answer, 'data');
  expect(at(answer.body, 'pagination.total')).toBe(list.length);
  expect(at(answer.body, 'count')).toBe(list.length);
  return list;
}

/** How many hours ago each call began. */
const hoursAgo = (list: Rows) =>
  list
    .map((row) => exchange.server.clock.now().getTime() - Date.parse(String(row['start_time'])))
    .map((ms) => Math.round(ms / 1000 / hour));

describe('call records', () => {
  it('are listed with who, when and how long', async () => {
    const [row = {}] = (await found('?min_duration=0')).filter((call) => hoursAgo([call])[0] === 4);
    expect(row).toMatchObject({ call_direction: 'inbound', duration: 60, billsec: 55 });
    expect(String(row['caller_id_number']).replace('+', '')).toBe(peer.slice(1));
    expect(String(row['destination_number']).replace('+', '')).toBe(number.slice(1));
    expectInstant(row['start_time'], exchange.instant(-4 * hour));
    expectInstant(row['end_time'], exchange.instant(-4 * hour + 60));
    const unanswered = (await found()).filter((call) => call['billsec'] === 0);
    expect(hoursAgo(unanswered)).toEqual([3]);
  });

  it('are empty, and no error, for an account without any', async () => {
    const other = await exchange.master();
    const answer = await other.calls();
    expectAnswer(answer, 'calls');
    expect(answer.body).toMatchObject({ success: true, account_id: other.id, count: 0, data: [] });
    expect(at(answer.body, 'summary.last_call_at')).toBeNull();
    for (const path of ['/cdr/search', '/cdr/recent', '/cdr/export']) {
      expect((await other.get(path)).status).toBe(200);
    }
  });

  it('say when the last call was', async () => {
    const answer = await owner.calls();
    expect(answer.body).toMatchObject({ account_id: owner.id, count: 4 });
    expectInstant(at(answer.body, 'summary.last_call_at'), exchange.instant(-hour));
  });

  it.each([
    ['call_direction=inbound', [1, 3, 4]],
    ['call_direction=outbound', [2]],
    ['from_number=%2B14155550100', [3, 4]],
    ['from_number=14155550100', [3, 4]],
    ['from_number=+14155550100', [3, 4]],
    ['to_number=%2B14155550111', [2]],
    ['from_number=%2B14155550100&to_number=%2B14155550111', []],
    ['min_duration=60', [1, 2, 3, 4]],
    ['min_duration=61', []],
    ['call_direction=inbound&from_number=14155550122', [1]],
  ])('are filtered by %s, in the list and in the search', async (query, hours) => {
    expect(hoursAgo(await found(`?${query}`)).sort()).toEqual(hours);
    const search = await owner.get(`/cdr/search?${query}`);
    expectAnswer(search, 'calls');
    expect(hoursAgo(rows(search, 'data')).sort()).toEqual(hours);
  });

  it('are found by the number that received them', async () => {
    const query = `?to_number=${encodeURIComponent(number)}`;
    expect(hoursAgo(await found(query)).sort()).toEqual([1, 3, 4]);
  });

  it('are found by days', async () => {
    const today = exchange.instant().slice(0, 10);
    expect(await found(`?start_date=${today}&end_date=${today}`)).toHaveLength(4);
    expect(await found('?start_date=2025-01-01&end_date=2025-01-31')).toHaveLength(0);
    expect(await found('?start_date=2030-01-01&end_date=2030-01-31')).toHaveLength(0);
  });

  it('come in pages', async () => {
    const seen = [];
    for (let page = 1; page <= 2; page++) {
      const answer = await owner.calls(`?per_page=3&page=${page}`);
      expectAnswer(answer, 'calls');
      expect(at(answer.body, 'pagination')).toEqual({
        page,
        per_page: 3,
        total: 4,
        pages: 2,
        has_next: page === 1,
        has_prev: page === 2,
      });
      seen.push(...rows(answer, 'data').map((row) => row['uuid']));
    }
    expect(new Set(seen).size).toBe(4);
    const beyond = await owner.calls('?per_page=3&page=3');
    expect(beyond.body).toMatchObject({ data: [], pagination: { page: 3, has_next: false, has_prev: true } });
    for (const size of ['', 'x', '0', '101']) {
      expect(at((await owner.calls(`?per_page=${size}`)).body, 'pagination.per_page')).toBe(20);
    }
    expect(at((await owner.calls('?per_page=100')).body, 'pagination.per_page')).toBe(100);
  });

  it('are shown with the newest first when the recent ones are asked for', async () => {
    const answer = await owner.get('/cdr/recent');
    expect(answer.status).toBe(200);
    expect(hoursAgo(rows(answer, 'data'))).toEqual([1, 2, 3, 4]);
  });

  it('are exported whole', async () => {
    const answer = await owner.get('/cdr/export');
    expect(answer.status).toBe(200);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    for (const row of await found()) expect(text).toContain(String(row['uuid']));
    expect(text).toContain(peer.slice(1));
  });

  it('are shown one by one', async () => {
    for (const row of await found()) {
      const answer = await owner.get(`/cdr/${encodeURIComponent(String(row['uuid']))}`);
      expect(answer.status).toBe(200);
      expect(holding(answer.body, 'uuid')).toMatchObject({
        uuid: row['uuid'],
        start_time: row['start_time'],
      });
    }
    for (const id of [uuidOfNobody, 'nonsense']) {
      const answer = await owner.get(`/cdr/${id}`);
      expect(answer.status).toBe(404);
      expectShape(answer.body, 'flat');
    }
  });

  it('are nobody else’s', async () => {
    const other = await exchange.master();
    const [row] = await found();
    expect((await other.get(`/cdr/${encodeURIComponent(String(row?.['uuid']))}`)).status).toBe(404);
    const query = `?to_number=${encodeURIComponent(number)}`;
    for (const path of ['/cdr', '/cdr/search', '/cdr/recent']) {
      expect(rows(await other.get(`${path}${query}`), 'data')).toEqual([]);
    }
    const exported = await other.get('/cdr/export');
    expect(JSON.stringify(exported.body)).not.toContain(peer.slice(1));
  });
});

describe('the health of a number', () => {
  it('counts its calls of the last 30 days', async () => {
    const answer = await owner.health(number);
    expectAnswer(answer, 'health');
    expect(answer.body).toMatchObject({
      e164: number,
      status: 'active',
      granularity: 'daily',
      summary: { period_days: 30, total_calls: 4, answered_calls: 3 },
    });
    const snapshots = rows(answer, 'snapshots');
    const sum = (field: string) => snapshots.reduce((total, row) => total + Number(row[field]), 0);
    expect([sum('total_calls'), sum('answered_calls'), sum('failed_calls')]).toEqual([4, 3, 1]);
    expect([0.75, 75]).toContain(at(answer.body, 'summary.answer_rate'));
  });

  it('goes by hours, and by as many days as asked', async () => {
    const hourly = await owner.health(number, '?granularity=hourly&days=1');
    expectAnswer(hourly, 'health');
    expect(hourly.body).toMatchObject({
      granularity: 'hourly',
      summary: { period_days: 1, total_calls: 4 },
    });
    const busy = rows(hourly, 'snapshots').filter((row) => Number(row['total_calls']) > 0);
    expect(busy).toHaveLength(4);
    await exchange.bringCalls({ to: number, ago: 20 * 24 * hour });
    const short = await owner.health(number, '?days=7');
    expect(short.body).toMatchObject({ granularity: 'daily', summary: { period_days: 7, total_calls: 4 } });
  });

  it('of a number without calls is all zeros', async () => {
    const answer = await owner.health(await exchange.bought(owner));
    expectAnswer(answer, 'health');
    expect(at(answer.body, 'summary')).toMatchObject({
      total_calls: 0,
      answered_calls: 0,
      answer_rate: 0,
      total_minutes: 0,
      avg_duration: 0,
    });
  });

  it('is 404 for a number of nobody or of another', async () => {
    const theirs = await exchange.bought(await exchange.master());
    for (const other of ['+918099999999', await exchange.stockOne(), theirs]) {
      expectFlat(await owner.health(other), 404, 'not_found');
    }
  });
});
