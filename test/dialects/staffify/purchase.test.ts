import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { expectAnswer, expectAnyError, expectError } from './contract.js';
import { allNumbersOf, balanceOf, handIn, makeAgent, numberOf, Office, statusesOf } from './office.js';
import type { Settled, Standing } from './office.js';
import { newAddress } from './routes.js';

let office: Office;
let buyer: Settled;

beforeAll(async () => {
  office = await Office.open();
  buyer = await office.settled({ balances: { EUR: 100_000 } });
});

afterAll(() => office.close());

describe('a purchase', () => {
  it('gives the number at once, with no agent and no tags', async () => {
    const number = await office.stockOne('losAngeles');
    const answer = expectAnswer(await buyer.client.buy({ phone_number: number }), 'bought');
    expect(answer).toEqual({ success: true, id: answer.id, phone_number: number });
    expect(await numberOf(buyer, answer.id)).toEqual({
      id: answer.id,
      phone_number: number,
      status: 'active',
      agent_id: null,
      agent_name: null,
      tags: [],
    });
  });

  it('costs EUR 5.00 once, in euros only', async () => {
    const spender = await office.settled({ balances: { USD: 10_000, EUR: 1_250 } });
    await office.owned(spender);
    expect(await balanceOf(spender)).toBe(7.5);
    await office.owned(spender);
    expect(await balanceOf(spender)).toBe(2.5);
    const wallets = await office.server.sql<{ minor: number }[]>`
      select balance_minor as minor from wallet where account_id = ${spender.account.id} and currency = 'USD'`;
    expect(Number(wallets[0]?.minor)).toBe(10_000);
  });

  it('passes with exactly EUR 5.00 and leaves nothing', async () => {
    const spender = await office.settled({ balances: { EUR: 500 } });
    await office.owned(spender);
    expect(await balanceOf(spender)).toBe(0);
  });

  it('is refused with a cent less, and with no euros but other money', async () => {
    for (const balances of [{ EUR: 499 }, { EUR: 1, USD: 10_000 }]) {
      const poor = await office.settled({ balances });
      const number = await office.stockOne('losAngeles');
      expectError(await poor.client.buy({ phone_number: number }), 'INSUFFICIENT_CREDITS');
      expect(await allNumbersOf(poor)).toEqual([]);
      expect(await balanceOf(poor)).toBe(balances.EUR / 100);
      expectAnswer(await buyer.client.buy({ phone_number: number }), 'bought');
    }
  });

  it.each([
    ['losAngeles', { country_code: 'US', number_type: 'local' }],
    ['tollFree', { number_type: 'toll_free' }],
    ['ontario', { country_code: 'CA' }],
  ] as const)('of %s wants no address id where one is verified on file', async (series, more) => {
    const number = await office.stockOne(series);
    const answer = await buyer.client.buy({ phone_number: number, ...more });
    expect(expectAnswer(answer, 'bought').phone_number).toBe(number);
  });

  it('ignores fields it does not know', async () => {
    const number = await office.stockOne('losAngeles');
    const answer = await buyer.client.buy({
      phone_number: number,
      colour: 'red',
      tags: ['mine'],
      status: 'x',
    });
    expect(await numberOf(buyer, expectAnswer(answer, 'bought').id)).toMatchObject({ tags: [] });
  });

  it('repeated is refused, and charged once', async () => {
    const spender = await office.settled();
    const number = await office.stockOne('losAngeles');
    expectAnswer(await spender.client.buy({ phone_number: number }), 'bought');
    expectError(await spender.client.buy({ phone_number: number }), 'CONFLICT');
    expect(await balanceOf(spender)).toBe(45);
    expect(await allNumbersOf(spender)).toHaveLength(1);
  });

  it('of another’s number is refused, whether active or released', async () => {
    const owner = await office.settled();
    const number = await office.stockOne('losAngeles');
    const { id } = expectAnswer(await owner.client.buy({ phone_number: number }), 'bought');
    expectError(await buyer.client.buy({ phone_number: number }), 'CONFLICT');
    expectAnswer(await owner.client.release(id), 'released');
    expectError(await buyer.client.buy({ phone_number: number }), 'CONFLICT');
    expectError(await owner.client.buy({ phone_number: number }), 'CONFLICT');
  });

  it('of a number that is not in stock, or only in the other environment, finds nothing', async () => {
    expectError(await buyer.client.buy({ phone_number: '+12135559999' }), 'NOT_FOUND');
    const testNumber = await office.stockOne('newYork', 'test');
    expectError(await buyer.client.buy({ phone_number: testNumber }), 'NOT_FOUND');
  });

  it.each([
    ['a Dutch number as a number of the United States', 'amsterdam', {}],
    ['a German number under a Dutch address', 'berlin', { country_code: 'NL' }],
    ['a toll-free number as a local one', 'tollFree', {}],
    ['a local number as a mobile one', 'losAngeles', { number_type: 'mobile' }],
  ] as const)('of %s is refused', async (_what, series, more) => {
    const number = await office.stockOne(series);
    const before = await balanceOf(buyer);
    const body = { phone_number: number, address_id: buyer.addressId, ...more };
    const answer = await buyer.client.buy(body);
    expect([400, 404], JSON.stringify(answer.body)).toContain(answer.status);
    expectAnyError(answer);
    expect(await balanceOf(buyer)).toBe(before);
    expect((await allNumbersOf(buyer)).map(({ phone_number }) => phone_number)).not.toContain(number);
  });
});

describe('two who want the same number', () => {
  it('get it once between them, for the money of one', async () => {
    const rivals = [await office.settled(), await office.settled()];
    const rounds = 8;
    for (let round = 0; round < rounds; round++) {
      const number = await office.stockOne('losAngeles');
      const answers = await Promise.all(rivals.map(({ client }) => client.buy({ phone_number: number })));
      expect(statusesOf(answers)).toEqual([200, 409]);
      for (const answer of answers) {
        if (answer.status === 200) expectAnswer(answer, 'bought');
        else expectError(answer, 'CONFLICT');
      }
    }
    const spent = await Promise.all(rivals.map(async (rival) => 50 - (await balanceOf(rival))));
    const held = await Promise.all(rivals.map(async (rival) => (await allNumbersOf(rival)).length));
    expect(spent).toEqual(held.map((count) => count * 5));
    expect(held.reduce((sum, count) => sum + count)).toBe(rounds);
  });

  it('may be the same buyer, who is charged once', async () => {
    const spender = await office.settled();
    const number = await office.stockOne('losAngeles');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => spender.client.buy({ phone_number: number })),
    );
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await balanceOf(spender)).toBe(45);
  });

  it('do not spend the last five euros twice', async () => {
    const spender = await office.settled({ balances: { EUR: 700 } });
    const numbers = await office.stock('losAngeles', 4);
    const answers = await Promise.all(numbers.map((number) => spender.client.buy({ phone_number: number })));
    expect(statusesOf(answers)).toEqual([200, 402, 402, 402]);
    expect(await balanceOf(spender)).toBe(2);
    expect(await allNumbersOf(spender)).toHaveLength(1);
  });
});

describe('the address of a purchase', () => {
  it.each<[Standing, boolean]>([
    ['draft', false],
    ['pending', false],
    ['verified', true],
    ['partially_verified', true],
    ['rejected', false],
    ['expired', false],
  ])('when %s is good enough in the Netherlands: %s', async (standing, good) => {
    const tenant = await office.tenant();
    const address_id = await office.address(tenant, standing);
    const phone_number = await office.stockOne('amsterdam');
    const answer = await tenant.client.buy({ phone_number, country_code: 'NL', address_id });
    if (good) expectAnswer(answer, 'bought');
    else expectError(answer, 'VALIDATION_ERROR', 'address_id');
    expect(await balanceOf(tenant)).toBe(good ? 45 : 50);
  });

  it.each<[Standing, boolean]>([
    ['draft', false],
    ['pending', false],
    ['verified', true],
    ['partially_verified', false],
    ['rejected', false],
    ['expired', false],
  ])('when %s, of any country, is good enough in the United States: %s', async (standing, good) => {
    const tenant = await office.tenant();
    await office.address(tenant, standing);
    const answer = await tenant.client.buy({ phone_number: await office.stockOne('losAngeles') });
    if (good) expectAnswer(answer, 'bought');
    else expectError(answer, 'VALIDATION_ERROR', 'address_id');
    expect(await balanceOf(tenant)).toBe(good ? 45 : 50);
  });

  it('may be in the United States or in Canada for a number of either', async () => {
    const tenant = await office.tenant();
    await office.address(tenant, 'verified', { country_code: 'CA', city: 'Toronto' });
    expectAnswer(await tenant.client.buy({ phone_number: await office.stockOne('losAngeles') }), 'bought');
    const canadian = { phone_number: await office.stockOne('ontario'), country_code: 'CA' };
    expectAnswer(await tenant.client.buy(canadian), 'bought');
  });

  it('must be the account’s own: nobody buys on a stranger’s', async () => {
    const stranger = await office.tenant();
    expectError(
      await stranger.client.buy({ phone_number: await office.stockOne('losAngeles') }),
      'VALIDATION_ERROR',
      'address_id',
    );
    const dutch = { phone_number: await office.stockOne('amsterdam'), country_code: 'NL' };
    expectError(await stranger.client.buy({ ...dutch, address_id: buyer.addressId }), 'NOT_FOUND');
  });

  it('is compared by city code in the Netherlands only when both have one', async () => {
    const tenant = await office.tenant();
    const address_id = await office.address(tenant, 'verified', { city_code: '020' });
    const dutch = { country_code: 'NL', address_id };
    const buy = async (more: object) =>
      tenant.client.buy({ ...dutch, phone_number: await office.stockOne('amsterdam'), ...more });
    expectAnswer(await buy({}), 'bought');
    expectAnswer(await buy({ city_code: '020' }), 'bought');
    expectError(await buy({ city_code: '010' }), 'VALIDATION_ERROR', 'city_code');
    expectAnswer(await buy({ address_id: await office.address(tenant), city_code: '020' }), 'bought');
  });

  it.each([
    ['DE', 'berlin', '030'],
    ['ES', 'madrid', '91'],
  ] as const)('must be in the city named in %s', async (country_code, series, city_code) => {
    const tenant = await office.tenant();
    const address_id = await office.address(tenant, 'verified', { country_code, city_code });
    const withoutCode = await office.address(tenant, 'verified', { country_code });
    const phone_number = await office.stockOne(series);
    const body = { phone_number, country_code, address_id };
    const refused = [body, { ...body, city_code: '099' }, { ...body, address_id: withoutCode, city_code }];
    for (const attempt of refused) {
      expectError(await tenant.client.buy(attempt), 'VALIDATION_ERROR', 'city_code');
    }
    expectAnswer(await tenant.client.buy({ ...body, city_code }), 'bought');
    expect(await balanceOf(tenant)).toBe(45);
  });

  it('needs no city for a German mobile number', async () => {
    const tenant = await office.tenant();
    const address_id = await office.address(tenant, 'verified', { country_code: 'DE' });
    const phone_number = await office.stockOne('germanMobile');
    const body = { phone_number, country_code: 'DE', number_type: 'mobile', address_id };
    expectAnswer(await tenant.client.buy(body), 'bought');
  });

  it('verified by itself in the test environment serves as well', async () => {
    const tenant = await office.tenant({ environment: 'test' });
    const made = await tenant.client.post('/addresses', newAddress);
    const address_id = expectAnswer(made, 'addressMade', 201).address_id;
    const phone_number = await office.stockOne('amsterdam', 'test');
    const body = { phone_number, country_code: 'NL', address_id };
    expectError(await tenant.client.buy(body), 'VALIDATION_ERROR', 'address_id');
    await handIn(tenant.client, address_id);
    await tenant.client.checkStatus(address_id);
    const { id } = expectAnswer(await tenant.client.buy(body), 'bought');
    const agent = await makeAgent(tenant);
    expectAnswer(await tenant.client.assign(id, agent.id), 'assigned');
    expect(at((await tenant.client.number(id)).body, 'agent_name')).toBe(agent.name);
  });
});
