import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './contract.js';
import { makeAgent, Office } from './office.js';
import type { Tenant } from './office.js';

let office: Office;
let tenant: Tenant;

beforeAll(async () => {
  office = await Office.open();
  tenant = await office.tenant();
});

afterAll(() => office.close());

describe('an agent', () => {
  it('is made with a name, a language and a voice', async () => {
    const body = { name: 'Front Desk', language: 'nl', voice: 'alloy' };
    const agent = expectAnswer(await tenant.client.post('/agents', body), 'agent', 201);
    expect(agent).toMatchObject(body);
    expectAnswer(await tenant.client.get(`/agents/${agent.id}`), 'agent');
  });

  it('may have the same name as another, in any script', async () => {
    const name = "Rezeption “Süd” 漢字 😀 O'Neill";
    const [one, two] = [await makeAgent(tenant, name), await makeAgent(tenant, name)];
    expect([one.name, two.name]).toEqual([name, name]);
    expect(one.id).not.toBe(two.id);
    expect(one.public_id).not.toBe(two.public_id);
  });

  it('is found by its numeric and by its public id', async () => {
    const agent = await makeAgent(tenant);
    for (const id of [agent.id, agent.public_id]) {
      expect(expectAnswer(await tenant.client.get(`/agents/${id}`), 'agent')).toMatchObject({
        id: agent.id,
        public_id: agent.public_id,
        name: agent.name,
      });
    }
  });

  it('is renamed by either id, and keeps what is not named', async () => {
    const made = await tenant.client.post('/agents', { name: 'Desk', language: 'nl', voice: 'alloy' });
    const agent = expectAnswer(made, 'agent', 201);
    for (const [id, name] of [
      [agent.id, 'First'],
      [agent.public_id, 'Second'],
    ]) {
      const answer = expectAnswer(await tenant.client.patch(`/agents/${id}`, { name }), 'agent');
      expect(answer).toMatchObject({ id: agent.id, public_id: agent.public_id, name });
      expect(answer).toMatchObject({ language: 'nl', voice: 'alloy' });
      expect(expectAnswer(await tenant.client.get(`/agents/${agent.id}`), 'agent').name).toBe(name);
    }
  });

  it('is gone once it is deleted, by either id', async () => {
    const agents = [await makeAgent(tenant), await makeAgent(tenant)] as const;
    for (const [agent, id] of [
      [agents[0], agents[0].id],
      [agents[1], agents[1].public_id],
    ] as const) {
      expect([200, 204]).toContain((await tenant.client.delete(`/agents/${id}`)).status);
      for (const form of [agent.id, agent.public_id]) {
        expectError(await tenant.client.get(`/agents/${form}`), 'NOT_FOUND');
        expectError(await tenant.client.patch(`/agents/${form}`, { name: 'Ghost' }), 'NOT_FOUND');
        expectError(await tenant.client.delete(`/agents/${form}`), 'NOT_FOUND');
      }
    }
    const left = expectAnswer(await tenant.client.get('/agents?limit=100'), 'agents').agents;
    for (const { id } of agents) expect(left.map((agent) => agent.id)).not.toContain(id);
  });

  it.each(['0', '-1', '1.5', 'abc', 'agent_', 'agent_0000', '999999999', '99999999999999999999999', '%00'])(
    'is not found as %s',
    async (odd) => {
      expectError(await tenant.client.get(`/agents/${odd}`), 'NOT_FOUND');
      expectError(await tenant.client.patch(`/agents/${odd}`, { name: 'Ghost' }), 'NOT_FOUND');
      expectError(await tenant.client.delete(`/agents/${odd}`), 'NOT_FOUND');
    },
  );

  it.each([undefined, null, '', '   ', 7, true, ['Desk'], { en: 'Desk' }, 'De\u0000sk'])(
    'may not be called %j',
    async (name) => {
      expectError(await tenant.client.post('/agents', { name }), 'VALIDATION_ERROR', 'name');
      if (name === undefined) return;
      const agent = await makeAgent(tenant);
      const answer = await tenant.client.patch(`/agents/${agent.id}`, { name });
      expectError(answer, 'VALIDATION_ERROR', 'name');
      expect(expectAnswer(await tenant.client.get(`/agents/${agent.id}`), 'agent').name).toBe(agent.name);
    },
  );

  it.each(['language', 'voice'])('may not have a %s that is no text', async (field) => {
    for (const value of [7, true, ['nl'], { code: 'nl' }]) {
      const answer = await tenant.client.post('/agents', { name: 'Desk', [field]: value });
      expectError(answer, 'VALIDATION_ERROR', field);
    }
  });

  it.each([undefined, '{', '[]', 'null', '"Desk"', '1'])('is not made of a body of %s', async (body) => {
    expectError(await tenant.client.post('/agents', body), 'VALIDATION_ERROR');
  });
});

describe('the list of agents', () => {
  it('has 20 on a page, newest first, and ends with null', async () => {
    const lister = await office.tenant();
    const empty = expectAnswer(await lister.client.get('/agents'), 'agents');
    expect(empty).toEqual({ agents: [], next_cursor: null });
    const ids: number[] = [];
    for (let i = 0; i < 21; i++) ids.unshift((await makeAgent(lister, `Desk ${i}`)).id);
    const first = expectAnswer(await lister.client.get('/agents'), 'agents');
    expect(first.agents.map(({ id }) => id)).toEqual(ids.slice(0, 20));
    const rest = await lister.client.get(`/agents?after=${String(first.next_cursor)}`);
    const last = expectAnswer(rest, 'agents');
    expect(last.agents.map(({ id }) => id)).toEqual(ids.slice(20));
    expect(last.next_cursor).toBeNull();
    const whole = expectAnswer(await lister.client.get('/agents?limit=21'), 'agents');
    expect(whole.next_cursor).toBeNull();
    expect(whole.agents).toHaveLength(21);
    const shown = await lister.client.get(`/agents/${String(ids[0])}`);
    expect(whole.agents[0]).toEqual(shown.body);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['after=%00', 'after'],
    ['after=x!', 'after'],
  ])('refuses %s', async (query, field) => {
    expectError(await tenant.client.get(`/agents?${query}`), 'VALIDATION_ERROR', field);
  });
});

describe('the credits', () => {
  it('are the balance in euros, and a pay-as-you-go account’s limits', async () => {
    const asker = await office.tenant({ balances: { USD: 100, EUR: 3_750 } });
    const answer = expectAnswer(await asker.client.get('/credits'), 'credits');
    expect(answer).toMatchObject({
      balance: 37.5,
      tier: 'payg',
      is_paused: false,
      concurrent_limit: 10,
      credits_expire_at: null,
    });
  });

  it.each([
    [0, true],
    [1, false],
    [499, false],
    [29, false],
    [123_456_789, false],
  ])('of %d cents are exact, and pause at zero', async (minor, is_paused) => {
    const { client } = await office.tenant({ balances: { EUR: minor } });
    const answer = expectAnswer(await client.get('/credits'), 'credits');
    expect(answer).toMatchObject({ balance: minor / 100, is_paused });
  });

  it('are nothing in an account without euros', async () => {
    const { client } = await office.tenant({ balances: { USD: 10_000 } });
    const answer = await client.get('/credits');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ balance: 0, is_paused: true });
  });

  it('pause with the purchase that takes the last of them, and go on after a top-up', async () => {
    const spender = await office.settled({ balances: { EUR: 500 } });
    await office.owned(spender);
    const paused = expectAnswer(await spender.client.get('/credits'), 'credits');
    expect(paused).toMatchObject({ balance: 0, is_paused: true });
    await office.topUp(spender, 100);
    const again = expectAnswer(await spender.client.get('/credits'), 'credits');
    expect(again).toMatchObject({ balance: 1, is_paused: false });
  });
});
