import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import { purchaseAnswer } from './contract.js';
import {
  Exchange,
  buy,
  groupsFound,
  losAngeles,
  losAngelesGroup,
  numbersAvailable,
  paths,
  present,
  reservations,
  reserve,
  virtualNumbers,
} from './exchange.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.open();
});

afterAll(() => exchange.close());

const cents = (price: string): number => Math.round(Number(price) * 100);

describe('the charge of a purchase', () => {
  it('is the group’s set-up and first month, once', async () => {
    const tenant = await exchange.tenant();
    const number = await exchange.stockOne('losAngeles');
    const [group] = await groupsFound(tenant.client, { country: 'US', city_id: losAngeles });
    const { setup_price, monthly_price } = present(group).price;
    await buy(tenant.client, { number });
    expect(await exchange.balanceOf(tenant)).toBe(10_000 - cents(setup_price) - cents(monthly_price));
    expect(await exchange.chargesOf(tenant)).toBe(1);
  });

  it.each(['tollFree', 'germanMobile', 'berlin'] as const)(
    'of %s is what its reservation names',
    async (kind) => {
      const tenant = await exchange.tenant();
      const number = await exchange.stockOne(kind);
      await reserve(tenant.client, { group_id: await exchange.groupOf(number), number });
      const held = present((await reservations(tenant.client))[0]);
      expect(await exchange.balanceOf(tenant)).toBe(10_000);
      await buy(tenant.client, {});
      expect(await exchange.balanceOf(tenant)).toBe(
        10_000 - Math.round(held.setup_price * 100) - Math.round(held.monthly_price * 100),
      );
    },
  );

  it('may take the last cent and no cent more', async () => {
    const exact = await exchange.tenant({ balances: { USD: 350 } });
    const short = await exchange.tenant({ balances: { USD: 349 } });
    const [number = '', second = ''] = await exchange.stock('losAngeles', 2);
    expectError(await short.client.post(paths.purchase, { number }), 402);
    expectError(await short.client.post(paths.purchase, { group_id: losAngelesGroup }), 402);
    expect(await buy(exact.client, { number })).toEqual([number]);
    expectError(await exact.client.post(paths.purchase, { number: second }), 402);
    expect([await exchange.balanceOf(exact), await exchange.balanceOf(short)]).toEqual([0, 349]);
    expect(await exchange.chargesOf(short)).toBe(0);
    expect(await numbersAvailable(short.client, losAngelesGroup)).toContain(second);
  });

  it('that cannot be paid leaves the reservation as it was', async () => {
    const short = await exchange.tenant({ balances: { USD: 0 } });
    const number = await exchange.stockOne('losAngeles');
    await reserve(short.client, { group_id: losAngelesGroup, number });
    const before = await reservations(short.client);
    expectError(await short.client.post(paths.purchase, { number }), 402);
    expect(await reservations(short.client)).toEqual(before);
    expect(await virtualNumbers(short.client)).toEqual([]);
  });

  it('is in USD, so money of another currency does not pay', async () => {
    const european = await exchange.tenant({ balances: { EUR: 10_000, USD: 0 } });
    const number = await exchange.stockOne('losAngeles');
    expectError(await european.client.post(paths.purchase, { number }), 402);
  });

  it('without a wallet in USD is paid from the first wallet there is', async () => {
    const european = await exchange.tenant({ balances: { EUR: 10_000 } });
    const number = await exchange.stockOne('losAngeles');
    expect((await european.client.post(paths.purchase, { number })).status).toBe(201);
    expect(await virtualNumbers(european.client)).toHaveLength(1);
    const [wallet] = await exchange.server.sql`
      select balance_minor from wallet where account_id = ${european.account.id}`;
    expect(wallet).toEqual({ balance_minor: 10_000 - 500 });
    const penniless = await exchange.tenant({ balances: {} });
    expectError(
      await penniless.client.post(paths.purchase, { number: await exchange.stockOne('losAngeles') }),
      402,
    );
  });

  it('of many at once never overdraws', async () => {
    const tenant = await exchange.tenant({ balances: { USD: 3 * 350 + 10 } });
    const numbers = await exchange.stock('losAngeles', 8);
    const answers = await Promise.all(
      numbers.map((number) => tenant.client.post(paths.purchase, { number })),
    );
    const bought = answers.filter((answer) => answer.status === 201);
    expect(bought).toHaveLength(3);
    for (const answer of answers) if (answer.status !== 201) expectError(answer, 402);
    expect(await exchange.balanceOf(tenant)).toBe(10);
    expect(await virtualNumbers(tenant.client)).toHaveLength(3);
  });
});

describe('an Idempotency-Key', () => {
  const key = (value: string) => ({ 'Idempotency-Key': value });

  it('with the same body again gives the identical answer and charges once', async () => {
    const tenant = await exchange.tenant();
    const number = await exchange.stockOne('losAngeles');
    const body = { group_id: losAngelesGroup, number };
    const first = await tenant.client.post(paths.purchase, body, key('order-1'));
    exchange.server.clock.advance(30);
    const second = await tenant.client.post(paths.purchase, body, key('order-1'));
    expect(expectAnswer(first, 201, purchaseAnswer).purchased).toEqual([number]);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(await exchange.chargesOf(tenant)).toBe(1);
    expect(await exchange.balanceOf(tenant)).toBe(10_000 - 350);
  });

  it('on a random pick gives the same number again', async () => {
    const tenant = await exchange.tenant();
    await exchange.stock('newYork', 20);
    const group_id = await exchange.groupOf('+12125550001');
    const answers = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      answers.push(await tenant.client.post(paths.purchase, { group_id }, key('any-of-ny')));
    }
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await virtualNumbers(tenant.client)).toHaveLength(1);
    expect(await exchange.chargesOf(tenant)).toBe(1);
  });

  it('on everything reserved gives the same list again, though nothing is reserved any more', async () => {
    const tenant = await exchange.tenant();
    const numbers = await exchange.stock('losAngeles', 2);
    for (const number of numbers) await reserve(tenant.client, { group_id: losAngelesGroup, number });
    const first = await tenant.client.post(paths.purchase, {}, key('cart'));
    const second = await tenant.client.post(paths.purchase, {}, key('cart'));
    expect([...expectAnswer(first, 201, purchaseAnswer).purchased].sort()).toEqual(numbers);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(await exchange.chargesOf(tenant)).toBe(2);
  });

  it('on everything reserved does not reach for what was reserved since', async () => {
    const tenant = await exchange.tenant();
    const [early = '', late = ''] = await exchange.stock('losAngeles', 2);
    await reserve(tenant.client, { group_id: losAngelesGroup, number: early });
    const first = await tenant.client.post(paths.purchase, {}, key('cart'));
    await reserve(tenant.client, { group_id: losAngelesGroup, number: late });
    const second = await tenant.client.post(paths.purchase, {}, key('cart'));
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect((await reservations(tenant.client)).map((row) => row.number)).toEqual([late]);
    expect(await exchange.chargesOf(tenant)).toBe(1);
  });

  it('with another body is refused, and nothing is bought', async () => {
    const tenant = await exchange.tenant();
    const [number = '', second = ''] = await exchange.stock('losAngeles', 2);
    await tenant.client.post(paths.purchase, { number }, key('order-2'));
    const refused = await tenant.client.post(paths.purchase, { number: second }, key('order-2'));
    expectError(refused, 400, 403, 422);
    expect((await virtualNumbers(tenant.client)).map((row) => row.phone_number)).toEqual([number]);
    expect(await exchange.chargesOf(tenant)).toBe(1);
  });

  it('of one account means nothing to another', async () => {
    const tenants = [await exchange.tenant(), await exchange.tenant()];
    await exchange.stock('newYork', 2);
    const group_id = await exchange.groupOf('+12125550001');
    const bought = [];
    for (const { client } of tenants) {
      const answer = await client.post(paths.purchase, { group_id }, key('shared'));
      bought.push(...expectAnswer(answer, 201, purchaseAnswer).purchased);
    }
    expect(new Set(bought).size).toBe(2);
  });

  it('sent twice at once buys once', async () => {
    const tenant = await exchange.tenant();
    await exchange.stock('newYork', 5);
    const group_id = await exchange.groupOf('+12125550001');
    const attempts = Array.from({ length: 5 }, () =>
      tenant.client.post(paths.purchase, { group_id }, key('hasty')),
    );
    const answers = await Promise.all(attempts);
    const bought = new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.text));
    expect(bought.size).toBe(1);
    for (const answer of answers) expect([201, 400, 403, 422], answer.text).toContain(answer.status);
    expect(await exchange.chargesOf(tenant)).toBe(1);
    expect(await virtualNumbers(tenant.client)).toHaveLength(1);
  });

  it.each(['', ' ', 'k'.repeat(2000), 'ключ'])(
    'of any form is no failure of the server (%#)',
    async (value) => {
      const tenant = await exchange.tenant();
      const number = await exchange.stockOne('losAngeles');
      const header = key(Buffer.from(value, 'utf8').toString('latin1'));
      const answer = await tenant.client.post(paths.purchase, { number }, header);
      expect(answer.status, answer.text).toBeLessThan(500);
      expect(await exchange.chargesOf(tenant)).toBe(answer.status === 201 ? 1 : 0);
    },
  );
});
