import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { pairOf } from './client.js';
import {
  expectAnswer,
  expectBody,
  expectFlat,
  expectInvalid,
  expectNothing,
  expectSound,
} from './contract.js';
import { Exchange, makeApplication, makeTrunk } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;
let sub: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
  sub = await exchange.sub(master);
});

afterAll(() => exchange.close());

/** The same path in every spelling that clients of both generations send. */
function spellings(rest: string): string[] {
  const [path = '', query] = rest.split('?');
  const tail = query === undefined ? '' : `?${query}`;
  const bare = path.replace(/\/$/, '');
  return ['Account', 'account', 'ACCOUNT'].flatMap((word) => [
    `/${word}/${master.id}${bare}${tail}`,
    `/${word}/${master.id}${bare}/${tail}`,
  ]);
}

describe('the word Account, and the slash at the end', () => {
  it.each([
    '/numbers',
    '/numbers?page=1&per_page=5',
    '/inventory/numbers',
    '/trunks',
    '/Application/',
    '/balance/INR',
    '/transactions',
    '/transactions/reference-types',
    '/cdr',
    '/cdr/search',
    '/cdr/recent',
    '/cdr/export',
  ])('GET %s is served in every spelling, with one answer', async (rest) => {
    const answers = await Promise.all(spellings(rest).map((path) => master.call('GET', path)));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(plain(answer.body)).toEqual(plain(answers[0]?.body));
    }
  });

  it('do not matter for a purchase', async () => {
    for (const path of spellings('/numbers/purchase-from-inventory')) {
      expectAnswer(await master.call('POST', path, { e164: await exchange.stockOne() }), 'bought');
    }
  });

  it('do not matter for a release and its cancellation', async () => {
    const inPath = encodeURIComponent(await exchange.bought(master));
    const cancels = spellings(`/numbers/${inPath}/cancel-release`);
    for (const [index, path] of spellings(`/numbers/${inPath}`).entries()) {
      expectAnswer(await master.call('DELETE', path), 'releasing');
      expectAnswer(await master.call('POST', cancels[index] ?? ''), 'cancelled');
    }
  });

  it('do not matter for routing', async () => {
    const inPath = encodeURIComponent(await exchange.bought(master));
    const trunk_group_id = await makeTrunk(master);
    for (const path of spellings(`/numbers/${inPath}/assign`)) {
      expectNothing(await master.call('POST', path, { trunk_group_id }));
      expectNothing(await master.call('DELETE', path));
    }
    const application_id = await makeApplication(master);
    for (const path of spellings(`/numbers/${inPath}/application`)) {
      expectAnswer(await master.call('POST', path, { application_id }), 'attached');
      expectAnswer(await master.call('DELETE', path), 'detached');
    }
  });

  it('do not matter for sub-accounts and health', async () => {
    const inPath = encodeURIComponent(await exchange.bought(master));
    for (const path of spellings(`/numbers/${inPath}/assign-subaccount`)) {
      expectNothing(await master.call('POST', path, { sub_account_id: sub.id }));
      expectNothing(await master.call('DELETE', path));
    }
    for (const path of spellings(`/numbers/${inPath}/health`)) {
      expectAnswer(await master.call('GET', path), 'health');
    }
    for (const end of ['', '/']) {
      expectAnswer(await master.subAccounts('GET', end), 'subAccounts');
      expectAnswer(await master.subAccounts('GET', `/${sub.id}${end}`), 'subAccount');
      expectAnswer(await master.call('GET', `/auth/me${end}`), 'me');
    }
  });
});

/** An answer without what is made for each request alone. */
function plain(body: unknown): unknown {
  return typeof body === 'object' ? { ...body, api_id: undefined } : body;
}

describe('a number in a path', () => {
  const forms: readonly [name: string, write: (digits: string) => string][] = [
    ['an encoded plus', (digits) => `%2B${digits}`],
    ['an encoded plus in lower case', (digits) => `%2b${digits}`],
    ['a literal plus', (digits) => `+${digits}`],
    ['digits only', (digits) => digits],
    ['a plus that is encoded twice', (digits) => `%252B${digits}`],
  ];

  it.each(forms)('may be spelled with %s on every route', async (_name, write) => {
    const number = await exchange.bought(master);
    const written = write(number.slice(1));
    const path = `/numbers/${written}`;
    const shown = await master.get(path);
    expectAnswer(shown, 'number');
    expect(at(shown.body, 'e164')).toBe(number);
    expectNothing(
      await master.account('POST', `${path}/assign`, { trunk_group_id: await makeTrunk(master) }),
    );
    expectNothing(await master.account('DELETE', `${path}/assign`));
    const application_id = await makeApplication(master);
    const attached = await master.account('POST', `${path}/application`, { application_id });
    expectAnswer(attached, 'attached');
    expect(at(attached.body, 'number')).toBe(number);
    expectAnswer(await master.account('DELETE', `${path}/application`), 'detached');
    const sub_account_id = sub.id;
    expectNothing(await master.account('POST', `${path}/assign-subaccount`, { sub_account_id }));
    expectNothing(await master.account('DELETE', `${path}/assign-subaccount`));
    expect(at((await master.account('GET', `${path}/health`)).body, 'e164')).toBe(number);
    expectAnswer(await master.account('DELETE', path), 'releasing');
    expectAnswer(await master.account('POST', `${path}/cancel-release`), 'cancelled');
  });

  it.each(['abc', '%2Babc', '%2B', '%2B0918041234567', '123', '%2B1234567890123456', '%2B9180-4123'])(
    '%s is malformed: 400 on every route',
    async (written) => {
      const path = `/numbers/${written}`;
      expectInvalid(await master.get(path));
      expectInvalid(await master.account('DELETE', path));
      expectInvalid(
        await master.account('POST', `${path}/assign`, { trunk_group_id: await makeTrunk(master) }),
      );
      expectInvalid(await master.account('DELETE', `${path}/assign`));
      const application_id = await makeApplication(master);
      expectInvalid(await master.account('POST', `${path}/application`, { application_id }));
      expectInvalid(await master.account('DELETE', `${path}/application`));
      expectInvalid(await master.account('POST', `${path}/assign-subaccount`, { sub_account_id: sub.id }));
      expectInvalid(await master.account('DELETE', `${path}/assign-subaccount`));
      expectInvalid(await master.account('GET', `${path}/health`));
      expect((await master.account('POST', `${path}/cancel-release`)).status).toBe(400);
    },
  );
});

describe('what is not there', () => {
  it.each([
    '/nothing',
    '/Account',
    '/Account/ID',
    '/Account/ID/nothing',
    '/Account/ID/Numbers',
    '/Account/ID/INVENTORY/numbers',
    '/Account/ID/inventory',
    '/Account/ID/numbers/%2B918041234567/nothing',
    '/Auth/me',
    '/auth/you',
  ])('GET %s is 404', async (path) => {
    expectFlat(await master.call('GET', path.replace('ID', master.id)), 404, 'not_found');
  });

  it('has no search route of its own: “search” is a malformed number', async () => {
    const answer = await master.get('/numbers/search');
    expect([400, 404]).toContain(answer.status);
    expectSound(answer, 'search');
  });

  it.each([
    ['PATCH', '/numbers'],
    ['POST', '/numbers'],
    ['GET', '/numbers/purchase-from-inventory'],
    ['POST', '/inventory/numbers'],
    ['PUT', '/numbers/%2B918041234567/assign'],
    ['DELETE', '/balance/INR'],
  ])('%s %s is refused', async (verb, path) => {
    const answer = await master.account(verb, path);
    expect([400, 404, 405], JSON.stringify(answer.body)).toContain(answer.status);
    expectSound(answer, `${verb} ${path}`);
  });

  it('below /api/v1 has nothing to do with the neighbours', async () => {
    const headers = pairOf(master.credentials);
    const path = `/v1/Account/${master.id}/numbers`;
    expect((await ask(exchange.server.url, undefined, 'GET', path, undefined, headers)).status).not.toBe(200);
    const other = await ask(exchange.server.url, undefined, 'GET', '/numex/v1/nothing');
    expect(other.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('a body', () => {
  it('that is no JSON object is an invalid request', async () => {
    const number = await exchange.bought(master);
    const paths = [
      '/numbers/purchase-from-inventory',
      `/numbers/${number}/assign`,
      `/numbers/${number}/application`,
      `/numbers/${number}/assign-subaccount`,
      '/trunks',
      '/Application/',
    ];
    for (const path of paths) {
      for (const body of ['{', '[]', '"x"', '1', 'null', 'true']) {
        expectInvalid(await master.account('POST', path, body));
      }
      expectInvalid(await master.account('POST', path));
    }
    for (const body of ['{', '[]', 'null']) expectInvalid(await master.subAccounts('POST', '/', body));
  });

  it('may have keys that nobody knows', async () => {
    expectAnswer(await master.buy(await exchange.stockOne(), { colour: 'red', number_id: 'x' }), 'bought');
  });

  it('without the number names the field', async () => {
    const answer = await master.account('POST', '/numbers/purchase-from-inventory', {});
    expectBody(answer, 400, { error: 'invalid request', message: 'e164 is required' });
  });
});
