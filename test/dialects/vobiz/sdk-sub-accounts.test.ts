import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { rows, VobizClient } from './client.js';
import { expectAnswer, expectBadToken, expectInvalid } from './contract.js';
import { Exchange } from './exchange.js';
import type { Caller } from './exchange.js';

/** Sub-accounts and the calling account as the vendor's SDKs read them: sections 11.2, 11.4 and 11.5 of the contract. */

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master();
});

afterAll(() => exchange.close());

async function made() {
  const answer = await master.subAccounts('POST', '/', { name: 'Customer Co' });
  expectAnswer(answer, 'subAccountMade', 201);
  const [authId, authToken] = ['auth_id', 'auth_token'].map((name) =>
    String(at(answer.body, `auth_credentials.${name}`)),
  );
  const tokens = ['access_token', 'refresh_token'].map((name) => String(at(answer.body, `tokens.${name}`)));
  const client = new VobizClient(master.url, { authId: authId ?? '', authToken: authToken ?? '' });
  return { client, tokens, expiresIn: Number(at(answer.body, 'tokens.expires_in')) };
}

const asBearer = (token: string, path: string, method = 'GET', body?: unknown) =>
  ask(master.url, undefined, method, `/api/v1${path}`, body, { authorization: `Bearer ${token}` });

describe('the tokens of a new sub-account', () => {
  it('work as Bearer, for the sub-account only, as long as they say', async () => {
    const { client, tokens, expiresIn } = await made();
    const { authId } = client.credentials;
    for (const token of tokens) {
      const me = await asBearer(token, '/auth/me');
      expectAnswer(me, 'me');
      expect(at(me.body, 'auth_id')).toBe(authId);
      expectAnswer(await asBearer(token, `/Account/${authId}/trunks`, 'POST', { name: 'T' }), 'trunk', 201);
      expect((await asBearer(token, `/Account/${master.id}/numbers`)).status).toBe(403);
    }
    exchange.advance(expiresIn - 1);
    for (const token of tokens) expect((await asBearer(token, '/auth/me')).status).toBe(200);
    exchange.advance(1);
    for (const token of tokens) expectBadToken(await asBearer(token, '/auth/me'));
    expectAnswer(await client.call('GET', '/auth/me'), 'me');
  });

  it('end with the sub-account', async () => {
    const { client, tokens } = await made();
    await master.subAccounts('DELETE', `/${client.credentials.authId}`);
    for (const token of tokens) expectBadToken(await asBearer(token, '/auth/me'));
  });

  it('are shown once: a repeat with the same key has none of the secrets', async () => {
    const headers = { 'idempotency-key': 'one-customer' };
    const create = () =>
      master.call('POST', `/accounts/${master.id}/sub-accounts/`, { name: 'Once' }, headers);
    const first = await create();
    expectAnswer(first, 'subAccountMade', 201);
    const again = await create();
    expect(at(again.body, 'auth_credentials.auth_id')).toBe(at(first.body, 'auth_credentials.auth_id'));
    expect(at(again.body, 'tokens')).toMatchObject({
      access_token: '<redacted>',
      refresh_token: '<redacted>',
    });
    for (const secret of ['auth_credentials.auth_token', 'tokens.access_token', 'tokens.refresh_token']) {
      expect(JSON.stringify(again.body)).not.toContain(String(at(first.body, secret)));
    }
  });
});

describe('a sub-account’s permissions', () => {
  it('are echoed as they were told', async () => {
    const permissions = { calls: false, cdr: true };
    const answer = await master.subAccounts('POST', '/', { name: 'P', permissions });
    expectAnswer(answer, 'subAccountMade', 201);
    expect(at(answer.body, 'sub_account.permissions')).toEqual(permissions);
    const path = `/${String(at(answer.body, 'sub_account.auth_id'))}`;
    expect(at((await master.subAccounts('GET', path)).body, 'permissions')).toEqual(permissions);
  });

  it.each([
    ['name', 'half a pair \ud800'],
    ['description', '\udc00'],
    ['permissions', { '\ud800': true }],
    ['permissions', { ['x'.repeat(101)]: true }],
    ['permissions', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`p${i}`, true]))],
  ])('and texts that no row can keep are refused, naming the field %s', async (field, value) => {
    const { client } = await made();
    for (const answer of [
      await master.subAccounts('POST', '/', { name: 'P', [field]: value }),
      await master.subAccounts('PUT', `/${client.credentials.authId}`, { [field]: value }),
    ]) {
      expectInvalid(answer);
      expect(at(answer.body, 'message')).toContain(field);
    }
  });
});

describe('the calling account', () => {
  it('has every member that the SDKs name, a master as well as a sub-account', async () => {
    const answer = await master.call('GET', '/auth/me');
    expectAnswer(answer, 'me');
    expect(answer.body).toMatchObject({ email: '', phone: '', country: '' });
    const made = await master.subAccounts('POST', '/', { name: 'S', email: 's@example.com', phone: '+91' });
    const sub = new VobizClient(master.url, {
      authId: String(at(made.body, 'auth_credentials.auth_id')),
      authToken: String(at(made.body, 'auth_credentials.auth_token')),
    });
    const me = await sub.call('GET', '/auth/me');
    expectAnswer(me, 'me');
    expect(me.body).toMatchObject({ email: 's@example.com', phone: '+91', credit_limit: 0, postpaid: false });
  });
});

describe('include_subaccounts', () => {
  it.each(['0', 'false', 'False', 'no'])('is off for “%s”', async (word) => {
    const sub = await exchange.sub(master);
    await exchange.bought(sub);
    const accounts = rows(await master.list(`?include_subaccounts=${word}`)).map((row) => row['account_id']);
    expect(accounts).not.toContain(sub.id);
    expect(rows(await master.list('?include_subaccounts=1')).map((row) => row['account_id'])).toContain(
      sub.id,
    );
  });
});
