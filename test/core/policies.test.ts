import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Environment, RootContext } from '../../src/core/context.js';
import { buyNumbers, extendReservation, PurchaseDesk, reserveNumber } from '../../src/core/sales/index.js';
import { releaseNumber } from '../../src/core/rentals/index.js';
import { numberIdOf } from '../../src/core/number-id.js';
import {
  clearPolicy,
  listPolicies,
  policies,
  policyNames,
  policyValue,
  setPolicy,
} from '../../src/core/policies/index.js';
import type { PolicyName } from '../../src/core/policies/index.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { noDocuments } from '../support/documents.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let lane: Pool;
let desk: PurchaseDesk;

beforeAll(async () => {
  server = await startTestServer();
  lane = openPool({ url: server.databaseUrl, connectionsMax: 1, applicationName: 'desk' });
  desk = new PurchaseDesk(lane);
  await server.addNumbers(['+12135551000', '+12135551001', '+12135551002', '+12135551003', '+447700900001']);
});

afterAll(async () => {
  await desk.close();
  await lane.end();
  await server.close();
});

function set(
  name: string,
  value: number,
  where: { country?: string; type?: 'local' | 'mobile'; environment?: Environment } = {},
) {
  return setPolicy({ ctx: server.operator(), input: { name, environment: 'live', value, ...where } });
}

function clear(name: string, where: { country?: string; type?: 'local' | 'mobile' }) {
  return clearPolicy({ ctx: server.operator(), input: { name, environment: 'live', ...where } });
}

function asTenant({ account }: TestTenant): RootContext {
  return {
    ...server.operator(),
    sql: server.sql,
    desk,
    documents: noDocuments,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
  };
}

const idOf = (number: string): number => numberIdOf(Number(number.slice(1)), 'live');

const secondsUntil = (instant: string): number => (Date.parse(instant) - server.clock.now().getTime()) / 1000;

async function reserve(tenant: TestTenant, number: string) {
  return reserveNumber({ ctx: asTenant(tenant), input: { line: { numberId: idOf(number) } } });
}

test('a new installation has every policy of the list, in both environments, with its standard value', async () => {
  const rows = await server.sql<{ name: string; environment: Environment; value: number }[]>`
    select name, environment, value from policy where country = '' and type = ''`;
  expect(rows.map(({ name, environment, value }) => `${name} ${environment} ${value}`).sort()).toEqual(
    policyNames
      .flatMap((name) => (['live', 'test'] as const).map((e) => `${name} ${e} ${policies[name].standard[e]}`))
      .sort(),
  );
});

test('standard values lie within their own bounds', () => {
  for (const name of policyNames) {
    const { standard, minimum, maximum } = policies[name];
    for (const value of Object.values(standard)) {
      expect(value).toBeGreaterThanOrEqual(minimum);
      expect(value).toBeLessThanOrEqual(maximum);
    }
  }
});

test('the most specific value wins: country and type, country, type, general', async () => {
  const value = (where: { country?: string; type?: 'local' | 'mobile' }) =>
    policyValue(server.sql, 'grace_seconds', 'live', where);
  await set('grace_seconds', 1);
  await set('grace_seconds', 2, { type: 'mobile' });
  await set('grace_seconds', 3, { country: 'DE' });
  await set('grace_seconds', 4, { country: 'de', type: 'mobile' });
  expect(await value({ country: 'DE', type: 'mobile' })).toBe(4);
  expect(await value({ country: 'DE', type: 'local' })).toBe(3);
  expect(await value({ country: 'DE' })).toBe(3);
  expect(await value({ country: 'FR', type: 'mobile' })).toBe(2);
  expect(await value({ type: 'mobile' })).toBe(2);
  expect(await value({ country: 'FR', type: 'local' })).toBe(1);
  expect(await value({})).toBe(1);
  expect(await policyValue(server.sql, 'grace_seconds', 'test')).toBe(policies.grace_seconds.standard.test);
});

test('a cleared override gives way to the next general value', async () => {
  await set('cancel_seconds', 100, { country: 'DE' });
  await set('cancel_seconds', 200, { country: 'DE', type: 'mobile' });
  const cleared = await clear('cancel_seconds', { country: 'DE', type: 'mobile' });
  expect(cleared.value).toBe(200);
  const scope = { country: 'DE', type: 'mobile' } as const;
  expect(await policyValue(server.sql, 'cancel_seconds', 'live', scope)).toBe(100);
});

test('a policy whose row has gone has its standard value', async () => {
  await server.sql`delete from policy where name = 'registration_seconds'`;
  expect(await policyValue(server.sql, 'registration_seconds', 'live')).toBe(30 * 86_400);
  const listed = await listPolicies({ ctx: server.operator() });
  const values = listed.find(({ name }) => name === 'registration_seconds')?.values;
  expect(values?.map(({ value }) => value)).toEqual([30 * 86_400, 30 * 86_400]);
  await set('registration_seconds', 60, { country: 'DE' });
  expect(await policyValue(server.sql, 'registration_seconds', 'live')).toBe(30 * 86_400);
});

const refused: [string, () => Promise<unknown>, object][] = [
  [
    'a value above the maximum',
    () => set('reservation_seconds', 30 * 86_400 + 1),
    { code: 'invalid_input', field: 'value' },
  ],
  [
    'a value below the minimum',
    () => set('reservation_seconds', 59),
    { code: 'invalid_input', field: 'value' },
  ],
  ['a fraction', () => set('reservations_per_account', 1.5), { code: 'invalid_input', field: 'value' }],
  [
    'a country where the policy is the same everywhere',
    () => set('reservations_per_account', 5, { country: 'US' }),
    { code: 'invalid_input', field: 'country' },
  ],
  [
    'a type where the policy is the same for all types',
    () => set('address_auto_verify', 1, { country: 'US', type: 'local' }),
    { code: 'invalid_input', field: 'type' },
  ],
  [
    'a country that does not exist',
    () => set('grace_seconds', 5, { country: 'ZZ' }),
    { code: 'not_found', kind: 'country' },
  ],
  ['a policy that does not exist', () => set('grace', 5), { code: 'not_found', kind: 'policy' }],
  ['a name that every object has', () => set('constructor', 5), { code: 'not_found', kind: 'policy' }],
  ['clearing a general value', () => clear('grace_seconds', {}), { code: 'invalid_input', field: 'country' }],
  [
    'clearing what is not there',
    () => clear('grace_seconds', { country: 'IT' }),
    { code: 'not_found', kind: 'policy' },
  ],
];

test.each(refused)('refused: %s', async (_what, act, expected) => {
  const failure = await act().then(
    () => ({}),
    (error: unknown) => error,
  );
  const { code, ...details } = expected as { code: string };
  expect(failure).toMatchObject({ code, details });
});

test('a tenant can neither see nor set policies', async () => {
  const ctx = asTenant(await server.createTenant());
  const input = { name: 'grace_seconds', environment: 'live', value: 5, country: 'DE' } as const;
  await expect(setPolicy({ ctx, input })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(clearPolicy({ ctx, input })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(listPolicies({ ctx })).rejects.toMatchObject({ code: 'forbidden' });
});

test('every change leaves an audit row with the value before and after', async () => {
  await set('quarantine_seconds', 10, { country: 'US' });
  await set('quarantine_seconds', 20, { country: 'US' });
  await clear('quarantine_seconds', { country: 'US' });
  const rows = await server.sql<{ action: string; details: unknown; found: boolean }[]>`
    select a.action, a.details, exists (select 1 from policy p where p.id = a.subject_id) as found
    from audit_entry a where subject_kind = 'policy' and details ->> 'name' = 'quarantine_seconds' order by id`;
  const where = { name: 'quarantine_seconds', country: 'US', type: null };
  expect(rows).toEqual([
    { action: 'policy.set', details: { ...where, value: 10, before: null }, found: true },
    { action: 'policy.set', details: { ...where, value: 20, before: 10 }, found: true },
    { action: 'policy.clear', details: { ...where, before: 20 }, found: true },
  ]);
});

test('a reservation is as long as the policy of its number’s country says, and so is its extension', async () => {
  const tenant = await server.createTenant();
  await set('reservation_seconds', 120, { country: 'GB' });
  const british = await reserve(tenant, '+447700900001');
  const american = await reserve(tenant, '+12135551000');
  expect(secondsUntil(british.expiresAt)).toBe(120);
  expect(secondsUntil(american.expiresAt)).toBe(3600);
  server.clock.advance(60);
  const { reservationId } = british;
  const extended = await extendReservation({ ctx: asTenant(tenant), input: { reservationId } });
  expect(secondsUntil(extended.expiresAt)).toBe(120);
});

test('a change holds from then on; a hold granted before keeps its time', async () => {
  const tenant = await server.createTenant();
  const before = await reserve(tenant, '+12135551001');
  await set('reservation_seconds', 600);
  const after = await reserve(tenant, '+12135551002');
  expect(secondsUntil(after.expiresAt)).toBe(600);
  const [kept] = await server.sql<{ expiresAt: Date }[]>`
    select expires_at as "expiresAt" from reservation where id = ${before.reservationId}`;
  expect(kept?.expiresAt.toISOString()).toBe(before.expiresAt);
});

test('the limit of reservations holds at once', async () => {
  const tenant = await server.createTenant();
  await set('reservations_per_account', 0);
  await expect(reserve(tenant, '+12135551003')).rejects.toMatchObject({
    code: 'reservation_limit_reached',
    details: { limit: 0 },
  });
  await set('reservations_per_account', 50);
});

test('a reclaim window is as long as the policy of country and type says', async () => {
  const tenant = await server.createTenant();
  await set('reclaim_seconds', 1000, { country: 'US', type: 'local' });
  const ctx = asTenant(tenant);
  const lines = [{ numberId: idOf('+12135551003') }];
  const order = await buyNumbers({
    ctx,
    input: { lines, mode: 'all_or_nothing', unmetRequirements: 'await' },
  });
  const [line] = order.results;
  const rentalId = line?.ok ? line.rentalId : 0;
  const released = await releaseNumber({
    ctx,
    input: { rentalId, leaves: 'after_window', again: 'refuse' },
  });
  expect(secondsUntil(released.reclaimUntil)).toBe(1000);
});

test('a repeated change with the same key is made once, and the books stay in order', async () => {
  const ctx = { ...server.operator(), idempotency: { key: 'set-once', requestHash: Buffer.from('one') } };
  const input = {
    name: 'cool_off_seconds' satisfies PolicyName,
    environment: 'live',
    country: 'US',
    value: 5,
  } as const;
  expect(await setPolicy({ ctx, input })).toEqual(await setPolicy({ ctx, input }));
  await clear('cool_off_seconds', { country: 'US' });
  const [count] = await server.sql`
    select count(*)::int as count from audit_entry where details ->> 'name' = 'cool_off_seconds' and action = 'policy.set'`;
  expect(count).toEqual({ count: 1 });
  const { checks } = await verifyBooks({ ctx: server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
