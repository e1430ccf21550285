import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from './client.js';
import type { Call } from './client.js';
import { Exchange, losAngelesGroup, paths, reserve, uuidOfNobody, virtualNumber, buy } from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let tenant: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  tenant = await exchange.tenant();
});

afterAll(() => exchange.close());

const readingPaths = [
  `${paths.regions}?country=US`,
  `${paths.cities}?country=DE`,
  paths.didTypes,
  `${paths.requirements}?country=DE`,
  `${paths.groups}?country=DE`,
  `${paths.available}?group_id=${losAngelesGroup}`,
  paths.reservations,
  paths.virtualNumbers,
  paths.info,
];

describe('a GET', () => {
  it.each(readingPaths)('of %s may carry a JSON content type with an empty body or {}', async (path) => {
    const headers = { 'Content-Type': 'application/json' };
    for (const body of [undefined, '', '{}']) {
      const answer = await tenant.client.send({
        method: 'GET',
        path,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      expect(answer.status, answer.text).toBe(200);
    }
    const charset = { 'Content-Type': 'application/json; charset=utf-8' };
    expect((await tenant.client.send({ method: 'GET', path, headers: charset, body: '{}' })).status).toBe(
      200,
    );
  });

  it.each(readingPaths)('of %s answers JSON in UTF-8', async (path) => {
    const answer = await tenant.client.send({ method: 'GET', path });
    expect(answer.headers['content-type']).toMatch(/^application\/json(; ?charset=utf-8)?$/i);
  });
});

describe('a DELETE', () => {
  it.each([
    ['of no body', undefined],
    ['of an empty body', ''],
    ['of {}', '{}'],
  ])('may carry a JSON content type: %s', async (_name, body) => {
    const [held = '', owned = ''] = await exchange.stock('losAngeles', 2);
    const { uuid } = await reserve(tenant.client, { group_id: losAngelesGroup, number: held });
    await buy(tenant.client, { number: owned });
    const row = await virtualNumber(tenant.client, owned);
    for (const path of [`${paths.reservations}/${uuid}`, `${paths.virtualNumbers}/${row.uuid}`]) {
      const headers = { 'Content-Type': 'application/json' };
      const call: Call = { method: 'DELETE', path, headers, ...(body === undefined ? {} : { body }) };
      const answer = await tenant.client.send(call);
      expect(answer.status, answer.text).toBe(200);
    }
  });
});

describe('a browser page', () => {
  const origin = { Origin: 'https://shop.example' };
  const corsHeaders = (answer: { headers: object }): string[] =>
    Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));

  it('is never let in by a header, whether the call succeeds or not', async () => {
    for (const path of [...readingPaths, paths.regions, '/open/nowhere']) {
      expect(corsHeaders(await tenant.client.send({ method: 'GET', path, headers: origin })), path).toEqual(
        [],
      );
      expect(
        corsHeaders(await exchange.client().send({ method: 'GET', path, headers: origin })),
        path,
      ).toEqual([]);
    }
    const body = '{"number":"+12135559999"}';
    const headers = { ...origin, 'Content-Type': 'application/json' };
    const refused = await tenant.client.send({ method: 'POST', path: paths.purchase, headers, body });
    expect(corsHeaders(refused)).toEqual([]);
  });

  it('gets no permission from a preflight', async () => {
    const headers = {
      ...origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-user-api-key,content-type',
    };
    for (const path of [paths.purchase, paths.reservations, paths.groups, paths.virtualNumbers]) {
      const answer = await exchange.client().send({ method: 'OPTIONS', path, headers });
      expect(corsHeaders(answer)).toEqual([]);
      expect(answer.status).toBeLessThan(500);
    }
  });
});

describe('a route that does not exist', () => {
  it.each<Call>([
    { method: 'GET', path: '/open' },
    { method: 'GET', path: '/open/' },
    { method: 'GET', path: '/open/nowhere' },
    { method: 'GET', path: '/open/numbers' },
    { method: 'GET', path: '/open/numbers/groups/abc-123' },
    { method: 'GET', path: '/open/ping' },
    { method: 'GET', path: `/open/numbers/virtual-numbers` },
    { method: 'DELETE', path: `/open/numbers/virtual-numbers/DID${uuidOfNobody}` },
  ])('is not found, in the words of this API: $method $path', async (call) => {
    expectError(await tenant.client.send(call), 404);
  });

  it.each<Call>([
    { method: 'GET', path: paths.purchase },
    { method: 'PUT', path: paths.purchase, headers: { 'Content-Type': 'application/json' }, body: '{}' },
    { method: 'DELETE', path: paths.reservations },
    { method: 'POST', path: paths.groups, headers: { 'Content-Type': 'application/json' }, body: '{}' },
    { method: 'PATCH', path: paths.virtualNumbers },
  ])('is refused under another method: $method $path', async (call) => {
    const answer = await tenant.client.send(call);
    expectError(answer, 405);
    expect(answer.headers['allow']).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    expect(answer.headers['allow']).not.toContain(call.method);
  });
});
