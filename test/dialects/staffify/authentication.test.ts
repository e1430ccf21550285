import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockAccount } from '../../../src/core/accounts/index.js';
import { at } from '../../support/request.js';
import { expectAnswer, expectAnyError, expectEmpty, expectError } from './contract.js';
import { allNumbersOf, balanceOf, makeAgent, numberOf, Office } from './office.js';
import type { Settled } from './office.js';
import { pathOf, reads, routes, titled, writes } from './routes.js';

const unknownDigits = '0123456789abcdef'.repeat(3);
let office: Office;
let owner: Settled;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled();
});

afterAll(() => office.close());

describe('a key', () => {
  it.each(titled(routes))('is asked for by %s before anything else', async (_title, route) => {
    const body = route.verb === 'POST' ? '{' : undefined;
    const answer = await office.client().send(route.verb, `${pathOf(route)}?limit=x`, body);
    expectError(answer, 'MISSING_API_KEY');
  });

  it.each(titled(routes))('that nobody has is refused by %s', async (_title, route) => {
    const stranger = office.client(`sfy_live_${unknownDigits}`);
    expectError(await stranger.send(route.verb, pathOf(route), route.body), 'INVALID_API_KEY');
  });

  it.each(['authorization', 'Authorization', 'AUTHORIZATION'])('may come as a bearer in %s', async (name) => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { [name]: `${scheme} ${owner.apiKey}` };
      expectAnswer(await office.client().get('/credits', headers), 'credits');
    }
  });

  it.each(['x-api-key', 'X-Api-Key', 'X-API-KEY'])('may come in %s', async (name) => {
    expectAnswer(await office.client().get('/credits', { [name]: owner.apiKey }), 'credits');
  });

  it('may be spelled with the vendor’s prefix', async () => {
    const alias = owner.apiKey.replace(/^nx_live_/, 'sfy_live_');
    expect(alias).toMatch(/^sfy_live_[0-9a-f]{48}$/);
    expectAnswer(await office.client(alias).get('/credits'), 'credits');
    expectAnswer(await office.client().get('/credits', { 'x-api-key': alias }), 'credits');
    expectAnswer(await office.client(alias).get(`/addresses/${owner.addressId}`), 'address');
  });

  it('of the test environment works as well', async () => {
    const { client } = await office.tenant({ environment: 'test' });
    expectAnswer(await client.get('/credits'), 'credits');
  });

  it('in Authorization wins over one in X-Api-Key', async () => {
    const good = await owner.client.get('/credits', { 'x-api-key': `sfy_live_${unknownDigits}` });
    expectAnswer(good, 'credits');
    const bad = office.client(`sfy_live_${unknownDigits}`);
    expectError(await bad.get('/credits', { 'x-api-key': owner.apiKey }), 'INVALID_API_KEY');
  });

  it.each([
    ['another vendor’s prefix', `sk_live_${unknownDigits}`],
    ['an organisation’s prefix and unknown digits', `sfy_org_${unknownDigits}`],
    ['no prefix', unknownDigits],
    ['only a prefix', 'sfy_live_'],
    ['the vendor’s placeholder', 'sfy_live_YOUR_KEY'],
    ['too few digits', `sfy_live_${unknownDigits.slice(1)}`],
    ['digits and more', `sfy_live_${unknownDigits}0`],
    ['a quote', `sfy_live_' or '1'='1`],
    ['very many letters', `sfy_live_${'a'.repeat(4_000)}`],
  ])('with %s is invalid', async (_what, key) => {
    expectError(await office.client(key).get('/credits'), 'INVALID_API_KEY');
    expectError(await office.client().get('/credits', { 'x-api-key': key }), 'INVALID_API_KEY');
  });

  it.each(['Basic dTpw', 'Bearer', 'Bearer ', 'Token x'])('is not found in “%s”', async (authorization) => {
    const answer = await office.client().get('/credits', { authorization });
    expect(answer.status).toBe(401);
    expectAnyError(answer);
    expect(['MISSING_API_KEY', 'INVALID_API_KEY']).toContain(at(answer.body, 'code'));
  });

  it('stops at once when it is revoked', async () => {
    const leaver = await office.tenant();
    expectAnswer(await leaver.client.get('/credits'), 'credits');
    await office.server.sql`
      update api_key set revoked_at = ${office.server.clock.now()} where account_id = ${leaver.account.id}`;
    expectError(await leaver.client.get('/credits'), 'INVALID_API_KEY');
  });

  it('may fail as often as it likes where limits are off', async () => {
    const stranger = office.client(`sfy_live_${unknownDigits}`);
    const answers = await Promise.all(Array.from({ length: 120 }, () => stranger.get('/credits')));
    for (const answer of answers) expectError(answer, 'INVALID_API_KEY');
  });

  it('is refused when its account is blocked', async () => {
    const { client, account } = await office.tenant();
    await blockAccount({
      ctx: office.server.operator(),
      input: { account: account.publicId, blocked: true },
    });
    expectError(await client.get('/credits'), 'FORBIDDEN');
    expectError(await client.post('/agents', { name: 'Night Desk' }), 'FORBIDDEN');
  });

  it.each(titled(routes))('of the operator is refused by %s', async (_title, route) => {
    const operator = office.client(office.adminKey);
    const answer = await operator.send(route.verb, `${pathOf(route)}${route.query ?? ''}`, route.body);
    expectError(answer, 'FORBIDDEN');
  });

  it('needs no project, and ignores the one it is given', async () => {
    const headers = { 'x-project-id': 'proj_nothing' };
    const answer = await owner.client.get(`/addresses/${owner.addressId}`, headers);
    expect(expectAnswer(answer, 'address').id).toBe(owner.addressId);
  });
});

describe('a key that may only read', () => {
  it.each(titled(writes))('is refused by %s, and nothing happens', async (_title, route) => {
    const tenant = await office.settled();
    const [number, agent] = [await office.owned(tenant), await makeAgent(tenant)];
    const draft = await office.address(tenant, 'draft');
    const reader = await office.readerOf(tenant);
    const before = [await balanceOf(tenant), await allNumbersOf(tenant)];
    const path = pathOf(route, { number, agent: agent.id, address: draft });
    expectError(await reader.send(route.verb, path, route.body), 'READ_ONLY_KEY');
    expect([await balanceOf(tenant), await allNumbersOf(tenant)]).toEqual(before);
    expect(expectAnswer(await tenant.client.get(`/agents/${agent.id}`), 'agent').name).toBe(agent.name);
    const address = expectAnswer(await tenant.client.get(`/addresses/${draft}`), 'address');
    expect(address.status).toBe('draft');
    const agents = expectAnswer(await tenant.client.get('/agents'), 'agents').agents;
    expect(agents).toHaveLength(1);
  });

  it.each(titled(writes))('is refused by %s before its body is looked at', async (_title, route) => {
    const { client } = await office.tenant({ scope: 'read' });
    expectError(await client.send(route.verb, pathOf(route), route.body && '{'), 'READ_ONLY_KEY');
  });

  it.each(titled(reads))('is served by %s', async (_title, route) => {
    const number = await office.owned(owner);
    const agent = await makeAgent(owner);
    const reader = await office.readerOf(owner);
    const path = pathOf(route, { number, agent: agent.id, address: owner.addressId });
    const answer = await reader.get(`${path}${route.query ?? ''}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await office.topUp(owner, 500);
  });
});

describe('a paused account', () => {
  interface Paused {
    readonly tenant: Settled;
    readonly assigned: number;
    readonly free: number;
    readonly agent: number;
    readonly draft: number;
  }
  let paused: Paused;

  beforeAll(async () => {
    const tenant = await office.settled({ balances: { EUR: 1_000 } });
    const draft = await office.address(tenant, 'draft');
    const agent = (await makeAgent(tenant)).id;
    const assigned = await office.owned(tenant);
    expectAnswer(await tenant.client.assign(assigned, agent), 'assigned');
    paused = { tenant, assigned, free: await office.owned(tenant), agent, draft };
    expect(await balanceOf(tenant)).toBe(0);
  });

  it('is refused what it might write', async () => {
    const { tenant, assigned, free, agent, draft } = paused;
    const { client } = tenant;
    const before = await allNumbersOf(tenant);
    const stocked = await office.stockOne('losAngeles');
    const bodyOf = new Map<string, unknown>([
      ['POST /phone-numbers', { phone_number: stocked }],
      ['PUT /phone-numbers/:number/assign', { agent_id: agent }],
    ]);
    const allowed = [
      'DELETE /phone-numbers/:number/assign',
      'DELETE /phone-numbers/:number',
      'POST /phone-numbers/:number/reclaim',
      // It asks for news and changes nothing of the caller's, so the contract does not settle it.
      'POST /addresses/:address/check-status',
    ];
    for (const [title, route] of titled(writes)) {
      if (allowed.includes(title)) continue;
      const path = pathOf(route, { number: free, agent, address: draft });
      const answer = await client.send(route.verb, path, bodyOf.get(title) ?? route.body);
      expectError(answer, 'INSUFFICIENT_CREDITS');
    }
    expect(await allNumbersOf(tenant)).toEqual(before);
    expect(expectAnswer(await client.get(`/addresses/${draft}`), 'address').status).toBe('draft');
    expect((await numberOf(tenant, assigned)).agent_id).toBe(agent);
  });

  it.each(titled(reads))('reads %s', async (_title, route) => {
    const { tenant, free, agent, draft } = paused;
    const path = pathOf(route, { number: free, agent, address: draft });
    const answer = await tenant.client.get(`${path}${route.query ?? ''}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  });

  it('may unassign, release, and reclaim while no cycle is due', async () => {
    const { client } = paused.tenant;
    expectEmpty(await client.unassign(paused.assigned));
    expectAnswer(await client.release(paused.assigned), 'released');
    expectAnswer(await client.reclaim(paused.assigned), 'reclaimed');
    expect(await balanceOf(paused.tenant)).toBe(0);
  });

  it('is one at zero, and works again once it has money', async () => {
    const empty = await office.tenant({ balances: { EUR: 0 } });
    expectError(await empty.client.post('/agents', { name: 'Desk' }), 'INSUFFICIENT_CREDITS');
    await office.topUp(empty, 1);
    expectAnswer(await empty.client.post('/agents', { name: 'Desk' }), 'agent', 201);
  });

  it('without a wallet in euros buys nothing here, but can route what it has', async () => {
    const tenant = await office.tenant({ balances: { USD: 10_000 } });
    const agent = expectAnswer(await tenant.client.post('/agents', { name: 'Desk' }), 'agent', 201);
    expect(agent.name).toBe('Desk');
    expect(expectAnswer(await tenant.client.get('/credits'), 'credits').is_paused).toBe(true);
  });
});
