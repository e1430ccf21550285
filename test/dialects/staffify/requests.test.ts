import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../support/request.js';
import { expectAnswer, expectAnyError, expectEmpty, expectError } from './contract.js';
import { assignedAgent, handIn, makeAgent, Office } from './office.js';
import type { Settled } from './office.js';
import { newAddress, newDocument, pathOf, reads, routes, titled } from './routes.js';

let office: Office;
let owner: Settled;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled({ balances: { EUR: 50_000 } });
});

afterAll(() => office.close());

describe('a path', () => {
  it.each(titled(reads))('may end in a slash in %s', async (_title, route) => {
    const [number, agent] = [await office.owned(owner), await makeAgent(owner)];
    const path = pathOf(route, { number, agent: agent.id, address: owner.addressId });
    const plain = await owner.client.get(`${path}${route.query ?? ''}`);
    const slashed = await owner.client.get(`${path}/${route.query ?? ''}`);
    expect([slashed.status, slashed.body]).toEqual([200, plain.body]);
  });

  it('may end in a slash where something is written', async () => {
    const { client } = owner;
    const phone_number = await office.stockOne('losAngeles');
    const { id } = expectAnswer(await client.post('/phone-numbers/', { phone_number }), 'bought');
    const agent = expectAnswer(await client.post('/agents/', { name: 'Desk' }), 'agent', 201);
    expectAnswer(await client.patch(`/agents/${agent.id}/`, { name: 'Desk 2' }), 'agent');
    expectAnswer(await client.patch(`/phone-numbers/${id}/`, { tags: ['x'] }), 'number');
    expectAnswer(await client.put(`/phone-numbers/${id}/assign/`, { agent_id: agent.id }), 'assigned');
    expectEmpty(await client.delete(`/phone-numbers/${id}/assign/`));
    expectAnswer(await client.delete(`/phone-numbers/${id}/`), 'released');
    expectAnswer(await client.post(`/phone-numbers/${id}/reclaim/`), 'reclaimed');
    expect([200, 204]).toContain((await client.delete(`/agents/${agent.id}/`)).status);
    const made = expectAnswer(await client.post('/addresses/', newAddress), 'addressMade', 201);
    const address = `/addresses/${made.address_id}`;
    for (const document_type of ['government_id', 'business_registration']) {
      const body = { ...newDocument, document_type };
      expectAnswer(await client.post(`${address}/documents/`, body), 'document', 201);
    }
    expectAnswer(await client.post(`${address}/submit/`), 'addressStatus');
    expectAnswer(await client.post(`${address}/check-status/`), 'addressStatus');
  });

  it.each([
    '/phone-numbers/1/nothing',
    '/phone-numbers/1/assign/2',
    '/phone-numbers/1/reclaim/now',
    '/addresses/1/documents/2/pages',
    '/addresses/1/nothing',
    '/agents/1/nothing',
    '/credits/nothing',
  ])('%s is not known', async (path) => {
    for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const body = verb === 'GET' || verb === 'DELETE' ? undefined : {};
      expectError(await owner.client.send(verb, path, body), 'NOT_FOUND');
    }
  });

  it.each([...new Set(routes.map(({ path }) => path))])('%s has no other verbs', async (path) => {
    const known: string[] = routes.filter((route) => route.path === path).map(({ verb }) => verb);
    const [number, agent] = [await office.owned(owner), await makeAgent(owner)];
    const ids = { number, agent: agent.id, address: owner.addressId };
    for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'].filter((word) => !known.includes(word))) {
      const body = verb === 'GET' || verb === 'DELETE' ? undefined : { tags: [], name: 'Desk' };
      const answer = await owner.client.send(verb, pathOf({ verb: 'GET', path }, ids), body);
      expectAnyError(answer);
      expect([404, 405]).toContain(answer.status);
    }
    const kept = expectAnswer(await owner.client.number(number), 'number');
    expect(kept).toMatchObject({ status: 'active', tags: [], agent_id: null });
  });

  it('of a neighbour keeps the neighbour’s words', async () => {
    const own = await ask(office.server.url, owner.apiKey, 'GET', '/numex/v1/nothing');
    expect(own.status).toBe(404);
    expect(own.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const piopiy = await ask(office.server.url, owner.apiKey, 'GET', '/v1/purchased-phone-numbers');
    expect(piopiy.status).toBe(200);
    expect(piopiy.body).toHaveProperty('data');
  });
});

describe('a call without a body', () => {
  it('may say that its body would be JSON, or send an empty object', async () => {
    const { client } = owner;
    const json = { 'content-type': 'application/json' };
    const id = await office.owned(owner);
    for (const body of [undefined, '', '{}']) {
      await assignedAgent(owner, id);
      expectEmpty(await client.send('DELETE', `/phone-numbers/${id}/assign`, body, json));
      const released = await client.send('DELETE', `/phone-numbers/${id}`, body, json);
      expectAnswer(released, 'released');
      const reclaimed = await client.send('POST', `/phone-numbers/${id}/reclaim`, body, json);
      expectAnswer(reclaimed, 'reclaimed');
      const news = await client.send('POST', `/addresses/${owner.addressId}/check-status`, body, json);
      expectAnswer(news, 'addressStatus');
    }
  });

  it('submits an address all the same', async () => {
    const id = await office.address(owner, 'draft');
    for (const document_type of ['government_id', 'business_registration']) {
      expectAnswer(await owner.client.document(id, { ...newDocument, document_type }), 'document', 201);
    }
    const json = { 'content-type': 'application/json' };
    const path = `/addresses/${id}/submit`;
    expectAnswer(await owner.client.send('POST', path, '', json), 'addressStatus');
  });
});

describe('an answer', () => {
  it('has a request id of its own each time', async () => {
    const ids = new Set<string | null>();
    for (let call = 0; call < 3; call++) {
      ids.add((await owner.client.get('/credits')).headers.get('x-request-id'));
      ids.add((await owner.client.number(987_654_321)).headers.get('x-request-id'));
      ids.add((await office.client().get('/credits')).headers.get('x-request-id'));
    }
    expect(ids.size).toBe(9);
  });

  it('to JSON with a charset is as to JSON without', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await owner.client.post('/agents', { name: 'Zürich' }, headers);
    expect(expectAnswer(answer, 'agent', 201).name).toBe('Zürich');
  });

  it('is an error, and nothing is half done, when the database is away', async () => {
    const doomed = await Office.open();
    try {
      const tenant = await doomed.settled();
      const phone_number = await doomed.stockOne('losAngeles');
      await handIn(tenant.client, await doomed.address(tenant, 'draft'));
      await doomed.server.app.connections.close();
      for (const answer of [await tenant.client.list(), await tenant.client.buy({ phone_number })]) {
        expectAnyError(answer);
        expect(answer.status).toBeGreaterThanOrEqual(500);
      }
    } finally {
      await doomed.close();
    }
  });
});
