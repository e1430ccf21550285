import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { blockAccount } from '../../../src/core/accounts/index.js';
import { basicOf, pairOf, VobizClient } from './client.js';
import type { Headers } from './client.js';
import {
  expectAnswer,
  expectBadToken,
  expectBody,
  expectGateway,
  expectMismatch,
  expectUnauthorized,
} from './contract.js';
import { Exchange, uuidOfNobody } from './exchange.js';
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

const number = '%2B918041234567';

/** Every call that is refused with the flat 401: verb and path, `ID` standing for the auth id. */
const routes: readonly [verb: string, path: string][] = [
  ['GET', '/Account/ID/numbers'],
  ['GET', `/Account/ID/numbers/${number}`],
  ['GET', '/Account/ID/inventory/numbers'],
  ['POST', '/Account/ID/numbers/purchase-from-inventory'],
  ['DELETE', `/Account/ID/numbers/${number}`],
  ['POST', `/Account/ID/numbers/${number}/assign`],
  ['DELETE', `/Account/ID/numbers/${number}/assign`],
  ['POST', `/Account/ID/numbers/${number}/application`],
  ['DELETE', `/Account/ID/numbers/${number}/application`],
  ['POST', `/account/ID/numbers/${number}/assign-subaccount`],
  ['DELETE', `/account/ID/numbers/${number}/assign-subaccount`],
  ['GET', `/account/ID/numbers/${number}/health`],
  ['GET', '/Account/ID/trunks'],
  ['POST', '/Account/ID/trunks'],
  ['GET', `/Account/ID/trunks/${uuidOfNobody}`],
  ['PUT', `/Account/ID/trunks/${uuidOfNobody}`],
  ['DELETE', `/Account/ID/trunks/${uuidOfNobody}`],
  ['GET', '/Account/ID/Application/'],
  ['POST', '/Account/ID/Application/'],
  ['GET', '/Account/ID/Application/31415926535897932/'],
  ['POST', '/Account/ID/Application/31415926535897932/'],
  ['DELETE', '/Account/ID/Application/31415926535897932/'],
  ['GET', '/accounts/ID/sub-accounts/'],
  ['POST', '/accounts/ID/sub-accounts/'],
  ['GET', '/accounts/ID/sub-accounts/SA_NOBODY'],
  ['PUT', '/accounts/ID/sub-accounts/SA_NOBODY'],
  ['DELETE', '/accounts/ID/sub-accounts/SA_NOBODY'],
  ['GET', '/Account/ID/balance/INR'],
  ['GET', '/Account/ID/transactions'],
  ['GET', '/Account/ID/transactions/reference-types'],
  ['GET', '/Account/ID/cdr'],
  ['GET', '/Account/ID/cdr/search'],
  ['GET', '/Account/ID/cdr/recent'],
  ['GET', '/Account/ID/cdr/export'],
  ['GET', `/Account/ID/cdr/${uuidOfNobody}`],
];
const everyRoute = [...routes, ['GET', '/auth/me'] as const];

function send(verb: string, path: string, headers: Headers, of: Caller = master): Promise<Answer> {
  const body = verb === 'POST' || verb === 'PUT' ? {} : undefined;
  return ask(exchange.server.url, undefined, verb, `/api/v1${path.replace('ID', of.id)}`, body, headers);
}

const list = (headers: Headers, of?: Caller) => send('GET', '/Account/ID/numbers', headers, of);

describe('without good credentials', () => {
  it.each(everyRoute)('%s %s is 401 before anything else is looked at', async (verb, path) => {
    const { authId, authToken } = master.credentials;
    const bad: Headers[] = [
      {},
      { 'x-auth-id': authId },
      { 'x-auth-token': authToken },
      { 'x-auth-id': authId, 'x-auth-token': '' },
      { 'x-auth-id': '', 'x-auth-token': authToken },
      { 'x-auth-id': authId, 'x-auth-token': `${authToken}0` },
      { 'x-auth-id': authId, 'x-auth-token': authToken.toUpperCase() },
      { 'x-auth-id': 'MA_NOBODY', 'x-auth-token': authToken },
    ];
    for (const headers of bad) expectUnauthorized(await send(verb, path, headers));
  });

  it.each(everyRoute)('%s %s with an account token as a Bearer alone is a bad token', async (verb, path) => {
    for (const token of [master.credentials.authToken, 'eyJhbGciOiJIUzI1NiJ9.e30.x', 'x']) {
      expectBadToken(await send(verb, path, { authorization: `Bearer ${token}` }));
    }
  });

  it('cancelling a release says so in the gateway’s words, however they are wrong', async () => {
    const path = `/account/ID/numbers/${number}/cancel-release`;
    const bearer = { authorization: `Bearer ${master.credentials.authToken}` };
    for (const headers of [{}, bearer, pairOf({ authId: master.id, authToken: 'wrong' })]) {
      expectBadToken(await send('POST', path, headers));
    }
  });

  it('one secret belongs to one auth id: those of parent and child cannot be mixed', async () => {
    const mixed = [
      { authId: master.id, authToken: sub.credentials.authToken },
      { authId: sub.id, authToken: master.credentials.authToken },
    ];
    for (const credentials of mixed) {
      expectUnauthorized(await list(pairOf(credentials)));
      expectUnauthorized(await list(basicOf(credentials)));
    }
  });

  it('a Basic header that does not decode, or decodes to nonsense, is 401', async () => {
    const words = ['Basic', 'Basic ', 'Basic !!!', `Basic ${Buffer.from('noColon').toString('base64')}`];
    for (const authorization of [...words, 'Digest x', 'Nonsense']) {
      const answer = await list({ authorization });
      expect(answer.status, authorization).toBe(401);
    }
  });
});

describe('good credentials', () => {
  it('may come as the pair, in any case of the header names', async () => {
    const { authId, authToken } = master.credentials;
    expectAnswer(await list({ 'X-Auth-ID': authId, 'X-Auth-Token': authToken }), 'numbers');
    expectAnswer(await list({ 'X-AUTH-ID': authId, 'x-auth-token': authToken }), 'numbers');
  });

  it('make any Authorization header beside the pair unimportant', async () => {
    const others = ['Bearer undefined', 'Bearer ', `Bearer ${sub.credentials.authToken}`, 'Basic !!!', 'Odd'];
    const wrongBasic = basicOf({ authId: 'MA_NOBODY', authToken: 'x' }).authorization ?? '';
    for (const authorization of [...others, wrongBasic]) {
      expectAnswer(await list({ ...pairOf(master.credentials), authorization }), 'numbers');
    }
  });

  it('may come as HTTP Basic on every reading route', async () => {
    const basic = basicOf(master.credentials);
    for (const path of ['/Account/ID/numbers', '/Account/ID/inventory/numbers', '/Account/ID/transactions']) {
      expect((await send('GET', path, basic)).status, path).toBe(200);
    }
    expectAnswer(await send('GET', '/auth/me', basic), 'me');
    expectAnswer(
      await send('GET', '/auth/me', {
        authorization: String(basic['authorization']).replace('Basic', 'basic'),
      }),
      'me',
    );
  });

  it('may come as HTTP Basic for a cancelled release', async () => {
    const bought = await exchange.bought(master);
    expectAnswer(await master.release(bought), 'releasing');
    const path = `/account/ID/numbers/${encodeURIComponent(bought)}/cancel-release`;
    expectAnswer(await send('POST', path, basicOf(master.credentials)), 'cancelled');
  });

  it('serve with and without a content type, also with an empty body', async () => {
    for (const type of [{}, { 'content-type': 'application/json' }]) {
      expectAnswer(await list({ ...pairOf(master.credentials), ...type }), 'numbers');
      const bought = await exchange.bought(master);
      const inPath = encodeURIComponent(bought);
      expectAnswer(await master.account('DELETE', `/numbers/${inPath}`, undefined, type), 'releasing');
      const cancel = `/account/${master.id}/numbers/${inPath}/cancel-release`;
      expectAnswer(await master.call('POST', cancel, undefined, type), 'cancelled');
    }
  });

  it('stop at once when the key is revoked', async () => {
    const leaver = await exchange.master();
    expectAnswer(await leaver.list(), 'numbers');
    const now = exchange.server.clock.now();
    await exchange.server
      .sql`update api_key set revoked_at = ${now} where account_id = ${leaver.tenant.account.id}`;
    expectUnauthorized(await leaver.list());
  });

  it('of an account that the operator has blocked are refused', async () => {
    const blocked = await exchange.master();
    await blockAccount({ ctx: exchange.server.operator(), input: { account: blocked.id, blocked: true } });
    const answer = await blocked.list();
    expect([401, 403]).toContain(answer.status);
    expect(at(answer.body, 'items')).toBeUndefined();
  });
});

describe('the auth id of the path', () => {
  it.each(routes)('%s %s of another account is a mismatch', async (verb, path) => {
    const stranger = await exchange.master();
    expectMismatch(await send(verb, path, pairOf(stranger.credentials)));
  });

  it('that is nobody’s is a mismatch as well', async () => {
    expectMismatch(await master.on('MA_NOBODY').list());
    expectMismatch(await master.on('SA_NOBODY').list());
    expectMismatch(await master.on('0').list());
  });

  it('of another account is plain “access denied” for a cancelled release', async () => {
    const stranger = await exchange.master();
    expectBody(await stranger.on(master.id).cancelRelease('+918041234567'), 403, { error: 'access denied' });
  });

  it('may be a child’s for its parent, but not the other way round, nor a sibling’s', async () => {
    const sibling = await exchange.sub(master);
    const cousin = await exchange.sub(await exchange.master());
    expectAnswer(await master.on(sub.id).list(), 'numbers');
    expectAnswer(await sub.list(), 'numbers');
    expectMismatch(await sub.on(master.id).list());
    expectMismatch(await sub.on(sibling.id).list());
    expectMismatch(await master.on(cousin.id).list());
  });

  it('may be anybody’s for the operator, under whatever auth id', async () => {
    const admin = await exchange.admin();
    expectAnswer(await admin.on(master.id).list(), 'numbers');
    expectAnswer(await admin.on(sub.id).list(), 'numbers');
    const other = new VobizClient(admin.url, { ...admin.credentials, authId: sub.id });
    expectAnswer(await other.on(master.id).list(), 'numbers');
    expectAnswer(await admin.on(master.id).buy(await exchange.stockOne()), 'bought');
  });
});

describe('a key that may only read', () => {
  /** Every writing call, in a form that a full key is served for or told what is missing. */
  const writes: readonly [verb: string, path: string, body?: object][] = [
    ['DELETE', `/Account/ID/numbers/${number}`],
    ['DELETE', `/Account/ID/numbers/${number}?immediate=true`],
    ['POST', `/Account/ID/numbers/${number}/assign`, { trunk_group_id: uuidOfNobody }],
    ['DELETE', `/Account/ID/numbers/${number}/assign`],
    ['POST', `/Account/ID/numbers/${number}/application`, { application_id: '31415926535897932' }],
    ['DELETE', `/Account/ID/numbers/${number}/application`],
    ['POST', `/account/ID/numbers/${number}/assign-subaccount`, { sub_account_id: 'SA_NOBODY' }],
    ['DELETE', `/account/ID/numbers/${number}/assign-subaccount`],
    ['POST', '/Account/ID/trunks', { name: 'T', trunk_type: 'INBOUND' }],
    ['PUT', `/Account/ID/trunks/${uuidOfNobody}`, { name: 'T' }],
    ['DELETE', `/Account/ID/trunks/${uuidOfNobody}`],
    ['POST', '/Account/ID/Application/', { app_name: 'A', answer_url: 'https://example.com/' }],
    ['POST', '/Account/ID/Application/31415926535897932/', { app_name: 'A' }],
    ['DELETE', '/Account/ID/Application/31415926535897932/'],
    ['POST', '/accounts/ID/sub-accounts/', { name: 'S' }],
    ['PUT', '/accounts/ID/sub-accounts/SA_NOBODY', { name: 'S' }],
    ['DELETE', '/accounts/ID/sub-accounts/SA_NOBODY'],
  ];

  it('reads', async () => {
    const reader = await exchange.master({ scope: 'read' });
    expectAnswer(await reader.list(), 'numbers');
    expectAnswer(await reader.inventory(), 'inventory');
    expectAnswer(await reader.transactions(), 'transactions');
    expectAnswer(await reader.subAccounts('GET'), 'subAccounts');
    expectAnswer(await reader.call('GET', '/auth/me'), 'me');
  });

  it.each(writes)('may not %s %s', async (verb, path, body) => {
    const reader = await exchange.master({ scope: 'read' });
    expectGateway(await reader.call(verb, path.replace('ID', reader.id), body), 403);
  });

  it('buys nothing and cancels nothing', async () => {
    const reader = await exchange.master({ scope: 'read' });
    expectGateway(await reader.buy(await exchange.stockOne()), 403);
    expect((await reader.cancelRelease('+918041234567')).status).toBe(403);
    expect(at((await reader.list()).body, 'total')).toBe(0);
    expect(await exchange.balanceOf(reader)).toBe(1_000_000);
  });
});

describe('the account itself', () => {
  it('is shown without its secret', async () => {
    const answer = await master.call('GET', '/auth/me');
    expectAnswer(answer, 'me');
    expect(at(answer.body, 'auth_id')).toBe(master.id);
    expect(at(answer.body, 'pricing_tier.currency')).toBe('INR');
    expect(JSON.stringify(answer.body)).not.toContain(master.credentials.authToken);
  });

  it('is the sub-account for a sub-account’s credentials', async () => {
    const answer = await sub.call('GET', '/auth/me');
    expect(answer.status).toBe(200);
    expect(at(answer.body, 'auth_id')).toBe(sub.id);
  });
});
