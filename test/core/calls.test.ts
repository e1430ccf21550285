import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCall, lastCallAt, listCalls, recordCalls, recordedCallsMax } from '../../src/core/usage/index.js';
import type { CallLine, CallOutcome } from '../../src/core/usage/index.js';
import { actAs, aCall, backdate, idOf, record, rent, rentNew } from '../support/calls.js';
import { until } from '../support/process.js';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let other: TestTenant;
let nextLine = 1000;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ name: 'One', balances: { USD: 1_000_000 } });
  other = await server.createTenant({ name: 'Two', balances: { USD: 1_000_000 } });
});

afterAll(() => server.close());

/** A number that the tenant rents since a day ago on the test clock. */
async function rented(holder = tenant): Promise<string> {
  const number = `+1213557${nextLine++}`;
  await rentNew(server, holder, number);
  await backdate(server, idOf(number), '2026-03-03T09:30:00Z');
  return number;
}

async function lastOf(number: string): Promise<string | undefined> {
  return (await lastCallAt(server.operator(), [idOf(number)])).get(idOf(number))?.toISOString();
}

async function callsOf(holder: TestTenant, number: string): Promise<string[]> {
  const input = { filters: { numberId: idOf(number) }, page: { offset: 0, limit: 100 } };
  const { calls } = await listCalls({ ctx: actAs(server, holder.account), input });
  return calls.map((call) => call.callId);
}

const outcomesOf = (outcomes: readonly CallOutcome[]): string[] => outcomes.map(({ outcome }) => outcome);

async function storedCalls(): Promise<unknown[]> {
  return [
    ...(await server.sql`select * from call order by id`),
    ...(await server.sql`select * from call_party`),
  ];
}

test('a call is recorded once, however often it is told', async () => {
  const call = aCall({ to: await rented() });
  expect(outcomesOf(await record(server, [call]))).toEqual(['recorded']);
  const before = await storedCalls();
  expect(outcomesOf(await record(server, [call, call]))).toEqual(['repeated', 'repeated']);
  expect(await storedCalls()).toEqual(before);
});

test('the same call twice in one request is recorded and repeated', async () => {
  const call = aCall({ to: await rented() });
  expect(outcomesOf(await record(server, [call, call]))).toEqual(['recorded', 'repeated']);
});

test('one call id may stand for a live and a test call', async () => {
  const sandbox = await server.createTenant({ environment: 'test' });
  const number = await rented();
  await rentNew(server, sandbox, number);
  const call = aCall({ to: number });
  expect(outcomesOf(await record(server, [call]))).toEqual(['recorded']);
  expect(outcomesOf(await record(server, [call], 'test'))).toEqual(['recorded']);
});

test('a call in progress is answered and ended by later records, in one request or several', async () => {
  const to = await rented();
  const ended = aCall({ to });
  const { startedAt, answeredAt, callId } = ended;
  const begun: CallLine = { callId, direction: 'inbound', from: ended.from, to, startedAt };
  expect(outcomesOf(await record(server, [begun]))).toEqual(['recorded']);
  expect(outcomesOf(await record(server, [{ ...begun, answeredAt }, ended]))).toEqual(['updated', 'updated']);
  const stored = await getCall({ ctx: actAs(server, tenant.account), input: { callId: String(callId) } });
  expect(stored).toMatchObject({
    durationSeconds: 120,
    billableSeconds: 110,
    hangupCause: 'NORMAL_CLEARING',
  });
  expect(stored.endedAt?.toISOString()).toBe(ended.endedAt);
});

test('that a call has begun may be heard after its end', async () => {
  const ended = aCall({ to: await rented() });
  const { callId, direction, from, to, startedAt } = ended;
  await record(server, [ended]);
  expect(outcomesOf(await record(server, [{ callId, direction, from, to, startedAt }]))).toEqual([
    'repeated',
  ]);
  expect(await lastOf(String(to))).toBe('2026-03-04T08:00:00.000Z');
});

test('a feed to the millisecond and a file to the second tell the same call', async () => {
  const number = await rented();
  const fed = aCall({ to: number, startedAt: '2026-03-04T08:00:00.734Z' });
  const filed = { ...aCall({ to: number, startedAt: '2026-03-04T08:00:00Z' }), callId: fed.callId };
  const { callId, direction, from, to, startedAt } = fed;
  const begun = { callId, direction, from, to, startedAt };
  expect(outcomesOf(await record(server, [begun, filed, fed]))).toEqual(['recorded', 'updated', 'repeated']);
});

test.each<[string, CallLine, string]>([
  ['direction', { direction: 'outbound' }, 'direction'],
  ['caller', { from: '+4915112345679' }, 'from'],
  ['start', { startedAt: '2026-03-04T07:59:58Z' }, 'started_at'],
  ['answer', { answeredAt: '2026-03-04T08:00:20Z', billable: 100 }, 'answered_at'],
  ['missing answer', { answeredAt: '', billable: 0 }, 'answered_at'],
  ['end', { endedAt: '2026-03-04T08:03:00Z' }, 'ended_at'],
  ['duration', { duration: 115 }, 'duration'],
  ['billable seconds', { billable: 60 }, 'billable'],
  ['hangup cause', { hangupCause: 'USER_BUSY' }, 'hangup_cause'],
])('a record with another %s than the finished call is refused', async (_, contradiction, field) => {
  const call = aCall({ to: await rented() });
  await record(server, [call]);
  const before = await storedCalls();
  const [outcome] = await record(server, [{ ...call, ...contradiction }]);
  expect(outcome).toMatchObject({
    callId: call.callId,
    outcome: 'refused',
    reason: `contradicts what is known of the call: ${field} differs`,
  });
  expect(await storedCalls()).toEqual(before);
});

test.each<[string, CallLine]>([
  ['no call id', { callId: '' }],
  ['a call id with a blank', { callId: 'a b' }],
  ['a call id with a NUL', { callId: 'a\u0000' }],
  ['a call id that is too long', { callId: 'a'.repeat(129) }],
  ['a call id that is a number', { callId: 7 }],
  ['no direction', { direction: undefined }],
  ['a direction of its own', { direction: 'sideways' }],
  ['letters for a number', { to: 'reception' }],
  ['a number of 16 digits', { to: '+1234567890123456' }],
  ['an outbound call without a caller', { direction: 'outbound', from: '' }],
  ['no start', { startedAt: undefined }],
  ['a start without offset', { startedAt: '2026-03-04T08:00:00' }],
  ['30 February', { startedAt: '2026-02-30T08:00:00Z' }],
  ['a 25th hour', { startedAt: '2026-03-04T25:00:00Z' }],
  ['a start in the last century', { startedAt: '1970-01-01T00:00:00Z' }],
  ['a start that has not come yet', { startedAt: '2026-03-04T10:00:00Z' }],
  ['a start in epoch seconds', { startedAt: 1_772_611_200 }],
  ['an answer before the start', { answeredAt: '2026-03-04T07:59:00Z' }],
  ['an end before the answer', { endedAt: '2026-03-04T08:00:05Z' }],
  ['an end after a month', { startedAt: '2026-01-01T00:00:00Z', answeredAt: '' }],
  ['half a second', { duration: 1.5 }],
  ['negative seconds', { duration: -1 }],
  ['a duration beyond the end', { duration: 122 }],
  ['more billable seconds than seconds', { duration: 100, billable: 101 }],
  ['billable seconds without an answer', { answeredAt: null }],
  ['a duration without an end', { endedAt: null }],
  ['a hangup cause of two lines', { hangupCause: 'a\nb' }],
  ['a hangup cause that is too long', { hangupCause: 'x'.repeat(101) }],
])('a line with %s refuses only itself', async (_, mistake) => {
  const to = await rented();
  const good = aCall({ to });
  const bad = { ...aCall({ to }), ...mistake };
  const outcomes = await record(server, [bad, good]);
  expect(outcomesOf(outcomes)).toEqual(['refused', 'recorded']);
  expect(await callsOf(tenant, to)).toEqual([good.callId]);
});

test('a call that concerns no number of the exchange is refused, of the other environment neither', async () => {
  const number = await rented();
  const [stranger] = await record(server, [aCall({ to: '+4930123456789' })]);
  expect(stranger).toMatchObject({ outcome: 'refused', reason: 'concerns no number of this exchange' });
  expect(outcomesOf(await record(server, [aCall({ to: number })], 'test'))).toEqual(['refused']);
});

test('a caller may withhold the number, and a short code may be called', async () => {
  const number = await rented();
  const hidden = aCall({ to: number, from: 'Anonymous' });
  const emergency = aCall({ direction: 'outbound', from: number, to: '112' });
  expect(outcomesOf(await record(server, [hidden, emergency]))).toEqual(['recorded', 'recorded']);
  const read = (callId: unknown) =>
    getCall({ ctx: actAs(server, tenant.account), input: { callId: String(callId) } });
  expect(await read(hidden.callId)).toMatchObject({ fromDigits: null });
  expect(await read(emergency.callId)).toMatchObject({ toDigits: 112, direction: 'outbound' });
});

test('durations that are not told follow from the times', async () => {
  const call = aCall({ to: await rented(), duration: '', billable: undefined });
  await record(server, [call]);
  const stored = await getCall({
    ctx: actAs(server, tenant.account),
    input: { callId: String(call.callId) },
  });
  expect(stored).toMatchObject({ durationSeconds: 120, billableSeconds: 110 });
});

test('the last call is the latest start in either direction, answered or not, in whatever order they are told', async () => {
  const number = await rented();
  expect(await lastOf(number)).toBeUndefined();
  await record(server, [aCall({ to: number, startedAt: '2026-03-04T08:00:00Z' })]);
  await record(server, [aCall({ to: number, startedAt: '2026-03-04T06:00:00Z' })]);
  expect(await lastOf(number)).toBe('2026-03-04T08:00:00.000Z');
  const missed = { answeredAt: '', billable: 0, startedAt: '2026-03-04T09:00:00Z' };
  await record(server, [aCall({ direction: 'outbound', from: number, to: '+4915112345678', ...missed })]);
  expect(await lastOf(number)).toBe('2026-03-04T09:00:00.000Z');
});

test('a call in progress counts as now until it ends, and then as its start', async () => {
  const number = await rented();
  const ended = aCall({ to: number, startedAt: '2026-03-04T09:00:00Z' });
  const { callId, direction, from, to, startedAt } = ended;
  await record(server, [
    { callId, direction, from, to, startedAt },
    aCall({ to: number, startedAt: '2026-03-04T09:20:00Z' }),
  ]);
  expect(await lastOf(number)).toBe(server.clock.now().toISOString());
  await record(server, [ended]);
  expect(await lastOf(number)).toBe('2026-03-04T09:20:00.000Z');
});

test('a call between two of our numbers is the last call of both, and each holder sees it from its side', async () => {
  const [caller, called] = [await rented(tenant), await rented(other)];
  const call = aCall({ direction: 'outbound', from: caller, to: called });
  await record(server, [call]);
  expect(await lastOf(caller)).toBe('2026-03-04T08:00:00.000Z');
  expect(await lastOf(called)).toBe('2026-03-04T08:00:00.000Z');
  const input = { callId: String(call.callId) };
  expect(await getCall({ ctx: actAs(server, tenant.account), input })).toMatchObject({
    direction: 'outbound',
    numberId: idOf(caller),
  });
  expect(await getCall({ ctx: actAs(server, other.account), input })).toMatchObject({
    direction: 'inbound',
    numberId: idOf(called),
  });
});

test('the calls of an earlier holder set the last call and stay with that holder', async () => {
  const number = `+1213557${nextLine++}`;
  const rental = await rentNew(server, other, number);
  await backdate(server, idOf(number), '2026-03-01T00:00:00Z');
  const before = aCall({ to: number, startedAt: '2026-03-02T08:00:00Z' });
  await record(server, [before]);
  const released = await ask(server.url, other.apiKey, 'DELETE', `/numex/v1/rentals/${rental}?leaves=now`);
  expect(released.status).toBe(200);
  await server.sql`
    update rental set state = 'ended', ended_at = '2026-03-03T00:00:00Z' where number_id = ${idOf(number)}`;
  await server.sql`update number set status = 's', rests_until = null where id = ${idOf(number)}`;
  const unheld = aCall({ to: number, startedAt: '2026-03-03T12:00:00Z' });
  await rent(server, tenant, number);
  await backdate(server, idOf(number), '2026-03-04T00:00:00Z');
  // Told late: what counts is who held the number when the call began.
  const late = aCall({ to: number, startedAt: '2026-03-02T09:00:00Z' });
  await record(server, [unheld, late]);
  expect(await lastOf(number)).toBe('2026-03-03T12:00:00.000Z');
  expect(await callsOf(tenant, number)).toEqual([]);
  expect(await callsOf(other, number)).toEqual([late.callId, before.callId]);
  await record(server, [aCall({ to: number, startedAt: '2026-03-04T00:00:00Z' })]);
  expect(await callsOf(tenant, number)).toHaveLength(1);
});

test('a number whose release is past its window has no holder, whether or not a job has ended the rental', async () => {
  const number = await rented();
  await server.sql`
    update rental set state = 'pending_release', released_at = '2026-03-03T12:00:00Z',
      reclaim_until = '2026-03-04T07:00:00Z' where number_id = ${idOf(number)}`;
  const within = aCall({ to: number, startedAt: '2026-03-04T06:59:00Z' });
  await record(server, [within, aCall({ to: number, startedAt: '2026-03-04T07:00:00Z' })]);
  expect(await callsOf(tenant, number)).toEqual([within.callId]);
});

test('two feeds that tell the same calls at once record each once', async () => {
  const number = await rented();
  const calls = Array.from({ length: 200 }, () => aCall({ to: number }));
  const feeds = await Promise.all([record(server, calls), record(server, [...calls].reverse())]);
  const outcomes = feeds.flatMap(outcomesOf);
  expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(200);
  expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(200);
  expect(await callsOf(tenant, number)).toHaveLength(100);
});

test('a decision about a number waits for calls that are being recorded', async () => {
  const number = await rented();
  const call = aCall({ to: number });
  const decide = async (): Promise<Date | undefined> => {
    let last: Date | undefined;
    await server.sql.begin(async (tx) => {
      await tx`select 1 from number where id = ${idOf(number)} for no key update`;
      last = (await lastCallAt({ sql: tx, clock: server.clock }, [idOf(number)])).get(idOf(number));
    });
    return last;
  };
  const { decision } = await server.sql.begin(async (tx) => {
    const input = { environment: 'live' as const, calls: [call] };
    await recordCalls({ ctx: { ...server.operator(), sql: tx }, input });
    let settled = false;
    const decision = decide().finally(() => (settled = true));
    await until(10, async () => {
      const waiting = await server.sql`select 1 from pg_locks where not granted limit 1`;
      return settled || waiting.length > 0;
    });
    // Wrapped up, so that this transaction does not wait for what waits for it.
    return { decision };
  });
  expect(await decision).toEqual(new Date('2026-03-04T08:00:00Z'));
});

test('only the operator records calls, and not too many at once', async () => {
  const calls = [aCall({ to: await rented() })];
  const input = { environment: 'live' as const, calls };
  await expect(recordCalls({ ctx: actAs(server, tenant.account), input })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const many = Array.from({ length: recordedCallsMax + 1 }, () => aCall());
  await expect(record(server, many)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('what a request changed is one audit row; a repeat leaves none', async () => {
  const call = aCall({ to: await rented() });
  const count = async (): Promise<number> => {
    const [row] = await server.sql<{ count: number }[]>`
      select count(*) from audit_entry where action = 'calls.record'`;
    return row?.count ?? 0;
  };
  const before = await count();
  await record(server, [call, aCall({ to: 'x' })]);
  await record(server, [call]);
  expect(await count()).toBe(before + 1);
  const [row] = await server.sql<{ details: unknown }[]>`
    select details from audit_entry where action = 'calls.record' order by id desc limit 1`;
  expect(row?.details).toEqual({ origin: null, recorded: 1, repeated: 0, updated: 0, refused: 1 });
});
