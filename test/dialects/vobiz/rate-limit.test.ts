import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { VobizClient } from './client.js';
import { expectAnswer, expectShape } from './contract.js';
import { Exchange } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.open({ rateLimits: true });
});

afterAll(() => exchange.close());

function expectLimited(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(429);
  expectShape(answer.body, 'flat');
  expect(at(answer.body, 'error')).toBe('rate_limit_exceeded');
  expect(at(answer.body, 'message')).toMatch(/\S/);
  expect(answer.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
}

async function subWithLimit(parent: Caller, limit: number): Promise<VobizClient> {
  const answer = await parent.subAccounts('POST', '/', { name: 'Limited', rate_limit: limit });
  expectAnswer(answer, 'subAccountMade', 201);
  return new VobizClient(parent.url, {
    authId: String(at(answer.body, 'auth_credentials.auth_id')),
    authToken: String(at(answer.body, 'auth_credentials.auth_token')),
  });
}

describe('the rate limit', () => {
  it('is 1000 requests a minute', async () => {
    const [busy, quiet] = [await exchange.master(), await exchange.master()];
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => busy.call('GET', '/auth/me')));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    }
    expectLimited(await busy.call('GET', '/auth/me'));
    const number = await exchange.stockOne();
    expectLimited(await busy.buy(number));
    expectLimited(await busy.list());
    expectLimited(await busy.subAccounts('GET'));
    expect(await exchange.balanceOf(busy)).toBe(1_000_000);
    expectAnswer(await quiet.list(), 'numbers');
  });

  it('of a sub-account is its own, and takes nothing from its parent’s', async () => {
    const parent = await exchange.master();
    const sub = await subWithLimit(parent, 5);
    for (let i = 0; i < 5; i++) expectAnswer(await sub.list(), 'numbers');
    expectLimited(await sub.list());
    expectAnswer(await parent.list(), 'numbers');
    const other = await subWithLimit(parent, 5);
    expectAnswer(await other.list(), 'numbers');
  });

  it('of a sub-account follows a change of it at once', async () => {
    const parent = await exchange.master();
    const sub = await subWithLimit(parent, 3);
    for (let i = 0; i < 3; i++) expectAnswer(await sub.list(), 'numbers');
    expectLimited(await sub.list());
    await parent.subAccounts('PUT', `/${sub.credentials.authId}`, { rate_limit: 100 });
    for (let i = 0; i < 10; i++) expectAnswer(await sub.list(), 'numbers');
  });
});
