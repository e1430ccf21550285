import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import { purchaseAnswer } from './contract.js';
import {
  Exchange,
  buy,
  losAngelesGroup,
  numbersAvailable,
  paths,
  reservations,
  reserve,
  virtualNumber,
  virtualNumbers,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let buyer: Tenant;
let other: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  buyer = await exchange.tenant();
  other = await exchange.tenant();
});

afterAll(() => exchange.close());

const refuse = async (tenant: Tenant, body: unknown, ...statuses: number[]): Promise<void> => {
  const owned = await virtualNumbers(tenant.client);
  const balance = await exchange.balanceOf(tenant);
  expectError(await tenant.client.post(paths.purchase, body), ...statuses);
  expect(await virtualNumbers(tenant.client)).toEqual(owned);
  expect(await exchange.balanceOf(tenant)).toBe(balance);
};

describe('a purchase of a group', () => {
  it('buys one available number of it and tells which', async () => {
    const stocked = await exchange.stock('newYork', 3);
    const group_id = await exchange.groupOf(stocked[0] ?? '');
    const bought = await buy(buyer.client, { group_id });
    expect(bought).toHaveLength(1);
    expect(stocked).toContain(bought[0]);
    expect(await numbersAvailable(buyer.client, group_id)).toHaveLength(2);
    expect((await virtualNumbers(buyer.client)).map((row) => row.phone_number)).toEqual(bought);
  });

  it('never takes a held number, and is not found when the group is sold out', async () => {
    const [number = '', held = ''] = await exchange.stock('ontario', 2);
    const group_id = await exchange.groupOf(number);
    await reserve(other.client, { group_id, number: held });
    expect(await buy(buyer.client, { group_id })).toEqual([number]);
    await refuse(buyer, { group_id }, 404);
    await refuse(other, { group_id }, 404);
    expectError(await buyer.client.post(paths.reservations, { group_id }), 404);
    expect(await reservations(other.client)).toHaveLength(1);
  });
});

describe('a purchase of a number', () => {
  it('of its group buys exactly that number', async () => {
    const number = await exchange.stockOne('losAngeles');
    expect(await buy(buyer.client, { group_id: losAngelesGroup, number })).toEqual([number]);
  });

  it('alone buys it without a group', async () => {
    const number = await exchange.stockOne('losAngeles');
    expect(await buy(buyer.client, { number })).toEqual([number]);
  });

  it.each([true, false])('that the caller holds uses the reservation up (group named: %s)', async (named) => {
    const [number = '', kept = ''] = await exchange.stock('losAngeles', 2);
    const { uuid } = await reserve(buyer.client, { group_id: losAngelesGroup, number });
    const remaining = await reserve(buyer.client, { group_id: losAngelesGroup, number: kept });
    expect(await buy(buyer.client, named ? { group_id: losAngelesGroup, number } : { number })).toEqual([
      number,
    ]);
    expect((await reservations(buyer.client)).map((row) => row.uuid)).toEqual([remaining.uuid]);
    expectError(await buyer.client.delete(`${paths.reservations}/${uuid}`), 404);
  });

  it('that another holds is not found, and the hold stands', async () => {
    const number = await exchange.stockOne('losAngeles');
    const { uuid } = await reserve(other.client, { group_id: losAngelesGroup, number });
    await refuse(buyer, { number }, 404);
    await refuse(buyer, { group_id: losAngelesGroup, number }, 404);
    expect((await reservations(other.client)).map((row) => row.uuid)).toEqual([uuid]);
    expect(await buy(other.client, { number })).toEqual([number]);
  });

  it('that the caller owns is forbidden and charges nothing', async () => {
    const number = await exchange.stockOne('losAngeles');
    await buy(buyer.client, { number });
    await refuse(buyer, { number }, 403);
    await refuse(buyer, { group_id: losAngelesGroup, number }, 403);
    expect(await exchange.chargesOf(buyer)).toBe(1);
  });

  it('that another owns is not found', async () => {
    const number = await exchange.stockOne('losAngeles');
    await buy(other.client, { number });
    await refuse(buyer, { number }, 404);
    await refuse(buyer, { group_id: losAngelesGroup, number }, 404);
  });

  it('outside the group named is not found, reserved by the caller or not', async () => {
    const number = await exchange.stockOne('losAngeles');
    const group_id = await exchange.groupOf(await exchange.stockOne('newYork'));
    await refuse(buyer, { group_id, number }, 404);
    await reserve(buyer.client, { group_id: losAngelesGroup, number });
    await refuse(buyer, { group_id, number }, 404);
    expect(await reservations(buyer.client)).toHaveLength(1);
  });

  it('or group nobody knows is not found', async () => {
    const number = await exchange.stockOne('losAngeles');
    await refuse(buyer, { number: '+12135559999' }, 404);
    await refuse(buyer, { number: '+882165551234' }, 404);
    await refuse(buyer, { group_id: losAngelesGroup, number: '+12135559999' }, 404);
    await refuse(buyer, { group_id: 'grp-none' }, 404);
    await refuse(buyer, { group_id: 'grp-none', number }, 404);
  });

  it('at once by many sells it to exactly one', async () => {
    const number = await exchange.stockOne('losAngeles');
    const tenants = [buyer, other, ...(await Promise.all([1, 2, 3, 4].map(() => exchange.tenant())))];
    const answers = await Promise.all(
      tenants.flatMap((tenant) => [
        tenant.client.post(paths.purchase, { number }),
        tenant.client.post(paths.purchase, { group_id: losAngelesGroup, number }),
      ]),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 201) expectError(answer, 403, 404);
    const charges = await Promise.all(tenants.map((tenant) => exchange.chargesOf(tenant)));
    expect(charges.reduce((sum, count) => sum + count, 0)).toBe(1);
  });
});

describe('a group without selection', () => {
  it('sells a random number, or the one the caller has reserved, and no picked one', async () => {
    const stocked = await exchange.stock('hamburg', 3);
    const group_id = await exchange.groupOf(stocked[0] ?? '');
    await exchange.forbidSelection(group_id);
    await refuse(buyer, { group_id, number: stocked[0] }, 406);
    await refuse(buyer, { number: stocked[0] }, 406);
    const random = await buy(buyer.client, { group_id });
    expect(stocked).toContain(random[0]);
    const held = await reserve(buyer.client, { group_id });
    expect(await buy(buyer.client, { number: held.number })).toEqual([held.number]);
    const last = await reserve(buyer.client, { group_id });
    expect(await buy(buyer.client, { group_id, number: last.number })).toEqual([last.number]);
  });
});

describe('a purchase of everything reserved', () => {
  it('buys all active reservations of the caller and nobody else’s', async () => {
    const [first = '', second = '', third = '', theirs = ''] = await exchange.stock('losAngeles', 4);
    for (const number of [first, second, third]) {
      await reserve(buyer.client, { group_id: losAngelesGroup, number });
    }
    await reserve(other.client, { group_id: losAngelesGroup, number: theirs });
    expect([...(await buy(buyer.client, {}))].sort()).toEqual([first, second, third]);
    expect(await reservations(buyer.client)).toEqual([]);
    expect(await virtualNumbers(buyer.client)).toHaveLength(3);
    expect(await reservations(other.client)).toHaveLength(1);
    expect(await exchange.balanceOf(buyer)).toBe(10_000 - 3 * 350);
  });

  it('is a bad request without an active reservation', async () => {
    await refuse(buyer, {}, 400);
    await refuse(buyer, { colour: 'red' }, 400);
  });

  it('buys what the balance allows and lists the rest as failed', async () => {
    const poor = await exchange.tenant({ balances: { USD: 700 } });
    const numbers = await exchange.stock('losAngeles', 3);
    for (const number of numbers) await reserve(poor.client, { group_id: losAngelesGroup, number });
    const answer = expectAnswer(await poor.client.post(paths.purchase, {}), 201, purchaseAnswer);
    expect(answer.purchased).toHaveLength(2);
    expect(answer.failed).toHaveLength(1);
    expect([...answer.purchased, ...answer.failed].sort()).toEqual(numbers);
    expect((await virtualNumbers(poor.client)).map((row) => row.phone_number).sort()).toEqual(
      [...answer.purchased].sort(),
    );
    expect((await reservations(poor.client)).map((row) => row.number)).toEqual(answer.failed);
    expect(await exchange.balanceOf(poor)).toBe(0);
  });

  it('when none can be paid answers 402 and changes nothing', async () => {
    const poor = await exchange.tenant({ balances: { USD: 349 } });
    const numbers = await exchange.stock('losAngeles', 2);
    for (const number of numbers) await reserve(poor.client, { group_id: losAngelesGroup, number });
    await refuse(poor, {}, 402);
    expect((await reservations(poor.client)).map((row) => row.number)).toEqual(numbers);
  });
});

describe('a purchase is refused', () => {
  it.each([
    '12135550001',
    '+1 213 555 0001',
    ' +12135550001',
    '+12135550001\n',
    'abc',
    '',
    '+',
    '+0123456789',
    '+1213555000100000',
    '+1-213',
  ])('for the number %j, which is not E.164', async (number) => {
    await refuse(buyer, { number }, 422);
    await refuse(buyer, { group_id: losAngelesGroup, number }, 422);
  });

  it.each([
    { group_id: 5 },
    { group_id: ['abc-123'] },
    { group_id: { id: 'abc-123' } },
    { group_id: false },
    { number: 12135550001 },
    { number: ['+12135550001'] },
    { number: {} },
    { group_id: 'abc-123', number: true },
  ])('for a wrong JSON type: %j', async (body) => {
    await refuse(buyer, body, 400);
  });

  it.each(['', ' ', '{', 'hello', '[]', '[{}]', '"abc-123"', '7', 'null', 'false', "{'number': 1}", '{}{}'])(
    'for the body %j, which is no JSON object, even with reservations to buy',
    async (body) => {
      await reserve(buyer.client, {
        group_id: losAngelesGroup,
        number: await exchange.stockOne('losAngeles'),
      });
      expectError(await buyer.client.postText(paths.purchase, body), 400);
      expect(await virtualNumbers(buyer.client)).toEqual([]);
    },
  );

  it('for a body that is not JSON by its content type either', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expectError(await buyer.client.postText(paths.purchase, 'group_id=abc-123', form), 400);
    expectError(await buyer.client.postText(paths.purchase, 'hello', { 'Content-Type': 'text/plain' }), 400);
    expectError(await buyer.client.send({ method: 'POST', path: paths.purchase }), 400);
  });
});

describe('a bought number', () => {
  it('may be bought with unknown fields around it, and carries its own number as its name', async () => {
    const number = await exchange.stockOne('losAngeles');
    expect(await buy(buyer.client, { number, note: 'x', tags: [1, { a: null }] })).toEqual([number]);
    expect((await virtualNumber(buyer.client, number)).friendly_name).toBe(number);
  });

  it('is not kept back by documents that are missing', async () => {
    const number = await exchange.stockOne('berlin');
    expect(await buy(buyer.client, { number })).toEqual([number]);
    expect(await virtualNumber(buyer.client, number)).toMatchObject({
      status: 2,
      status_text: 'AWAITING_REGISTRATION',
    });
  });
});
