import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/server/dialects.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import { tiny } from './tiny-dialect.js';

let server: TestServer;
let tenant: TestTenant;
let stranger: TestTenant;

beforeAll(async () => {
  server = await startTestServer({ rateLimits: true, dialects: [...dialects(), tiny] });
  tenant = await server.createTenant();
  stranger = await server.createTenant();
});

afterAll(() => server.close());

type Headers = Readonly<Record<string, string>>;

function call(method: string, path: string, headers: Headers, body?: unknown): Promise<Answer> {
  return ask(server.url, undefined, method, `/tiny${path}`, body, headers);
}

function keyOf({ apiKey }: TestTenant): Headers {
  return { authorization: `Bearer ${apiKey}` };
}

async function make(owner: TestTenant, name: string, headers: Headers = {}): Promise<Answer> {
  return call('POST', '/robots', { ...keyOf(owner), ...headers }, { name });
}

function expectWord(answer: Answer, status: number, word: string): void {
  expect({ status: answer.status, word: at(answer.body, 'word') }).toEqual({ status, word });
}

describe('a dialect that is data', () => {
  it('lets in by Bearer, by a header, by a pair of headers and by Basic', async () => {
    const { apiKey, account } = tenant;
    const basic = Buffer.from(`${account.publicId}:${apiKey}`).toString('base64');
    for (const headers of [
      { authorization: `Bearer ${apiKey}` },
      { 'x-robot-key': apiKey },
      { 'x-robot-of': account.publicId, 'x-robot-secret': apiKey },
      { authorization: `Basic ${basic}` },
    ]) {
      expect((await call('GET', '/robots', headers)).status, JSON.stringify(headers)).toBe(200);
    }
    expectWord(await call('GET', '/robots', {}), 401, 'who');
    expectWord(await call('GET', '/robots', { 'x-robot-key': 'nonsense' }), 401, 'who');
    const crossed = { 'x-robot-of': stranger.account.publicId, 'x-robot-secret': apiKey };
    expectWord(await call('GET', '/robots', crossed), 401, 'who');
    const adminKey = await server.createAdminKey();
    expectWord(await call('GET', '/robots', { 'x-robot-key': adminKey }), 403, 'no');
  });

  it('reads JSON and forms', async () => {
    const owner = await server.createTenant();
    expect(at((await make(owner, 'Json')).body, 'name')).toBe('Json');
    const form = await ask(server.url, owner.apiKey, 'POST', '/tiny/robots', 'name=A+%2B+B', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(201);
    expect(at(form.body, 'name')).toBe('A + B');
  });

  it('answers a repeat with the first answer, and another request under the same key with its own word', async () => {
    const owner = await server.createTenant();
    const key = { 'idempotency-key': 'robot-1' };
    const first = await make(owner, 'Once', key);
    expect((await make(owner, 'Once', key)).body).toEqual(first.body);
    expectWord(await make(owner, 'Twice', key), 409, 'again');
    expect(at((await call('GET', '/robots', keyOf(owner))).body, 'robots')).toEqual(['Once']);
  });

  it('pages by cursor, by number and by offset', async () => {
    const owner = await server.createTenant();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await make(owner, name);
    const list = (query: string) => call('GET', `/robots${query}`, keyOf(owner));
    const first = await list('');
    expect(at(first.body, 'robots')).toEqual(['a', 'b']);
    const second = await list(`?size=3&cursor=${String(at(first.body, 'next'))}`);
    expect(second.body).toEqual({ robots: ['c', 'd', 'e'], next: null });
    expect(at((await list('?page=2')).body, 'robots')).toEqual(['c', 'd']);
    expect(at((await list('?offset=4')).body, 'robots')).toEqual(['e']);
    for (const query of ['?size=4', '?size=0', '?cursor=zzz']) expectWord(await list(query), 400, 'bad');
  });

  it('names what was not found as the caller did, and never shows another account’s', async () => {
    const id = String(at((await make(tenant, 'Mine')).body, 'robot'));
    expect((await call('GET', `/robots/${id}`, keyOf(tenant))).status).toBe(200);
    for (const path of [id, 'robot-zzz', 'other-1', '12']) {
      const refused = await call('GET', `/robots/${path}`, keyOf(stranger));
      expectWord(refused, 404, 'gone');
      expect(at(refused.body, 'message')).toBe(`No agent ${path} was found`);
    }
    expect(at((await call('GET', '/robots', keyOf(stranger))).body, 'robots')).toEqual([]);
  });

  it('tells all faults of a body at once', async () => {
    const faulty = await call('POST', '/robots', keyOf(tenant), { voice: 1, language: [] });
    expectWord(faulty, 400, 'bad');
    for (const field of ['name', 'voice', 'language']) expect(at(faulty.body, 'message')).toContain(field);
  });

  it('refuses other verbs with those that it has, and unknown paths, in its own words', async () => {
    const refused = await call('PUT', '/robots', keyOf(tenant), {});
    expectWord(refused, 405, 'verb');
    expect(refused.headers.get('allow')).toBe('POST, GET, HEAD');
    expectWord(await call('GET', '/nothing', keyOf(tenant)), 404, 'gone');
    expectWord(await call('GET', '/nothing', {}), 401, 'who');
    expectWord(await call('POST', '/robots', keyOf(tenant), '{"name":'), 400, 'bad');
  });

  it('has a limit of its own, of which it tells', async () => {
    const owner = await server.createTenant();
    for (let left = 39; left >= 0; left--) {
      const answer = await call('GET', '/robots', keyOf(owner));
      expect([answer.status, answer.headers.get('x-left')]).toEqual([200, String(left)]);
    }
    const refused = await call('GET', '/robots', keyOf(owner));
    expectWord(refused, 429, 'slow');
    expect(refused.headers.get('x-left')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(server.url, owner.apiKey, 'GET', '/numex/v1/account')).status).toBe(200);
  });

  it('leaves the other dialects as they are', async () => {
    expect((await ask(server.url, tenant.apiKey, 'GET', '/v1/agents')).status).toBe(200);
    const unknown = await ask(server.url, tenant.apiKey, 'GET', '/v1/nothing');
    expect(at(unknown.body, 'code')).toBe('not_found');
  });
});
