import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectError } from './client.js';
import {
  Exchange,
  buy,
  losAngelesGroup,
  numbersAvailable,
  paths,
  reservations,
  reserve,
  virtualNumbers,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let holder: Tenant;
let other: Tenant;
let number: string;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  holder = await exchange.tenant();
  other = await exchange.tenant();
  number = await exchange.stockOne('losAngeles');
});

afterAll(() => exchange.close());

const isAvailable = async (): Promise<boolean> =>
  (await numbersAvailable(other.client, losAngelesGroup)).includes(number);

describe('a reservation', () => {
  it('stands until the second before it ends', async () => {
    await reserve(holder.client, { group_id: losAngelesGroup, number });
    exchange.server.clock.advance(3599);
    expect(await reservations(holder.client)).toHaveLength(1);
    expect(await isAvailable()).toBe(false);
    expectError(await other.client.post(paths.purchase, { number }), 404);
    expect(await buy(holder.client, {})).toEqual([number]);
  });

  it('is gone at its instant, with no job having run, and its number is available', async () => {
    const { uuid } = await reserve(holder.client, { group_id: losAngelesGroup, number });
    exchange.server.clock.advance(3600);
    expect(await reservations(holder.client)).toEqual([]);
    expect(await isAvailable()).toBe(true);
    expectError(await holder.client.post(paths.purchase, {}), 400);
    expectError(await holder.client.delete(`${paths.reservations}/${uuid}`), 404);
    expect(await virtualNumbers(holder.client)).toEqual([]);
  });

  it('that has ended lets another reserve or buy the number', async () => {
    const first = await reserve(holder.client, { group_id: losAngelesGroup, number });
    exchange.server.clock.advance(3600);
    const second = await reserve(other.client, { group_id: losAngelesGroup, number });
    expect(second.uuid).not.toBe(first.uuid);
    expect(second.expires_at).toBe(exchange.instant(3600));
    expectError(await holder.client.delete(`${paths.reservations}/${first.uuid}`), 404);
    expectError(await holder.client.post(paths.purchase, { number }), 404);
    expect(await buy(other.client, { number })).toEqual([number]);
  });

  it('that has ended leaves its holder free to buy the number like anyone', async () => {
    await reserve(holder.client, { group_id: losAngelesGroup, number });
    exchange.server.clock.advance(3600);
    expect(await buy(holder.client, { group_id: losAngelesGroup, number })).toEqual([number]);
    expect(await exchange.balanceOf(holder)).toBe(10_000 - 350);
  });

  it('that has ended does not open a group without selection', async () => {
    const picked = await exchange.stockOne('hamburg');
    const group_id = await exchange.groupOf(picked);
    await exchange.forbidSelection(group_id);
    await reserve(holder.client, { group_id });
    exchange.server.clock.advance(3600);
    expectError(await holder.client.post(paths.purchase, { number: picked }), 406);
    expectError(await holder.client.post(paths.purchase, { group_id, number: picked }), 406);
  });

  it('that has ended is left behind when all active ones are bought', async () => {
    const second = await exchange.stockOne('losAngeles');
    await reserve(holder.client, { group_id: losAngelesGroup, number });
    exchange.server.clock.advance(1800);
    await reserve(holder.client, { group_id: losAngelesGroup, number: second });
    exchange.server.clock.advance(1800);
    expect(await buy(holder.client, {})).toEqual([second]);
    expect(await isAvailable()).toBe(true);
  });

  it('made within a second never outlives the whole second it promises', async () => {
    exchange.server.clock.advance(0.4);
    const { expires_at } = await reserve(holder.client, { group_id: losAngelesGroup, number });
    const promisedMs = Date.parse(expires_at);
    exchange.server.clock.advance((promisedMs - exchange.server.clock.now().getTime() - 1) / 1000);
    expect(await reservations(holder.client)).toHaveLength(1);
    exchange.server.clock.advance(0.001);
    expect(await reservations(holder.client)).toEqual([]);
    expect(await isAvailable()).toBe(true);
  });
});
