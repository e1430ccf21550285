import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockAccount, createKey, revokeKey } from '../../../src/core/accounts/index.js';
import { expectAnswer, expectError } from './client.js';
import type { Call, Client } from './client.js';
import { didTypesAnswer, infoAnswer } from './contract.js';
import {
  Exchange,
  buy,
  losAngelesGroup,
  paths,
  reservations,
  reserve,
  uuidOfNobody,
  virtualNumber,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let tenant: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  tenant = await exchange.tenant({ name: 'Example Ltd' });
});

afterAll(() => exchange.close());

const json = { 'Content-Type': 'application/json' };
const reading: readonly Call[] = [
  { method: 'GET', path: `${paths.regions}?country=US` },
  { method: 'GET', path: `${paths.cities}?country=DE` },
  { method: 'GET', path: paths.didTypes },
  { method: 'GET', path: `${paths.requirements}?country=DE` },
  { method: 'GET', path: `${paths.groups}?country=DE` },
  { method: 'GET', path: `${paths.available}?group_id=${losAngelesGroup}` },
  { method: 'GET', path: paths.reservations },
  { method: 'GET', path: paths.virtualNumbers },
  { method: 'GET', path: paths.info },
];
const writing: readonly Call[] = [
  { method: 'POST', path: paths.reservations, headers: json, body: '{"group_id":"abc-123"}' },
  { method: 'POST', path: paths.purchase, headers: json, body: '{"group_id":"abc-123"}' },
  { method: 'DELETE', path: `${paths.reservations}/${uuidOfNobody}` },
  { method: 'DELETE', path: `${paths.virtualNumbers}/DID${uuidOfNobody}` },
];
/** Calls that would be refused for another reason if they were let in. */
const faulty: readonly Call[] = [
  { method: 'GET', path: paths.regions },
  { method: 'GET', path: `${paths.cities}?country=nowhere` },
  { method: 'GET', path: `${paths.groups}?country=US` },
  { method: 'GET', path: `${paths.available}?group_id=grp-none` },
  { method: 'POST', path: paths.purchase, headers: json, body: '{' },
  { method: 'POST', path: paths.reservations, headers: json, body: '{"group_id":7}' },
  { method: 'DELETE', path: `${paths.virtualNumbers}/x` },
];
const everywhere = [...reading, ...writing, ...faulty];

async function expectRefused(client: Client, calls: readonly Call[], status: number): Promise<void> {
  for (const call of calls) {
    const answer = await client.send(call);
    expect(`${call.method} ${call.path} ${answer.status}`).toBe(`${call.method} ${call.path} ${status}`);
    expectError(answer, status);
  }
}

describe('a call', () => {
  it('without a key is unauthorized on every route, before its parameters are looked at', async () => {
    await expectRefused(exchange.client(), everywhere, 401);
  });

  it('with an unknown key is unauthorized on every route', async () => {
    await expectRefused(exchange.client('no-such-key'), everywhere, 401);
  });

  it.each(['', ' ', 'x'.repeat(5000), "' or 1=1 --", '%00', '{}', 'null', 'Ã¼'])(
    'with the absurd key %j is unauthorized',
    async (key) => {
      expectError(await exchange.client(key).get(paths.didTypes), 401);
    },
  );

  it('with a key that differs by a character is unauthorized', async () => {
    const { apiKey } = tenant;
    const changed = apiKey.slice(0, -1) + (apiKey.endsWith('a') ? 'b' : 'a');
    for (const key of [changed, `${apiKey}x`, apiKey.slice(0, -1), apiKey.toUpperCase()]) {
      expectError(await exchange.client(key).get(paths.didTypes), 401);
    }
  });

  it('with more than the key in its header is unauthorized', async () => {
    expectError(await exchange.client(`Bearer ${tenant.apiKey}`).get(paths.didTypes), 401);
  });

  it('with the key in the Authorization header or the query is unauthorized', async () => {
    const anonymous = exchange.client();
    const headers = { Authorization: `Bearer ${tenant.apiKey}` };
    expectError(await anonymous.send({ method: 'GET', path: paths.didTypes, headers }), 401);
    expectError(await anonymous.get(paths.didTypes, { 'X-User-API-Key': tenant.apiKey }), 401);
  });

  it.each(['x-user-api-key', 'X-USER-API-KEY', 'X-User-Api-Key'])(
    'is let in by the header %s',
    async (header) => {
      const headers = { [header]: tenant.apiKey };
      const answer = await exchange.client().send({ method: 'GET', path: paths.didTypes, headers });
      expectAnswer(answer, 200, didTypesAnswer);
    },
  );

  it('with a good key is let in on every reading route', async () => {
    for (const call of reading) expect((await tenant.client.send(call)).status, call.path).toBe(200);
  });
});

describe('a key', () => {
  it('that is revoked stops working at once, another of the account goes on', async () => {
    const ctx = exchange.server.operator();
    const input = { account: tenant.account, scope: 'full' as const };
    const { id, apiKey } = await createKey({ ctx, input });
    const client = exchange.client(apiKey);
    expectAnswer(await client.get(paths.didTypes), 200, didTypesAnswer);
    await revokeKey({ ctx, input: { keyId: id } });
    await expectRefused(client, everywhere, 401);
    expectAnswer(await tenant.client.get(paths.didTypes), 200, didTypesAnswer);
  });

  it('that may only read reads everything and is forbidden to write', async () => {
    const full = await exchange.tenant();
    const ctx = exchange.server.operator();
    const { apiKey } = await createKey({ ctx, input: { account: full.account, scope: 'read' } });
    const reader = exchange.client(apiKey);
    const [held = '', owned = '', free = ''] = await exchange.stock('losAngeles', 3);
    const { uuid } = await reserve(full.client, { group_id: losAngelesGroup, number: held });
    await buy(full.client, { number: owned });
    for (const call of reading) expect((await reader.send(call)).status, call.path).toBe(200);
    const balance = await exchange.balanceOf(full);
    const row = await virtualNumber(full.client, owned);
    expectError(await reader.post(paths.purchase, {}), 403);
    expectError(await reader.post(paths.purchase, { number: free }), 403);
    expectError(await reader.delete(`${paths.reservations}/${uuid}`), 403);
    expectError(await reader.delete(`${paths.virtualNumbers}/${row.uuid}`), 403);
    expect(await reservations(full.client)).toHaveLength(1);
    expect(await virtualNumber(full.client, owned)).toEqual(row);
    expect(await exchange.balanceOf(full)).toBe(balance);
  });

  it('that may only read is forbidden to write before anything is looked up', async () => {
    const ctx = exchange.server.operator();
    const { apiKey } = await createKey({ ctx, input: { account: tenant.account, scope: 'read' } });
    await expectRefused(exchange.client(apiKey), writing, 403);
  });

  it('of the operator, which has no account, opens nothing here', async () => {
    const operator = exchange.client(await exchange.server.createAdminKey());
    for (const call of [...reading, ...writing]) expectError(await operator.send(call), 401, 403);
  });
});

describe('a blocked account', () => {
  it('is forbidden everywhere until it is unblocked', async () => {
    const blocked = await exchange.tenant();
    const number = await exchange.stockOne('losAngeles');
    await reserve(blocked.client, { group_id: losAngelesGroup, number });
    const ctx = exchange.server.operator();
    await blockAccount({ ctx, input: { account: blocked.account.publicId, blocked: true } });
    await expectRefused(blocked.client, [...reading, ...writing], 403);
    expectError(await blocked.client.post(paths.purchase, {}), 403);
    expect(await exchange.balanceOf(blocked)).toBe(10_000);
    await blockAccount({ ctx, input: { account: blocked.account.publicId, blocked: false } });
    expect(await buy(blocked.client, {})).toEqual([number]);
  });
});

describe('the account’s info', () => {
  it('names the account, its limits and its usage', async () => {
    const answer = expectAnswer(await tenant.client.get(paths.info), 200, infoAnswer);
    expect(answer.account).toEqual({
      name: `Example Ltd (${answer.account.uuid})`,
      uuid: answer.account.uuid,
      on_trial: false,
      blocked: false,
      created_at: '2026-03-04T09:30:00Z',
      expires_at: answer.account.expires_at,
    });
    expect(Date.parse(answer.account.expires_at)).toBeGreaterThan(exchange.server.clock.now().getTime());
    expect(answer.limits.requests_per_minute).toBe(80);
  });

  it('never shows more requests used than there may be', async () => {
    await tenant.client.get(paths.didTypes);
    const answer = expectAnswer(await tenant.client.get(paths.info), 200, infoAnswer);
    expect(answer.usage.max_api_request_count).toBeGreaterThanOrEqual(answer.usage.api_request_count);
  });

  it('is the same account under each of its keys, another under another’s', async () => {
    const ctx = exchange.server.operator();
    const { apiKey } = await createKey({ ctx, input: { account: tenant.account, scope: 'full' } });
    const uuidOf = async (client: Client): Promise<string> =>
      expectAnswer(await client.get(paths.info), 200, infoAnswer).account.uuid;
    expect(await uuidOf(exchange.client(apiKey))).toBe(await uuidOf(tenant.client));
    expect(await uuidOf((await exchange.tenant()).client)).not.toBe(await uuidOf(tenant.client));
  });

  it('is served below /open only', async () => {
    expect((await tenant.client.get('/info')).status).toBe(404);
    expect((await tenant.client.get('/ping')).status).toBe(404);
  });
});
