import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './contract.js';
import type { Agent } from './contract.js';
import { allNumbersOf, assignedAgent, balanceOf, makeAgent, numberOf, Office } from './office.js';
import type { Settled } from './office.js';
import { pathOf, routes, titled } from './routes.js';

interface Household extends Settled {
  /** Active, with the agent. */
  readonly assigned: number;
  /** Active, without one. */
  readonly free: number;
  /** Waiting for release. */
  readonly released: number;
  readonly agent: Agent;
  readonly draft: number;
}

let office: Office;
let victim: Household;
let stranger: Settled;

async function household(): Promise<Household> {
  const tenant = await office.settled();
  const [assigned = 0, free = 0] = await office.ownedMany(tenant, 2);
  return {
    ...tenant,
    assigned,
    free,
    released: await office.released(tenant),
    agent: await assignedAgent(tenant, assigned),
    draft: await office.address(tenant, 'draft'),
  };
}

/** Everything of an account that its owner can see. */
async function everythingOf(tenant: Settled): Promise<unknown[]> {
  const { client } = tenant;
  return [
    await balanceOf(tenant),
    await allNumbersOf(tenant),
    expectAnswer(await client.get('/agents?limit=100'), 'agents'),
    expectAnswer(await client.get('/addresses?limit=100'), 'addresses'),
  ];
}

beforeAll(async () => {
  office = await Office.open();
  victim = await household();
});

beforeEach(async () => {
  stranger = await office.settled();
});

afterAll(() => office.close());

const withIds = routes.filter(({ path }) => /:(number|agent|address)/.test(path));

describe('another account’s things', () => {
  it.each(titled(withIds))('are not there for %s, and stay as they are', async (_title, route) => {
    const own = await makeAgent(stranger);
    const body = route.path.endsWith('/assign') ? { agent_id: own.id } : route.body;
    const before = await everythingOf(victim);
    for (const number of [victim.free, victim.assigned, victim.released]) {
      for (const agent of [victim.agent.id, victim.agent.public_id]) {
        for (const address of [victim.addressId, victim.draft]) {
          const path = pathOf(route, { number, agent, address });
          const sent = route.verb === 'GET' || route.verb === 'DELETE' ? undefined : body;
          expectError(await stranger.client.send(route.verb, path, sent), 'NOT_FOUND');
        }
      }
    }
    expect(await everythingOf(victim)).toEqual(before);
  });

  it('are in none of its lists', async () => {
    const [balance, ...lists] = await everythingOf(stranger);
    expect(balance).toBe(50);
    expect(lists).toMatchObject([
      [],
      { agents: [], next_cursor: null },
      { addresses: [{ id: stranger.addressId }], next_cursor: null },
    ]);
    for (const after of [victim.released + 1, victim.assigned + 1]) {
      const answer = await stranger.client.list(`?after=${after}`);
      expect(expectAnswer(answer, 'numbers').phone_numbers).toEqual([]);
    }
  });

  it('are refused in the same words as what never was', async () => {
    const words = async (path: string) =>
      JSON.stringify((await stranger.client.get(path)).body).replace(/\d+/g, 'ID');
    expect(await words(`/phone-numbers/${victim.free}`)).toBe(await words('/phone-numbers/987654321'));
    expect(await words(`/agents/${victim.agent.id}`)).toBe(await words('/agents/987654321'));
    expect(await words(`/addresses/${victim.draft}`)).toBe(await words('/addresses/987654321'));
  });

  it('cannot be bought, nor bought with', async () => {
    const { phone_number } = await numberOf(victim, victim.free);
    expectError(await stranger.client.buy({ phone_number }), 'CONFLICT');
    const dutch = { phone_number: await office.stockOne('amsterdam'), country_code: 'NL' };
    for (const address_id of [victim.addressId, victim.draft]) {
      expectError(await stranger.client.buy({ ...dutch, address_id }), 'NOT_FOUND');
    }
    expect(await balanceOf(stranger)).toBe(50);
    expect(await allNumbersOf(stranger)).toEqual([]);
  });

  it('are not reached from the other environment of the same number', async () => {
    const tester = await office.tenant({ environment: 'test' });
    for (const path of [`/phone-numbers/${victim.free}`, `/addresses/${victim.addressId}`]) {
      expectError(await tester.client.get(path), 'NOT_FOUND');
    }
    expectError(await tester.client.get(`/agents/${victim.agent.id}`), 'NOT_FOUND');
  });
});
