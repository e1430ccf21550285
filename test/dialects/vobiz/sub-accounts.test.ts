import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { basicOf, rows, VobizClient } from './client.js';
import {
  expectAnswer,
  expectBody,
  expectFlat,
  expectInvalid,
  expectMismatch,
  expectNothing,
  expectUnauthorized,
} from './contract.js';
import { Exchange } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
});

afterAll(() => exchange.close());

/** Makes a sub-account by the API; answers its client. */
async function make(parent: VobizClient, body: object = {}): Promise<VobizClient> {
  const answer = await parent.subAccounts('POST', '/', { name: 'Ops EU', ...body });
  expectAnswer(answer, 'subAccountMade', 201);
  return new VobizClient(parent.url, {
    authId: String(at(answer.body, 'auth_credentials.auth_id')),
    authToken: String(at(answer.body, 'auth_credentials.auth_token')),
  });
}

const idOf = (client: VobizClient) => client.credentials.authId;

describe('a new sub-account', () => {
  it('comes with its secret, and with defaults for what was not said', async () => {
    const answer = await master.subAccounts('POST', '/', { name: 'Ops EU' });
    expectAnswer(answer, 'subAccountMade', 201);
    const made = at(answer.body, 'sub_account');
    expect(made).toMatchObject({
      name: 'Ops EU',
      email: null,
      phone: null,
      description: null,
      rate_limit: 1000,
      parent_auth_id: master.id,
      enabled: true,
      is_active: true,
      last_used: null,
      kyc_mode: 'personal_use',
      email_verified: false,
    });
    const authId = String(at(made, 'auth_id'));
    expect(at(answer.body, 'auth_credentials')).toEqual({
      auth_id: authId,
      auth_token: at(made, 'auth_token'),
    });
    expect(at(made, 'account')).toBe(`/v1/Account/${master.id}/`);
    expect(at(made, 'resource_uri')).toBe(`/v1/Account/${master.id}/Subaccount/${authId}/`);
    expect(Date.parse(String(at(made, 'created_at')))).toBe(exchange.server.clock.now().getTime());
  });

  it('keeps what it was given', async () => {
    const shown = {
      name: 'Ops IN',
      email: 'ops@example.com',
      phone: '+918041230000',
      description: 'For the Indian desk',
      rate_limit: 50,
      permissions: { calls: true, cdr: false },
      kyc_mode: 'customer_use',
    };
    const made = await master.subAccounts('POST', '/', { ...shown, business_type: 'private_limited' });
    expectAnswer(made, 'subAccountMade', 201);
    expect(at(made.body, 'sub_account')).toMatchObject(shown);
    const read = await master.subAccounts('GET', `/${String(at(made.body, 'sub_account.auth_id'))}`);
    expect(read.body).toMatchObject(shown);
  });

  it('never shows secret or password again', async () => {
    const password = 'correct horse battery staple';
    const sub = await make(master, { password });
    const answers = [
      await master.subAccounts('GET', `/${idOf(sub)}`),
      await master.subAccounts('GET', '/?size=100'),
      await master.subAccounts('PUT', `/${idOf(sub)}`, { name: 'Other' }),
      await sub.call('GET', '/auth/me'),
    ];
    for (const answer of answers) {
      const text = JSON.stringify(answer.body);
      expect(answer.status, text).toBe(200);
      expect(text).not.toContain(sub.credentials.authToken);
      expect(text).not.toContain(password);
      expect(text).toContain('<redacted>');
    }
  });

  it('can be worked with at once, by pair and by Basic, its parent paying', async () => {
    const parent = await exchange.master({ balances: { INR: 50_000 } });
    const sub = await make(parent);
    expectAnswer(await sub.list(), 'numbers');
    const path = `/api/v1/Account/${idOf(sub)}/numbers`;
    const basic = basicOf(sub.credentials);
    expectAnswer(await ask(parent.url, undefined, 'GET', path, undefined, basic), 'numbers');
    expectAnswer(await sub.buy(await exchange.stockOne()), 'bought');
    expect(await exchange.balanceOf(parent)).toBe(0);
  });

  it('that is made disabled does not work', async () => {
    const sub = await make(master, { enabled: false });
    expectUnauthorized(await sub.list());
  });

  it.each([
    {},
    { name: '' },
    { name: 5 },
    { name: null },
    { name: 'A', rate_limit: 'many' },
    { name: 'A', rate_limit: 1.5 },
    { name: 'A', enabled: 'yes' },
    { name: 'A', permissions: [] },
    { name: 'A', permissions: { calls: 'yes' } },
    { name: 'A', kyc_mode: 'nobody_use' },
    { name: 'A', kyc_mode: 'customer_use' },
  ])('is not made of %j', async (body) => {
    const parent = await exchange.master();
    expectInvalid(await parent.subAccounts('POST', '/', body));
    expect(at((await parent.subAccounts('GET')).body, 'total')).toBe(0);
  });
});

describe('the list of sub-accounts', () => {
  it('has the newest first, in pages', async () => {
    const parent = await exchange.master();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      made.unshift(idOf(await make(parent, { name: `Sub ${i}` })));
      exchange.advance(1);
    }
    const ids = async (query: string) => {
      const answer = await parent.subAccounts('GET', `/${query}`);
      expectAnswer(answer, 'subAccounts');
      expect(at(answer.body, 'total')).toBe(5);
      return rows(answer, 'sub_accounts').map((row) => row['auth_id']);
    };
    expect(await ids('')).toEqual(made);
    expect(await ids('?size=2')).toEqual(made.slice(0, 2));
    expect(await ids('?size=2&page=3')).toEqual(made.slice(4));
    expect(await ids('?size=2&page=4')).toEqual([]);
    expect(await ids('?size=0&page=0')).toEqual(made);
    expect(await ids('?size=x&page=-1')).toEqual(made);
    const answer = await parent.subAccounts('GET', '/?size=2&page=2');
    expect(answer.body).toMatchObject({ page: 2, size: 2 });
    expect((await parent.subAccounts('GET')).body).toMatchObject({ page: 1, size: 25 });
  });

  it('can be of the active ones alone', async () => {
    const parent = await exchange.master();
    const active = await make(parent);
    const disabled = await make(parent, { enabled: false });
    const ids = async (query: string) =>
      rows(await parent.subAccounts('GET', `/${query}`), 'sub_accounts').map((row) => row['auth_id']);
    expect(await ids('?active_only=true')).toEqual([idOf(active)]);
    expect((await ids('?active_only=false')).sort()).toEqual([idOf(active), idOf(disabled)].sort());
    expect(await ids('')).toHaveLength(2);
  });

  it('is empty at first', async () => {
    const parent = await exchange.master();
    const answer = await parent.subAccounts('GET');
    expect(answer.body).toEqual({ sub_accounts: [], total: 0, page: 1, size: 25 });
  });
});

describe('changing a sub-account', () => {
  it('changes what is given and nothing else', async () => {
    const sub = await make(master, { description: 'Old', rate_limit: 50 });
    const path = `/${idOf(sub)}`;
    const before = await master.subAccounts('GET', path);
    exchange.advance(60);
    const answer = await master.subAccounts('PUT', path, { name: 'New name' });
    expectAnswer(answer, 'subAccount');
    expect(answer.body).toMatchObject({ name: 'New name', description: 'Old', rate_limit: 50 });
    expect(at(answer.body, 'created_at')).toBe(at(before.body, 'created_at'));
    expect(at(answer.body, 'updated_at')).not.toBe(at(before.body, 'updated_at'));
    expect((await master.subAccounts('GET', path)).body).toMatchObject({ name: 'New name' });
  });

  it.each([{ name: '' }, { name: 5 }, { enabled: 'no' }, { rate_limit: -1 }, { kyc_mode: 'x' }])(
    'to %j is refused',
    async (body) => {
      const sub = await make(master);
      expectInvalid(await master.subAccounts('PUT', `/${idOf(sub)}`, body));
      expect(at((await master.subAccounts('GET', `/${idOf(sub)}`)).body, 'name')).toBe('Ops EU');
    },
  );

  it('to disabled stops its credentials, but takes none of its numbers', async () => {
    const sub = await make(master);
    const number = await exchange.bought(sub);
    const path = `/${idOf(sub)}`;
    const disabled = await master.subAccounts('PUT', path, { enabled: false });
    expect(disabled.body).toMatchObject({ enabled: false });
    expectUnauthorized(await sub.list());
    expectUnauthorized(await sub.buy(await exchange.stockOne()));
    expectUnauthorized(await sub.call('GET', '/auth/me'));
    const [held] = rows(await master.list(`?search=${number.slice(1)}`));
    expect(held).toMatchObject({ account_id: idOf(sub), status: 'active' });
    expectAnswer(await master.on(idOf(sub)).list(), 'numbers');
    expect((await master.subAccounts('PUT', path, { enabled: true })).body).toMatchObject({ enabled: true });
    expectAnswer(await sub.list(), 'numbers');
  });
});

describe('deleting a sub-account', () => {
  it('revokes its credentials for good', async () => {
    const sub = await make(master);
    const path = `/${idOf(sub)}`;
    const answer = await master.subAccounts('DELETE', path);
    expectAnswer(answer, 'subAccountDeleted');
    expectUnauthorized(await sub.list());
    expectFlat(await master.subAccounts('GET', path), 404, 'not_found');
    expectFlat(await master.subAccounts('PUT', path, { enabled: true }), 404, 'not_found');
    expectFlat(await master.subAccounts('DELETE', path), 404, 'not_found');
    const left = rows(await master.subAccounts('GET', '/?size=100'), 'sub_accounts');
    expect(left.map((row) => row['auth_id'])).not.toContain(idOf(sub));
    const number = await exchange.bought(master);
    const noSuch = { error: 'not_found', message: 'number or sub-account not found' };
    expectBody(await master.give(number, idOf(sub)), 404, noSuch);
  });

  it('waits until its numbers have moved, minding the cool-off', async () => {
    const sub = await make(master);
    const number = await exchange.bought(master);
    expectNothing(await master.give(number, idOf(sub)));
    await exchange.bringCalls({ to: number, ago: 60 });
    const path = `/${idOf(sub)}`;
    expectFlat(await master.subAccounts('DELETE', path), 409, 'conflict');
    expect((await master.takeBack(number)).status).toBe(409);
    expectFlat(await master.subAccounts('DELETE', path), 409, 'conflict');
    expectAnswer(await sub.list(), 'numbers');
    exchange.advance(15 * 24 * 3600 - 60);
    expectNothing(await master.takeBack(number));
    expectAnswer(await master.subAccounts('DELETE', path), 'subAccountDeleted');
  });

  it('waits for a number that is pending release, until its window is over', async () => {
    const sub = await make(master);
    const number = await exchange.bought(sub);
    await sub.release(number);
    const path = `/${idOf(sub)}`;
    expectFlat(await master.subAccounts('DELETE', path), 409, 'conflict');
    expectAnswer(await sub.release(number, '?immediate=true'), 'released');
    expectAnswer(await master.subAccounts('DELETE', path), 'subAccountDeleted');
  });
});

describe('another’s sub-account', () => {
  it('is 404 on one’s own path and a mismatch on the other’s', async () => {
    const other = await exchange.master();
    const cousin = await make(other, { name: 'Theirs' });
    for (const id of [idOf(cousin), 'SA_NOBODY', other.id, master.id, '500017']) {
      const path = `/${id}`;
      expectFlat(await master.subAccounts('GET', path), 404, 'not_found');
      expectFlat(await master.subAccounts('PUT', path, { name: 'Mine' }), 404, 'not_found');
      expectFlat(await master.subAccounts('DELETE', path), 404, 'not_found');
    }
    const path = `/${idOf(cousin)}`;
    expectMismatch(await master.on(other.id).subAccounts('GET', path));
    expectMismatch(await master.on(other.id).subAccounts('PUT', path, { name: 'Mine' }));
    expectMismatch(await master.on(other.id).subAccounts('DELETE', path));
    expect((await other.subAccounts('GET', path)).body).toMatchObject({ name: 'Theirs', enabled: true });
  });

  it('is not for sub-accounts to see or make', async () => {
    const [sub, sibling] = [await make(master), await make(master)];
    expectMismatch(await sub.on(master.id).subAccounts('GET'));
    expectMismatch(await sub.on(master.id).subAccounts('GET', `/${idOf(sibling)}`));
    expectMismatch(await sub.on(master.id).subAccounts('POST', '/', { name: 'X' }));
    expectMismatch(await sub.on(master.id).subAccounts('DELETE', `/${idOf(sibling)}`));
    expect((await sub.subAccounts('POST', '/', { name: 'X' })).status).toBe(403);
  });
});
