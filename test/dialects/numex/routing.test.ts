import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let nextLine = 1000;

function call(method: string, path: string, body?: unknown, key = tenant.apiKey): Promise<Answer> {
  return ask(server.url, key, method, `/numex/v1${path}`, body);
}

function idOf(answer: Answer): string {
  return String(at(answer.body, 'id'));
}

async function rent(): Promise<string> {
  const number = `+1213557${nextLine++}`;
  await server.addNumbers([number]);
  const order = await call('POST', '/orders', { lines: [{ number }] });
  return String(at(order.body, 'results.0.rental_id'));
}

async function makeAgent(name = 'Front desk'): Promise<string> {
  return idOf(await call('POST', '/agents', { name, language: 'en-US' }));
}

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 100_000 } });
});

afterAll(() => server.close());

describe('agents', () => {
  it('are made with a token that is shown once, found, renamed and deleted', async () => {
    const made = await call('POST', '/agents', { name: ' Front desk ', language: 'en-US' });
    expect(made.status).toBe(201);
    const { token, ...shown } = made.body as Record<string, unknown>;
    expect(token).toMatch(/^nx_agent_[0-9a-f]{48}$/);
    expect(shown).toEqual({
      id: idOf(made),
      name: 'Front desk',
      language: 'en-US',
      voice: null,
      status: 'active',
      created_at: '2026-03-04T09:30:00.000Z',
    });
    expect((await call('GET', `/agents/${idOf(made)}`)).body).toEqual(shown);
    const renamed = await call('PATCH', `/agents/${idOf(made)}`, { name: 'Back desk' });
    expect(renamed.body).toEqual({ ...shown, name: 'Back desk' });
    expect((await call('DELETE', `/agents/${idOf(made)}`)).body).toEqual({ id: idOf(made), deleted: true });
    for (const method of ['GET', 'DELETE']) {
      expect((await call(method, `/agents/${idOf(made)}`)).status).toBe(404);
    }
    expect((await call('PATCH', `/agents/${idOf(made)}`, { name: 'X' })).status).toBe(404);
  });

  it('are listed in pages, oldest first', async () => {
    const { apiKey } = await server.createTenant();
    for (const name of ['One', 'Two', 'Three']) await call('POST', '/agents', { name }, apiKey);
    const first = await call('GET', '/agents?limit=2', undefined, apiKey);
    const rest = await call(
      'GET',
      `/agents?cursor=${String(at(first.body, 'next_cursor'))}`,
      undefined,
      apiKey,
    );
    const names = [first, rest].flatMap((page) =>
      (at(page.body, 'data') as { name: string }[]).map((a) => a.name),
    );
    expect(names).toEqual(['One', 'Two', 'Three']);
    expect(at(rest.body, 'next_cursor')).toBeNull();
  });

  it('cannot be reached by a token of theirs, as if it were a key', async () => {
    const token = String(at((await call('POST', '/agents', { name: 'Spy' })).body, 'token'));
    expect((await call('GET', '/account', undefined, token)).status).toBe(401);
  });

  it.each([
    {},
    { name: '' },
    { name: ' ' },
    { name: 'a\u0007' },
    { name: 'x', language: '?' },
    { name: 'x', age: 1 },
  ])('are not made of %j', async (body) => {
    expect((await call('POST', '/agents', body)).status).toBe(400);
  });
});

describe('an assignment', () => {
  it('is put, read, replaced and removed', async () => {
    const [rental, one, two] = [await rent(), await makeAgent('One'), await makeAgent('Two')];
    const path = `/rentals/${rental}/assignment`;
    expect((await call('GET', path)).status).toBe(404);
    const put = await call('PUT', path, { agent_id: one });
    expect(put.body).toEqual({
      rental_id: rental,
      kind: 'agent',
      agent_id: one,
      assigned_at: '2026-03-04T09:30:00.000Z',
    });
    expect((await call('PUT', path, { agent_id: one })).body).toEqual(put.body);
    expect(at((await call('PUT', path, { agent_id: two })).body, 'agent_id')).toBe(two);
    expect(at((await call('GET', path)).body, 'agent_id')).toBe(two);
    expect((await call('DELETE', path)).body).toEqual({ rental_id: rental, unassigned: true });
    for (const method of ['GET', 'DELETE']) expect((await call(method, path)).status).toBe(404);
  });

  it('ends when the number is given up, even while that can be undone, and is not made then', async () => {
    const [rental, agent] = [await rent(), await makeAgent()];
    await call('PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    await call('DELETE', `/rentals/${rental}`);
    expect((await call('GET', `/rentals/${rental}/assignment`)).status).toBe(404);
    const again = await call('PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    expect([again.status, at(again.body, 'code')]).toEqual([409, 'wrong_state']);
    const [row] = await server.sql`
      select end_reason, ended_at = (select released_at from rental r where r.id = s.rental_id) as with_release
      from assignment s order by id desc limit 1`;
    expect(row).toEqual({ end_reason: 'released', with_release: true });
  });

  it('leaves an audit row and an event for each change', async () => {
    const [rental, agent] = [await rent(), await makeAgent()];
    await call('PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    await call('DELETE', `/agents/${agent}`);
    const events = await server.sql<{ type: string }[]>`select type from event order by id desc limit 3`;
    expect(events.map((event) => event.type)).toEqual([
      'agent.deleted',
      'number.unassigned',
      'number.assigned',
    ]);
    const audited = await server.sql<{ action: string }[]>`
      select action from audit_entry order by id desc limit 3`;
    expect(audited.map((row) => row.action)).toEqual(['agent.delete', 'number.unassign', 'number.assign']);
  });

  it('is nobody else’s business', async () => {
    const [rental, agent] = [await rent(), await makeAgent()];
    const path = `/rentals/${rental}/assignment`;
    await call('PUT', path, { agent_id: agent });
    const { apiKey } = await server.createTenant();
    const theirs = idOf(await call('POST', '/agents', { name: 'Theirs' }, apiKey));
    expect((await call('GET', path, undefined, apiKey)).status).toBe(404);
    expect((await call('PUT', path, { agent_id: theirs }, apiKey)).status).toBe(404);
    expect((await call('DELETE', path, undefined, apiKey)).status).toBe(404);
    expect((await call('GET', `/agents/${agent}`, undefined, apiKey)).status).toBe(404);
    expect((await call('PATCH', `/agents/${agent}`, { name: 'Mine' }, apiKey)).status).toBe(404);
    expect((await call('DELETE', `/agents/${agent}`, undefined, apiKey)).status).toBe(404);
    expect((await call('PUT', path, { agent_id: theirs })).status).toBe(404);
    expect(at((await call('GET', path)).body, 'agent_id')).toBe(agent);
  });
});
