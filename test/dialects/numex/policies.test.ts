import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../../src/cli/main.js';
import { ask, at } from '../../support/request.js';
import { policyNames } from '../../../src/core/policies/index.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';

let server: TestServer;
let adminKey: string;

beforeAll(async () => {
  server = await startTestServer();
  adminKey = await server.createAdminKey();
});

afterAll(() => server.close());

const policies = (method: string, path: string, body?: unknown, key = adminKey) =>
  ask(server.url, key, method, `/numex/v1/policies${path}`, body);

async function valuesOf(name: string): Promise<unknown> {
  const { body } = await policies('GET', '');
  return (at(body, 'data') as { name: string; values: unknown }[]).find((p) => p.name === name)?.values;
}

test('the operator sees each policy with unit, bounds, meaning and values', async () => {
  const { status, body } = await policies('GET', '');
  expect(status).toBe(200);
  const quarantine = (at(body, 'data') as { name: string }[]).find((p) => p.name === 'quarantine_seconds');
  expect(quarantine).toEqual({
    name: 'quarantine_seconds',
    meaning: expect.any(String) as string,
    unit: 'seconds',
    minimum: 0,
    maximum: 63_072_000,
    overridable: 'by_country_and_type',
    values: [
      { environment: 'live', country: null, type: null, value: 3_888_000 },
      { environment: 'test', country: null, type: null, value: 0 },
    ],
  });
});

test('an override is set, listed and taken back', async () => {
  const made = await policies('PUT', '/reclaim_seconds', {
    environment: 'live',
    country: 'gb',
    type: 'mobile',
    value: 90,
  });
  const row = { environment: 'live', country: 'GB', type: 'mobile', value: 90 };
  expect([made.status, made.body]).toEqual([200, { name: 'reclaim_seconds', ...row }]);
  expect(await valuesOf('reclaim_seconds')).toContainEqual(row);
  const path = '/reclaim_seconds?environment=live&country=GB&type=mobile';
  const cleared = await policies('DELETE', path);
  expect([cleared.status, cleared.body]).toEqual([200, { name: 'reclaim_seconds', ...row }]);
  expect(await valuesOf('reclaim_seconds')).not.toContainEqual(row);
  expect((await policies('DELETE', path)).status).toBe(404);
});

const refusals: [string, string, string, unknown, number, string][] = [
  [
    'a value out of bounds',
    'PUT',
    '/grace_seconds',
    { environment: 'live', value: -1 },
    400,
    'invalid_input',
  ],
  ['a text', 'PUT', '/grace_seconds', { environment: 'live', value: '5' }, 400, 'invalid_input'],
  ['no value', 'PUT', '/grace_seconds', { environment: 'live' }, 400, 'missing_input'],
  ['no environment', 'PUT', '/grace_seconds', { value: 5 }, 400, 'missing_input'],
  ['an unknown policy', 'PUT', '/gracious', { environment: 'live', value: 5 }, 404, 'not_found'],
  [
    'an unknown type',
    'PUT',
    '/grace_seconds',
    { environment: 'live', type: 'satellite', value: 5 },
    400,
    'invalid_input',
  ],
  ['clearing a general value', 'DELETE', '/grace_seconds?environment=live', undefined, 400, 'invalid_input'],
];

test.each(refusals)('refused: %s', async (_what, method, path, body, status, code) => {
  const answer = await policies(method, path, body);
  expect([answer.status, at(answer.body, 'code')]).toEqual([status, code]);
});

test('an account’s key is refused', async () => {
  const { apiKey } = await server.createTenant();
  expect((await policies('GET', '', undefined, apiKey)).status).toBe(403);
  const body = { environment: 'live', value: 5 };
  expect((await policies('PUT', '/grace_seconds', body, apiKey)).status).toBe(403);
  expect(
    (await policies('DELETE', '/grace_seconds?environment=live&country=US', undefined, apiKey)).status,
  ).toBe(403);
});

async function cli(...args: string[]): Promise<{ code: number; out: unknown; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli([...args, '--json'], {
    openDatabase: () =>
      Promise.resolve({ url: server.databaseUrl, pool: server.sql, close: () => Promise.resolve() }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out: out === '' ? undefined : (JSON.parse(out) as unknown), err };
}

test('the command line sets, lists and clears', async () => {
  const row = { name: 'cancel_seconds', environment: 'live', country: 'DE', type: null, value: 60 };
  expect(await cli('policy', 'set', 'cancel_seconds', '60', '--country', 'DE')).toMatchObject({
    code: 0,
    out: row,
  });
  expect(await valuesOf('cancel_seconds')).toContainEqual({ ...row, name: undefined });
  const listed = await cli('policy', 'list');
  expect(at(listed.out, 'policies')).toHaveLength(policyNames.length);
  expect(await cli('policy', 'clear', 'cancel_seconds', '--country', 'DE')).toMatchObject({
    code: 0,
    out: row,
  });
  expect(await cli('policy', 'set', 'cancel_seconds', 'soon')).toMatchObject({ code: 2 });
  const refused = await cli('policy', 'set', 'cancel_seconds', '999999999');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'invalid_input' } });
});
