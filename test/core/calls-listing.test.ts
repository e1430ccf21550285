import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  callPageMax,
  eachCall,
  getCall,
  listCalls,
  listCallsAfter,
  numberHealth,
} from '../../src/core/usage/index.js';
import type { CallFilters, CallLine, CallRow, CallScope } from '../../src/core/usage/index.js';
import { actAs, aCall, backdate, idOf, record, rentNew } from '../support/calls.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** Two numbers of a parent, one of its sub-account, one of a stranger. */
const [first, second, third, strange] = ['+12135571001', '+12135571002', '+12135571003', '+12135571004'];
const outside = '+4915112345678';

let server: TestServer;
let parent: TestTenant;
let child: TestTenant;
let stranger: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  parent = await server.createTenant({ name: 'Parent' });
  child = await server.createTenant({ name: 'Child', parent: parent.account.publicId });
  stranger = await server.createTenant({ name: 'Stranger' });
  const holders: [TestTenant, string][] = [
    [parent, first],
    [parent, second],
    [child, third],
    [stranger, strange],
  ];
  for (const [holder, number] of holders) {
    await rentNew(server, holder, number);
    await backdate(server, idOf(number), '2026-02-01T00:00:00Z');
  }
  const calls: CallLine[] = [
    missed({ callId: 'a', to: first, startedAt: '2026-03-01T23:59:59.999Z' }),
    aCall({ callId: 'b', to: first, startedAt: '2026-03-02T00:00:00Z' }),
    aCall({
      callId: 'c',
      direction: 'outbound',
      from: second,
      to: outside,
      startedAt: '2026-03-02T00:59:59Z',
    }),
    aCall({ callId: 'd', direction: 'outbound', from: first, to: second, startedAt: '2026-03-02T01:00:00Z' }),
    aCall({ callId: 'e', direction: 'outbound', from: first, to: third, startedAt: '2026-03-03T08:00:00Z' }),
    aCall({ callId: 'f', to: third, startedAt: '2026-03-03T09:00:00Z' }),
    aCall({
      callId: 'g',
      direction: 'outbound',
      from: first,
      to: strange,
      startedAt: '2026-03-03T10:00:00Z',
    }),
    aCall({ callId: 'h', to: strange, startedAt: '2026-03-03T11:00:00Z' }),
    { callId: 'i', direction: 'inbound', from: outside, to: first, startedAt: '2026-03-04T09:00:00Z' },
  ];
  const outcomes = await record(server, calls);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(calls.map(() => 'recorded'));
});

afterAll(() => server.close());

function missed(line: CallLine & { startedAt: string }): CallLine {
  return { ...aCall(line), answeredAt: '', billable: 0, duration: 20, hangupCause: 'NO_ANSWER' };
}

function list(tenant: TestTenant, scope: Partial<CallScope> = {}, page = { offset: 0, limit: 100 }) {
  return listCalls({ ctx: actAs(server, tenant.account), input: { filters: {}, ...scope, page } });
}

const idsOf = (calls: readonly CallRow[]): string => calls.map((call) => call.callId).join('');

describe('the list', () => {
  test('has the account’s own calls, newest first, a call between two of its numbers once', async () => {
    const { calls, total } = await list(parent);
    expect(idsOf(calls)).toBe('igedcba');
    expect(total).toBe(7);
    expect(calls.find(({ callId }) => callId === 'd')).toMatchObject({
      direction: 'outbound',
      numberId: idOf(first),
      account: parent.account.publicId,
    });
  });

  test('never has another account’s calls', async () => {
    expect(idsOf((await list(stranger)).calls)).toBe('hg');
    expect(idsOf((await list(stranger, { withSubAccounts: true })).calls)).toBe('hg');
    const ofParent = { filters: { numberId: idOf(first) } };
    expect(await list(stranger, ofParent)).toMatchObject({ calls: [], total: 0 });
    const theirs = getCall({ ctx: actAs(server, stranger.account), input: { callId: 'a' } });
    await expect(theirs).rejects.toMatchObject({ code: 'not_found', details: { kind: 'call', id: 'a' } });
  });

  test('has the sub-accounts’ calls when asked for, and a sub-account never has its parent’s', async () => {
    const { calls, total } = await list(parent, { withSubAccounts: true });
    expect(idsOf(calls)).toBe('igfedcba');
    expect(total).toBe(8);
    expect(calls.find(({ callId }) => callId === 'f')?.account).toBe(child.account.publicId);
    expect(calls.find(({ callId }) => callId === 'e')?.account).toBe(parent.account.publicId);
    expect(idsOf((await list(child, { withSubAccounts: true })).calls)).toBe('fe');
    const ofChild = { ctx: actAs(server, parent.account), input: { callId: 'f' } };
    await expect(getCall(ofChild)).rejects.toMatchObject({ code: 'not_found' });
    expect(await getCall({ ...ofChild, input: { callId: 'f', withSubAccounts: true } })).toMatchObject({
      numberId: idOf(third),
    });
  });

  test.each<[string, CallFilters, string]>([
    ['caller', { from: Number(first.slice(1)) }, 'ged'],
    ['called number', { to: Number(second.slice(1)) }, 'd'],
    ['own number, on either side', { numberId: idOf(second) }, 'dc'],
    ['direction as seen from its number', { direction: 'inbound' }, 'idba'],
    ['direction and number', { direction: 'outbound', numberId: idOf(second) }, 'c'],
    ['start, included', { startedFrom: new Date('2026-03-02T01:00:00Z') }, 'iged'],
    ['end, not included', { startedUntil: new Date('2026-03-02T01:00:00Z') }, 'cba'],
    ['duration, which a call in progress has none of', { minDurationSeconds: 21 }, 'gedcb'],
    ['all at once', { from: Number(outside.slice(1)), direction: 'inbound', minDurationSeconds: 0 }, 'ba'],
  ])('is narrowed by %s, and total and figures with it', async (_, filters, expected) => {
    const { calls, total, summary } = await list(parent, { filters });
    expect(idsOf(calls)).toBe(expected);
    expect(total).toBe(expected.length);
    expect(summary.calls).toBe(expected.length);
  });

  test('has figures of all its calls, whatever the page', async () => {
    const { calls, summary } = await list(parent, {}, { offset: 1, limit: 2 });
    expect(idsOf(calls)).toBe('ge');
    expect(summary).toEqual({
      calls: 7,
      answered: 5,
      durationSeconds: 5 * 120 + 20,
      billableSeconds: 5 * 110,
      lastCallAt: server.clock.now(),
      isExact: true,
    });
    const finished = await list(parent, { filters: { startedUntil: new Date('2026-03-04T00:00:00Z') } });
    expect(finished.summary.lastCallAt).toEqual(new Date('2026-03-03T10:00:00Z'));
    const none = await list(parent, { filters: { from: 1234567 } }, { offset: 50, limit: 10 });
    expect(none.summary).toEqual({
      calls: 0,
      answered: 0,
      durationSeconds: 0,
      billableSeconds: 0,
      lastCallAt: null,
      isExact: true,
    });
  });

  test('continues behind a call, also among calls of one instant', async () => {
    const number = '+12135571005';
    const busy = await server.createTenant();
    await rentNew(server, busy, number);
    await backdate(server, idOf(number), '2026-02-01T00:00:00Z');
    await record(
      server,
      Array.from({ length: 7 }, () => aCall({ to: number, startedAt: '2026-03-03T08:00:00Z' })),
    );
    const ctx = actAs(server, busy.account);
    const seen: string[] = [];
    let after: CallRow | undefined;
    for (let page = 0; page < 4; page++) {
      const rows = await listCallsAfter({ ctx, input: { filters: {}, after, limit: 3 } });
      seen.push(...rows.map((row) => row.callId));
      after = rows.at(-1) ?? after;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual((await list(busy)).calls.map((call) => call.callId));
  });

  test('has a bound to its page', async () => {
    await expect(list(parent, {}, { offset: 0, limit: callPageMax + 1 })).rejects.toThrow('page size');
  });
});

test('an export gives all calls of the list, batch by batch', async () => {
  const number = '+12135571006';
  const busy = await server.createTenant();
  await rentNew(server, busy, number);
  await backdate(server, idOf(number), '2026-02-01T00:00:00Z');
  for (let batch = 0; batch < 3; batch++) {
    await record(
      server,
      Array.from({ length: 700 }, (_, n) =>
        aCall({ to: number, startedAt: new Date(Date.UTC(2026, 1, 2 + batch, 0, 0, n)).toISOString() }),
      ),
    );
  }
  const sizes: number[] = [];
  const starts: number[] = [];
  for await (const rows of eachCall({ ctx: actAs(server, busy.account), input: { filters: {} } })) {
    sizes.push(rows.length);
    starts.push(...rows.map((row) => row.startedAt.getTime()));
  }
  expect(sizes).toEqual([1000, 1000, 100]);
  expect(starts).toEqual([...starts].sort((a, b) => b - a));
});

describe('the health of a number', () => {
  const healthOf = (tenant: TestTenant, number: string, granularity: 'daily' | 'hourly', days: number) =>
    numberHealth({
      ctx: actAs(server, tenant.account),
      input: { numberId: idOf(number), granularity, days },
    });

  test('is counted by UTC day', async () => {
    const { summary, snapshots } = await healthOf(parent, first, 'daily', 30);
    expect(summary).toEqual({
      periodDays: 30,
      totalCalls: 6,
      answeredCalls: 4,
      answerRate: 0.6667,
      totalMinutes: 8.33,
      avgDurationSeconds: 100,
    });
    expect(snapshots.map((each) => [each.startsAt.toISOString(), each.totalCalls, each.failedCalls])).toEqual(
      [
        ['2026-03-01T00:00:00.000Z', 1, 1],
        ['2026-03-02T00:00:00.000Z', 2, 0],
        ['2026-03-03T00:00:00.000Z', 2, 0],
        ['2026-03-04T00:00:00.000Z', 1, 0],
      ],
    );
    expect(snapshots[0]).toMatchObject({
      answeredCalls: 0,
      answerRate: 0,
      totalDurationSeconds: 20,
      totalMinutes: 0.33,
      avgDurationSeconds: 20,
    });
  });

  test('is counted by UTC hour', async () => {
    const { snapshots } = await healthOf(parent, second, 'hourly', 30);
    expect(snapshots.map((each) => [each.startsAt.toISOString(), each.totalCalls])).toEqual([
      ['2026-03-02T00:00:00.000Z', 1],
      ['2026-03-02T01:00:00.000Z', 1],
    ]);
  });

  test('covers so many UTC days, today included', async () => {
    const days = async (count: number) => (await healthOf(parent, first, 'daily', count)).summary.totalCalls;
    expect([await days(1), await days(2), await days(3), await days(4)]).toEqual([1, 3, 5, 6]);
  });

  test('is for the holder and its parent account alone', async () => {
    expect((await healthOf(parent, third, 'daily', 30)).summary.totalCalls).toBe(2);
    expect((await healthOf(child, third, 'daily', 30)).summary.totalCalls).toBe(2);
    for (const [tenant, number] of [
      [stranger, first],
      [child, first],
      [parent, '+12135571999'],
    ] as const) {
      await expect(healthOf(tenant, number, 'daily', 30)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('begins with the present rental', async () => {
    const number = '+12135571007';
    await rentNew(server, parent, number);
    await backdate(server, idOf(number), '2026-02-01T00:00:00Z');
    await record(server, [
      aCall({ to: number, startedAt: '2026-03-01T08:00:00Z' }),
      aCall({ to: number, startedAt: '2026-03-02T08:00:00Z' }),
    ]);
    // As if the same account had given it back and rented it again in between.
    await backdate(server, idOf(number), '2026-03-02T00:00:00Z');
    expect((await healthOf(parent, number, 'daily', 30)).summary.totalCalls).toBe(1);
  });

  test('of a number without calls is all zeros', async () => {
    const number = '+12135571008';
    await rentNew(server, parent, number);
    expect(await healthOf(parent, number, 'daily', 7)).toEqual({
      summary: {
        periodDays: 7,
        totalCalls: 0,
        answeredCalls: 0,
        answerRate: 0,
        totalMinutes: 0,
        avgDurationSeconds: 0,
      },
      snapshots: [],
    });
    await expect(healthOf(parent, number, 'daily', 0)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
