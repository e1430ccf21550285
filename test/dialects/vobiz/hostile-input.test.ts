import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { verifyBooks } from '../../../src/core/verify/index.js';
import { pairOf } from './client.js';
import { expectSound } from './contract.js';
import { Exchange, makeApplication, makeTrunk } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;
let sub: Caller;
let number: string;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master();
  sub = await exchange.sub(master);
  number = await exchange.bought(master);
});

afterAll(() => exchange.close());

const wildTexts = [
  '',
  ' ',
  '%',
  '\u0000',
  "'; drop table number; --",
  '" or 1=1',
  '\\',
  '🐘',
  'ÿ'.repeat(300),
  'a'.repeat(2000),
  '9'.repeat(400),
  '-9223372036854775809',
  '1e400',
  'NaN',
  'null',
  '[]',
  '{"$gt":""}',
  '__proto__',
  'constructor',
  '../../../etc/passwd',
  '+',
  ',,,,',
];

const wildValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  '\u0000',
  'x'.repeat(5000),
  '🐘',
  [],
  [null],
  {},
  { $ne: null },
  { length: 5 },
];

describe('query parameters of any kind', () => {
  it.each([
    ['/numbers', ['page', 'per_page', 'search', 'include_subaccounts', 'limit', 'offset']],
    ['/inventory/numbers', ['page', 'per_page', 'search', 'country', 'exclude']],
    ['/Application/', ['limit', 'offset']],
    ['/trunks', ['page', 'per_page', 'limit', 'offset']],
    [
      '/transactions',
      ['page', 'per_page', 'type', 'status', 'currency', 'reference_type', 'description', 'reference'],
    ],
    ['/transactions', ['transaction_id']],
    [
      '/cdr',
      [
        'page',
        'per_page',
        'from_number',
        'to_number',
        'start_date',
        'end_date',
        'call_direction',
        'min_duration',
      ],
    ],
    ['/cdr/search', ['from_number', 'start_date', 'min_duration']],
    ['/cdr/recent', ['limit', 'page']],
    ['/cdr/export', ['start_date', 'end_date', 'format']],
    ['/numbers/%2B918041231000/health', ['granularity', 'days']],
  ])('never bring down GET %s', async (path, names) => {
    for (const name of names) {
      for (const value of wildTexts) {
        const query = `${name}=${encodeURIComponent(value)}`;
        expectSound(await master.get(`${path}?${query}`), `${path}?${query}`);
      }
      for (const query of [
        `${name}[]=1`,
        `${name}[a]=1`,
        `${name}=1&${name}=2`,
        `${name}=%zz`,
        `${name}=%C3`,
      ]) {
        expectSound(await master.get(`${path}?${query}`), `${path}?${query}`);
      }
    }
  });

  it('never bring down the writing calls that take some', async () => {
    for (const value of wildTexts) {
      const text = encodeURIComponent(value);
      expectSound(await master.release('+918099999999', `?immediate=${text}`), `immediate=${value}`);
      expectSound(await master.takeBack('+918099999999', `?force=${text}`), `force=${value}`);
      expectSound(await master.subAccounts('GET', `/?page=${text}&size=${text}`), `page=${value}`);
    }
  });
});

describe('path segments of any kind', () => {
  const routes: readonly [verb: string, path: string][] = [
    ['GET', '/numbers/X'],
    ['DELETE', '/numbers/X'],
    ['POST', '/numbers/X/assign'],
    ['DELETE', '/numbers/X/assign'],
    ['POST', '/numbers/X/application'],
    ['DELETE', '/numbers/X/application'],
    ['POST', '/numbers/X/assign-subaccount'],
    ['DELETE', '/numbers/X/assign-subaccount'],
    ['POST', '/numbers/X/cancel-release'],
    ['GET', '/numbers/X/health'],
    ['GET', '/trunks/X'],
    ['PUT', '/trunks/X'],
    ['DELETE', '/trunks/X'],
    ['GET', '/Application/X/'],
    ['POST', '/Application/X/'],
    ['DELETE', '/Application/X/'],
    ['GET', '/balance/X'],
    ['GET', '/cdr/X'],
  ];

  it.each(routes)('never bring down %s %s', async (verb, path) => {
    const raw = ['%', '%zz', '%C3', '%2525252B91', '%2B91%00', '..;', '%2e%2e%2f'];
    const body = verb === 'POST' || verb === 'PUT' ? {} : undefined;
    for (const text of [...wildTexts.filter((text) => text !== '').map(encodeURIComponent), ...raw]) {
      const answer = await master.account(verb, path.replace('X', text), body);
      expectSound(answer, `${verb} ${path} ${text}`);
      expect(answer.status, `${verb} ${path} ${text}`).toBeGreaterThanOrEqual(400);
    }
  });

  it('never bring down the sub-accounts, nor the account’s own segment', async () => {
    for (const text of wildTexts.filter((text) => text !== '').map(encodeURIComponent)) {
      for (const verb of ['GET', 'PUT', 'DELETE']) {
        const answer = await master.subAccounts(verb, `/${text}`, verb === 'PUT' ? {} : undefined);
        expectSound(answer, `${verb} ${text}`);
      }
      expectSound(await master.on(text).list(), text);
      expectSound(await master.on(text).subAccounts('GET'), text);
    }
  });
});

describe('bodies of any kind', () => {
  it('never bring down the numbers’ calls', async () => {
    for (const value of wildValues) {
      const what = JSON.stringify(value).slice(0, 40);
      expectSound(await master.buy(value), `e164 ${what}`);
      expectSound(await master.buy('+918099999999', { currency: value }), `currency ${what}`);
      expectSound(await master.assignTrunk(number, value), `trunk ${what}`);
      expectSound(await master.attach(number, value), `application ${what}`);
      expectSound(await master.give(number, value), `sub-account ${what}`);
    }
  });

  it.each([
    ['/trunks', ['name', 'trunk_type', 'max_concurrent_calls', 'enabled', 'trunk_domain']],
    [
      '/Application/',
      ['app_name', 'answer_url', 'answer_method', 'hangup_url', 'fallback_answer_url', 'default_number_app'],
    ],
  ])('never bring down POST %s', async (path, fields) => {
    const good = { name: 'T', trunk_type: 'INBOUND', app_name: 'A', answer_url: 'https://example.com/' };
    for (const field of fields) {
      for (const value of wildValues) {
        const answer = await master.account('POST', path, { ...good, [field]: value });
        expectSound(answer, `${field} ${JSON.stringify(value).slice(0, 40)}`);
      }
    }
  });

  it('never bring down a change of trunk, application or sub-account', async () => {
    const [trunk, app] = [await makeTrunk(master), await makeApplication(master)];
    for (const value of wildValues) {
      const what = JSON.stringify(value).slice(0, 40);
      expectSound(await master.account('PUT', `/trunks/${trunk}`, { name: value }), `name ${what}`);
      const limits = { max_concurrent_calls: value };
      expectSound(await master.account('PUT', `/trunks/${trunk}`, limits), `calls ${what}`);
      expectSound(await master.account('POST', `/Application/${app}/`, { app_name: value }), `app ${what}`);
      for (const field of ['email', 'phone', 'description', 'rate_limit', 'permissions', 'kyc_mode']) {
        const body = { name: 'S', [field]: value };
        expectSound(await master.subAccounts('POST', '/', body), `${field} ${what}`);
      }
      const renamed = await master.subAccounts('PUT', `/${sub.id}`, { description: value });
      expectSound(renamed, `description ${what}`);
    }
  });

  it('that are huge, deep or of another type are refused', async () => {
    const path = `/Account/${master.id}/numbers/purchase-from-inventory`;
    const huge = JSON.stringify({ e164: 'x'.repeat(2_000_000) });
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const twice = '{"__proto__":{"e164":"+918041234567"},"constructor":{"prototype":{}}}';
    for (const body of [huge, deep, twice, '\ufeff{}', '{"e164":', '\u0000', '😀']) {
      const answer = await master.call('POST', path, body);
      expectSound(answer, body.slice(0, 20));
      expect([400, 413]).toContain(answer.status);
    }
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense', '']) {
      const answer = await master.call('POST', path, 'e164=%2B91', { 'content-type': type });
      expectSound(answer, type);
      expect([400, 415]).toContain(answer.status);
    }
  });
});

describe('credentials of any kind', () => {
  it('are refused with 401, never with a fault', async () => {
    const wild = [' ', 'x'.repeat(6000), "' or '1'='1", 'ÿþ', '%00', 'nx_live_', 'nx_admin_', 'MA_', '☃'];
    for (const text of wild) {
      const value = Buffer.from(text, 'utf8').toString('latin1');
      for (const headers of [
        { 'x-auth-id': value, 'x-auth-token': master.credentials.authToken },
        { 'x-auth-id': master.id, 'x-auth-token': value },
        { authorization: `Basic ${value}` },
        { authorization: `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}` },
        { authorization: `Bearer ${value}` },
      ]) {
        const path = `/api/v1/Account/${master.id}/numbers`;
        const answer = await ask(exchange.server.url, undefined, 'GET', path, undefined, headers);
        expect(answer.status, text.slice(0, 20)).toBe(401);
        expectSound(answer, text.slice(0, 20));
      }
    }
  });

  it('given twice do not let anybody in as two', async () => {
    const other = await exchange.master();
    const response = await fetch(`${exchange.server.url}/api/v1/Account/${master.id}/numbers`, {
      headers: [...Object.entries(pairOf(other.credentials)), ['x-auth-id', master.id]] as [string, string][],
    });
    expect([401, 403]).toContain(response.status);
  });
});

it('has left the number, the money and the books as they were', async () => {
  const shown = await master.number(number);
  expect(at(shown.body, 'status')).toBe('active');
  expect(at(shown.body, 'account_id')).toBe(master.id);
  expect(await exchange.balanceOf(master)).toBe(950_000);
  const { checks } = await verifyBooks({ ctx: exchange.server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
