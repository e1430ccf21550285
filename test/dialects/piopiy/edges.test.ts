import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';
import { blockAccount } from '../../../src/core/accounts/index.js';
import { newClient, PiopiyClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';

let server: TestServer;
let client: PiopiyClient;

/** Every call of the contract, and the verbs that it has. */
const calls: readonly [verb: string, path: string][] = [
  ['GET', '/list-available-numbers'],
  ['POST', '/buy-phone-number'],
  ['GET', '/purchased-phone-numbers'],
  ['DELETE', '/release-phone-number/num_4kz9m'],
  ['POST', '/phone-number-routing'],
  ['POST', '/ai-agents'],
  ['GET', '/ai-agents'],
  ['DELETE', '/ai-agents/agent_1'],
];

beforeAll(async () => {
  server = await startTestServer();
  client = await newClient(server);
});

afterAll(() => server.close());

describe('the key', () => {
  it.each(calls)('is asked for by %s %s before anything else', async (verb, path) => {
    const broken = verb === 'POST' ? '{' : undefined;
    for (const authorization of [
      '',
      'Basic dTpw',
      'Bearer',
      'Bearer ',
      'Bearer nx_live_x y',
      'Bearer no\tkey',
    ]) {
      const headers: Record<string, string> = authorization === '' ? {} : { authorization };
      const answer = await ask(server.url, undefined, verb, `/v1${path}?limit=x`, broken, headers);
      expectError(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('may come with any spelling of the scheme', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      const headers = { authorization: `${scheme} ${String(client.key)}` };
      const answer = await ask(
        server.url,
        undefined,
        'GET',
        '/v1/purchased-phone-numbers',
        undefined,
        headers,
      );
      expectAnswer(answer, 'purchased');
    }
  });

  it('stops at once when it is revoked', async () => {
    const { apiKey, account } = await server.createTenant();
    const leaver = new PiopiyClient(server.url, apiKey);
    expectAnswer(await leaver.owned(), 'purchased');
    await server.sql`update api_key set revoked_at = ${server.clock.now()} where account_id = ${account.id}`;
    expectError(await leaver.owned(), 401, 'unauthorized');
  });

  it.each(calls)('of a blocked account, or of none, is 403 for %s %s', async (verb, path) => {
    const tenant = await server.createTenant();
    await blockAccount({
      ctx: server.operator(),
      input: { account: tenant.account.publicId, blocked: true },
    });
    for (const key of [tenant.apiKey, await server.createAdminKey()]) {
      expectError(await ask(server.url, key, verb, `/v1${path}`), 403, 'forbidden');
    }
  });
});

describe('paths and verbs', () => {
  it.each([...new Set(calls.map(([, path]) => path))])(
    '%s refuses other verbs and says which do',
    async (path) => {
      const verbs = calls.filter(([, known]) => known === path).map(([verb]) => verb);
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
        (verb) => !verbs.includes(verb),
      );
      for (const verb of others) {
        const answer = await ask(server.url, client.key, verb, `/v1${path}`);
        expectError(answer, 405, 'method_not_allowed');
        const allow = answer.headers.get('allow')?.split(', ') ?? [];
        expect(allow.filter((word) => word !== 'HEAD')).toEqual(verbs);
        expect(allow.includes('HEAD')).toBe(verbs.includes('GET'));
      }
    },
  );

  it.each([
    '',
    '/',
    '/nothing',
    '/release-phone-number',
    '/release-phone-number/a/b',
    '/%zz',
    '/numbers?x=%',
  ])('%s is unknown', async (path) => {
    for (const verb of ['GET', 'POST', 'DELETE']) {
      expectError(await ask(server.url, client.key, verb, `/v1${path}`), 404, 'not_found');
      expectError(await ask(server.url, undefined, verb, `/v1${path}`), 401, 'unauthorized');
    }
  });

  it('leave the neighbours’ paths alone', async () => {
    const other = await ask(server.url, client.key, 'GET', '/numex/v1/nothing');
    expect(at(other.body, 'code')).toBe('not_found');
    expect(other.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await ask(server.url, client.key, 'GET', '/v2/list-available-numbers')).status).toBe(404);
  });
});

describe('every answer', () => {
  it('keeps a caller’s request id, or gets one', async () => {
    const kept = await client.get('/nothing', { 'x-request-id': 'Mine.1_2-3' });
    expect(at(kept.body, 'request_id')).toBe('Mine.1_2-3');
    expect((await client.owned()).headers.get('x-request-id')).toMatch(/^req_/);
    const odd = await client.get('/nothing', { 'x-request-id': 'not this one' });
    expect(odd.headers.get('x-request-id')).not.toBe('not this one');
  });

  it('is an answer, whatever the body is', async () => {
    const wild = [
      '{',
      '[]',
      '"x"',
      '1',
      'null',
      '{"number":1e999}',
      '{"__proto__":{"number":"+1"}}',
      '\u0000',
      '😀',
    ];
    for (const path of ['/buy-phone-number', '/phone-number-routing', '/ai-agents']) {
      for (const body of wild) expectError(await client.post(path, body), 400, 'invalid_request');
      const huge = JSON.stringify({ number: 'x'.repeat(2_000_000) });
      expectError(await client.post(path, huge), 400, 'invalid_request');
    }
  });
});

describe('the rate limit', () => {
  it('is 60 a minute and key, and says when to come back', async () => {
    const limited = await startTestServer({ rateLimits: true });
    try {
      const [one, two] = [await newClient(limited), await newClient(limited)];
      const answers = await Promise.all(Array.from({ length: 61 }, () => one.owned()));
      const refused = answers.filter((answer) => answer.status !== 200);
      expect(refused).toHaveLength(1);
      for (const answer of refused) {
        expectError(answer, 429, 'rate_limited');
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9][0-9]?$/);
      }
      expectAnswer(await two.owned(), 'purchased');
    } finally {
      await limited.close();
    }
  });
});

describe('a database that is away', () => {
  it('is 503, and nothing has happened', async () => {
    const doomed = await startTestServer();
    try {
      const buyer = await newClient(doomed);
      await doomed.app.connections.close();
      expectError(await buyer.owned(), 503, 'unavailable');
    } finally {
      await doomed.close();
    }
  });
});
