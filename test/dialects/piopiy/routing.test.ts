import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { setQuarantine } from '../../support/policies.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';
import { verifyBooks } from '../../../src/core/verify/index.js';
import { idOf, newClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';

let server: TestServer;
let client: Awaited<ReturnType<typeof newClient>>;
let nextLine = 1000;

beforeAll(async () => {
  server = await startTestServer();
  await setQuarantine(server, 0);
  client = await newClient(server, { balances: { USD: 1_000_000 } });
});

afterAll(() => server.close());

async function boughtNumber(): Promise<string> {
  const number = `+1213557${nextLine++}`;
  await server.addNumbers([number]);
  expect((await client.buy(number)).status).toBe(200);
  return number;
}

const makeAgent = (name = 'Front desk') => client.post('/ai-agents', { name, language: 'en-US' });
const route = (phone_number: unknown, agent_id: unknown, route_type: unknown = 'ai_agent') =>
  client.post('/phone-number-routing', { phone_number, agent_id, route_type });

/** What a number points at now, and how what it pointed at before has ended. */
async function assignmentsOf(number: string): Promise<{ agentId: number; ended: string | null }[]> {
  return server.sql<{ agentId: number; ended: string | null }[]>`
    select s.agent_id as "agentId", s.end_reason as ended
    from assignment s join rental r on r.id = s.rental_id
    where r.number_id = ${Number(number.slice(1))} order by s.id`;
}

describe('agents', () => {
  it('are made, listed and deleted', async () => {
    const owner = await newClient(server);
    expect((await owner.get('/ai-agents')).body).toEqual({ data: [] });
    const made = await owner.post('/ai-agents', { name: 'Front desk', language: 'en-US' });
    expectAnswer(made, 'agentMade');
    expect(String(at(made.body, 'agent_token'))).toMatch(/^\S{20,}$/);
    const second = await owner.post('/ai-agents', { name: 'Night desk' });
    expectAnswer(second, 'agentMade');
    const list = await owner.get('/ai-agents');
    expectAnswer(list, 'agents');
    expect(list.body).toEqual({
      data: [
        { id: idOf(made), name: 'Front desk', status: 'active' },
        { id: idOf(second), name: 'Night desk', status: 'active' },
      ],
    });
    const deleted = await owner.delete(`/ai-agents/${idOf(made)}`);
    expectAnswer(deleted, 'agentDeleted');
    expect(idOf(deleted)).toBe(idOf(made));
    expectError(await owner.delete(`/ai-agents/${idOf(made)}`), 404, 'not_found');
    expect(at((await owner.get('/ai-agents')).body, 'data.0.id')).toBe(idOf(second));
  });

  it('show their token once and keep only a digest of it', async () => {
    const keyed = () => client.post('/ai-agents', { name: 'Once' }, { 'idempotency-key': 'agent-once' });
    const first = await keyed();
    const token = String(at(first.body, 'agent_token'));
    const again = await keyed();
    expectAnswer(again, 'agentMade');
    expect(again.body).toEqual({ ...(first.body as object), agent_token: null });
    const [row] = await server.sql<{ kept: string }[]>`
      select (select string_agg(a::text, '') from agent a) || (select string_agg(i::text, '') from idempotency i)
        || (select string_agg(e::text, '') from audit_entry e) || (select string_agg(e::text, '') from event e) as kept`;
    expect(row?.kept).not.toContain(token);
    expect(row?.kept).not.toContain(token.slice(-48));
  });

  it.each([
    [{}],
    [{ name: null }],
    [{ name: '' }],
    [{ name: '   ' }],
    [{ name: 7 }],
    [{ name: 'x'.repeat(101) }],
    [{ name: 'a\u0000b' }],
    [{ name: 'half \ud800' }],
    [{ name: 'Desk', language: 5 }],
    [{ name: 'Desk', language: 'english, please' }],
    [{ name: 'Desk', language: '' }],
  ])('are not made of %j', async (body) => {
    expectError(await client.post('/ai-agents', body), 400, 'invalid_request');
  });

  it.each(['agent_zzzz', 'agent_', 'x', '%00', 'agent_zzzzzzzzzzzzzzzz', 'agent_1jz7fzo1jz7'])(
    '%s does not exist',
    async (id) => {
      expectError(await client.delete(`/ai-agents/${id}`), 404, 'not_found');
    },
  );
});

describe('routing', () => {
  it('connects a number to an agent, and to another one instead', async () => {
    const number = await boughtNumber();
    const [one, two] = [idOf(await makeAgent('One')), idOf(await makeAgent('Two'))];
    const answer = await route(number, one);
    expectAnswer(answer, 'routed');
    expect(answer.body).toEqual({
      phone_number: number,
      route_type: 'ai_agent',
      agent_id: one,
      status: 'connected',
    });
    expect((await route(number.slice(1), one)).body).toEqual(answer.body);
    expectAnswer(await route(number, two), 'routed');
    expect((await assignmentsOf(number)).map((row) => row.ended)).toEqual(['replaced', null]);
  });

  it('ends with the release of the number, which is remembered', async () => {
    const number = await boughtNumber();
    await route(number, idOf(await makeAgent()));
    await client.release(idOf(await client.buy(number)));
    expect((await assignmentsOf(number)).map((row) => row.ended)).toEqual(['released']);
    expect((await client.buy(number)).status).toBe(200);
    expect((await assignmentsOf(number)).map((row) => row.ended)).toEqual(['released']);
  });

  it('ends with the agent', async () => {
    const number = await boughtNumber();
    const agent = idOf(await makeAgent());
    await route(number, agent);
    await client.delete(`/ai-agents/${agent}`);
    expect((await assignmentsOf(number)).map((row) => row.ended)).toEqual(['target_deleted']);
    expectError(await route(number, agent), 404, 'not_found');
  });

  it('keeps one connection per number, however many ask at once', async () => {
    const number = await boughtNumber();
    const agents = await Promise.all(Array.from({ length: 5 }, () => makeAgent()));
    const answers = await Promise.all(agents.map((agent) => route(number, idOf(agent))));
    for (const answer of answers) expectAnswer(answer, 'routed');
    const rows = await assignmentsOf(number);
    expect(rows.filter((row) => row.ended === null)).toHaveLength(1);
    expect(rows).toHaveLength(5);
  });

  it('never connects a number to an agent that is being deleted', async () => {
    for (let round = 0; round < 5; round++) {
      const number = await boughtNumber();
      const agent = idOf(await makeAgent());
      const answers = await Promise.all([
        route(number, agent),
        client.delete(`/ai-agents/${agent}`),
        client.release(idOf(await client.buy(number))),
      ]);
      for (const answer of answers) expect([200, 404]).toContain(answer.status);
      expect((await assignmentsOf(number)).filter((row) => row.ended === null)).toEqual([]);
    }
  });

  it('is 400 for another kind of route and for what is missing or malformed', async () => {
    const number = await boughtNumber();
    const agent = idOf(await makeAgent());
    for (const type of ['AI_AGENT', 'sip', '', 7, null]) {
      expectError(await route(number, agent, type), 400, 'invalid_request');
    }
    for (const odd of [undefined, null, 12135551234, 'hello', '']) {
      expectError(await route(odd, agent), 400, 'invalid_request');
    }
    for (const odd of [undefined, null, 5]) {
      expectError(await route(number, odd), 400, 'invalid_request');
    }
  });

  it('is 404 for an unknown agent, an unknown number, and an id where the number belongs', async () => {
    const number = await boughtNumber();
    const agent = idOf(await makeAgent());
    for (const odd of ['agent_zzzz', 'x', '']) expectError(await route(number, odd), 404, 'not_found');
    expectError(await route('+12135999999', agent), 404, 'not_found');
    expectError(await route(idOf(await client.buy(number)), agent), 400, 'invalid_request');
  });
});

describe('another tenant', () => {
  it('sees, connects and deletes nothing of this one', async () => {
    const stranger = await newClient(server);
    const number = await boughtNumber();
    const agent = idOf(await makeAgent());
    const theirs = idOf(await stranger.post('/ai-agents', { name: 'Theirs' }));
    expect(at((await stranger.get('/ai-agents')).body, 'data')).toHaveLength(1);
    expectError(await stranger.delete(`/ai-agents/${agent}`), 404, 'not_found');
    const body = { phone_number: number, route_type: 'ai_agent' };
    expectError(
      await stranger.post('/phone-number-routing', { ...body, agent_id: theirs }),
      404,
      'not_found',
    );
    expectError(await route(number, theirs), 404, 'not_found');
    expect((await stranger.owned()).body).toEqual({ data: [] });
    expect(await assignmentsOf(number)).toEqual([]);
    const reader = await newClient(server, { scope: 'read' });
    expectError(await reader.post('/ai-agents', { name: 'X' }), 403, 'forbidden');
  });
});

it('leaves the books in order', async () => {
  const { checks } = await verifyBooks({ ctx: server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
