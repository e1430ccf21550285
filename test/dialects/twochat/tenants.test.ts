import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectError } from './client.js';
import {
  Exchange,
  buy,
  groupsFound,
  losAngeles,
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
let victim: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  victim = await exchange.tenant();
  stranger = await exchange.tenant();
});

afterAll(() => exchange.close());

describe('another account’s reservation', () => {
  it('is neither listed nor cancelled nor bought', async () => {
    const number = await exchange.stockOne('losAngeles');
    const { uuid } = await reserve(victim.client, { group_id: losAngelesGroup, number });
    const before = await reservations(victim.client);
    expect(await reservations(stranger.client)).toEqual([]);
    expectError(await stranger.client.delete(`${paths.reservations}/${uuid}`), 404);
    expectError(await stranger.client.post(paths.purchase, { number }), 404);
    expectError(await stranger.client.post(paths.purchase, {}), 400);
    expect(await reservations(victim.client)).toEqual(before);
    expect(await exchange.balanceOf(stranger)).toBe(10_000);
    expect(await buy(victim.client, {})).toEqual([number]);
  });

  it('is refused in the same words as one that never was', async () => {
    const number = await exchange.stockOne('losAngeles');
    const { uuid } = await reserve(victim.client, { group_id: losAngelesGroup, number });
    const foreign = expectError(await stranger.client.delete(`${paths.reservations}/${uuid}`), 404);
    await victim.client.delete(`${paths.reservations}/${uuid}`);
    const gone = expectError(await stranger.client.delete(`${paths.reservations}/${uuid}`), 404);
    expect(foreign).toBe(gone);
  });
});

describe('another account’s number', () => {
  it('is neither listed nor given up', async () => {
    const number = await exchange.stockOne('losAngeles');
    await buy(victim.client, { number });
    const before = await virtualNumber(victim.client, number);
    expect(await virtualNumbers(stranger.client)).toEqual([]);
    expectError(await stranger.client.delete(`${paths.virtualNumbers}/${before.uuid}`), 404);
    exchange.server.clock.advance(5);
    expect(await virtualNumber(victim.client, number)).toEqual(before);
    expectError(await stranger.client.post(paths.purchase, { number }), 404);
    expectError(await stranger.client.post(paths.reservations, { group_id: losAngelesGroup, number }), 404);
  });

  it('does not show through by a reservation’s uuid, nor a reservation by a number’s', async () => {
    const [held = '', owned = ''] = await exchange.stock('losAngeles', 2);
    const { uuid } = await reserve(victim.client, { group_id: losAngelesGroup, number: held });
    await buy(victim.client, { number: owned });
    const row = await virtualNumber(victim.client, owned);
    expectError(await victim.client.delete(`${paths.virtualNumbers}/DID${uuid}`), 404, 422);
    expectError(await victim.client.delete(`${paths.reservations}/${row.uuid.slice(3)}`), 404, 422);
    expect(await virtualNumber(victim.client, owned)).toEqual(row);
    expect(await reservations(victim.client)).toHaveLength(1);
  });
});

describe('the two environments', () => {
  it('never meet: neither stock nor sale nor reservation crosses', async () => {
    const tester = await exchange.tenant({ environment: 'test' });
    const number = await exchange.stockOne('losAngeles');
    const [testNumber = ''] = await exchange.stock('losAngeles', 1, 'test');
    expect(await numbersAvailable(tester.client, losAngelesGroup)).toEqual([testNumber]);
    expect(await numbersAvailable(victim.client, losAngelesGroup)).not.toContain(testNumber);
    expectError(await tester.client.post(paths.purchase, { number }), 404);
    expectError(await victim.client.post(paths.purchase, { number: testNumber }), 404);
    expect(await buy(tester.client, { group_id: losAngelesGroup })).toEqual([testNumber]);
    expect(await groupsFound(tester.client, { country: 'US', city_id: losAngeles })).toEqual([]);
    expect(await buy(victim.client, { number })).toEqual([number]);
  });

  it('may each hold the same number for a tenant of their own', async () => {
    const tester = await exchange.tenant({ environment: 'test' });
    const number = await exchange.stockOne('newYork');
    await exchange.server.addNumbers([number], 'test');
    expect(await buy(tester.client, { number })).toEqual([number]);
    expect(await buy(victim.client, { number })).toEqual([number]);
    const uuids = [
      (await virtualNumber(tester.client, number)).uuid,
      (await virtualNumber(victim.client, number)).uuid,
    ];
    expect(new Set(uuids).size).toBe(2);
  });
});
