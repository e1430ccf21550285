import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import type { Answer, Client } from './client.js';
import { didTypesAnswer, infoAnswer } from './contract.js';
import { Exchange, paths } from './exchange.js';

const limit = 80;
let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.open({ rateLimits: true });
});

afterAll(() => exchange.close());

/** Makes calls one after the other and fails on the first that is not served. */
async function use(client: Client, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) {
    expectAnswer(await client.get(paths.didTypes), 200, didTypesAnswer);
  }
}

function expectLimited(answer: Answer): void {
  expectError(answer, 429);
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
}

describe('the rate limit', () => {
  it('serves 80 requests in a minute and refuses the next, on every route, saying when to come back', async () => {
    const { client } = await exchange.tenant();
    await use(client, limit);
    expectLimited(await client.get(paths.didTypes));
    expectLimited(await client.get(paths.regions));
    expectLimited(await client.get(paths.info));
    expectLimited(await client.post(paths.purchase, {}));
    expectLimited(await client.delete(`${paths.reservations}/x`));
  });

  it('counts each tenant by itself', async () => {
    const [busy, quiet] = [await exchange.tenant(), await exchange.tenant()];
    await use(busy.client, limit);
    expectLimited(await busy.client.get(paths.didTypes));
    await use(quiet.client, 2);
  });

  it('counts refused requests too', async () => {
    const { client } = await exchange.tenant();
    for (let call = 0; call < limit; call++) expectError(await client.get(paths.regions), 400);
    expectLimited(await client.get(paths.didTypes));
  });

  it('is what the account’s info says', async () => {
    const { client } = await exchange.tenant();
    const answer = expectAnswer(await client.get(paths.info), 200, infoAnswer);
    expect(answer.limits.requests_per_minute).toBe(limit);
  });

  it('buys nothing for a refused purchase', async () => {
    const tenant = await exchange.tenant();
    const number = await exchange.stockOne('losAngeles');
    await use(tenant.client, limit);
    expectLimited(await tenant.client.post(paths.purchase, { number }));
    expect(await exchange.chargesOf(tenant)).toBe(0);
  });
});
