import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedBy } from '../../src/http/trust-proxy.js';
import { ConfigError, loadConfig } from '../../src/server/config.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant();
});

afterAll(() => server.close());

describe('outside the dialects’ prefixes', () => {
  it.each([
    ['GET', '/nothing', 404, 'not_found', null],
    ['POST', '/nothing/at/all?x=1', 404, 'not_found', null],
    ['POST', '/', 405, 'method_not_allowed', 'GET, HEAD'],
    ['DELETE', '/health', 405, 'method_not_allowed', 'GET, HEAD'],
    ['PUT', '/metrics?x=1', 405, 'method_not_allowed', 'GET, HEAD'],
    ['PATCH', '/docs/json', 405, 'method_not_allowed', 'GET, HEAD'],
  ])('%s %s is a problem document', async (method, path, status, code, allow) => {
    const answer = await ask(server.url, undefined, method, path);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, code, type: `urn:numex:error:${code}` });
    expect(answer.status).toBe(status);
    expect(at(answer.body, 'request_id')).toBe(answer.headers.get('x-request-id'));
    expect(answer.headers.get('allow')?.split(', ').sort().join(', ') ?? null).toBe(allow);
  });

  it('a body that cannot be read is a problem document too', async () => {
    const answer = await ask(server.url, undefined, 'POST', '/nothing', '{"x":');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe('what browsers are told', () => {
  it.each([
    '/',
    '/health',
    '/nothing',
    '/docs/',
    '/docs/json',
    '/openapi.json',
    '/docs/static/swagger-ui.css',
    '/numex/v1/account',
    '/open/info',
    '/v1/credits',
    '/v1/nothing',
    '/api/v1/auth/me',
  ])('%s has the headers that restrain them', async (path) => {
    for (const key of [undefined, tenant.apiKey]) {
      const { headers } = await ask(server.url, key, 'GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    }
  });

  it('the pages allow what they use and nothing from elsewhere', async () => {
    const front = await ask(server.url, undefined, 'GET', '/');
    expect(front.headers.get('content-security-policy')).toMatch(/style-src 'sha256-/);
    const viewer = await ask(server.url, undefined, 'GET', '/docs/');
    const policy = viewer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src [^;]*unsafe-inline/);
  });

  it('the API reference has our title and mark, and no other product’s', async () => {
    const html = String((await ask(server.url, undefined, 'GET', '/docs/')).body);
    expect(html).toContain('<title>Numex API</title>');
    expect(html).toMatch(/rel="icon"[^>]*mark\.svg/);
    expect(html).not.toMatch(/Swagger UI<|favicon-/);
    const script = String(
      (await ask(server.url, undefined, 'GET', '/docs/static/swagger-initializer.js')).body,
    );
    const image = /data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)/.exec(script)?.[1] ?? '';
    expect(Buffer.from(image, 'base64').toString()).toContain('Numex');
    const mark = await ask(server.url, undefined, 'GET', '/docs/static/theme/mark.svg');
    expect(mark.status).toBe(200);
  });
});

describe('NUMEX_TRUST_PROXY', () => {
  it.each([
    ['off', 'nobody'],
    ['', 'nobody'],
    ['2', { hops: 2 }],
    ['10.0.0.0/8, ::1', { networks: ['10.0.0.0/8', '::1'] }],
    ['192.0.2.1', { networks: ['192.0.2.1'] }],
  ])('%j is understood', (text, trust) => {
    expect(loadConfig({ NUMEX_TRUST_PROXY: text }).trustProxy).toEqual(trust);
  });

  it.each(['on', '0', '17', 'true', '10.0.0.0/33', '10.0.0.0/8,', 'proxy.local'])('%j is refused', (text) => {
    expect(() => loadConfig({ NUMEX_TRUST_PROXY: text })).toThrow(ConfigError);
  });

  it('a number trusts so many proxies, the nearest first', () => {
    const trust = trustedBy({ hops: 2 });
    if (typeof trust !== 'function') throw new Error('hops are judged one by one');
    expect([0, 1, 2].map((hop) => trust('192.0.2.1', hop))).toEqual([true, true, false]);
  });
});
