import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import { givenUpAnswer, infoAnswer, virtualNumbersAnswer } from './contract.js';
import {
  Exchange,
  buy,
  losAngelesGroup,
  numbersAvailable,
  paths,
  uuidOfNobody,
  virtualNumber,
  virtualNumbers,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  owner = await exchange.tenant();
});

afterAll(() => exchange.close());

const path = (uuid: string): string => `${paths.virtualNumbers}/${uuid}`;

async function bought(kind: Parameters<Exchange['stockOne']>[0]): Promise<string> {
  const number = await exchange.stockOne(kind);
  await buy(owner.client, { number });
  return number;
}

/** The state in the database behind a number, as an operator's decision or a deadline would leave it. */
async function setState(number: string, state: string): Promise<void> {
  await exchange.server.sql`
    update rental set state = ${state} where number_id = ${number.slice(1)}::bigint and ended_at is null`;
}

describe('an owned number', () => {
  it('is listed at once with everything about it', async () => {
    exchange.server.clock.advance(0.25);
    const number = await bought('losAngeles');
    const { account } = expectAnswer(await owner.client.get(paths.info), 200, infoAnswer);
    const row = await virtualNumber(owner.client, number);
    expect(row).toEqual({
      uuid: row.uuid,
      account_uuid: account.uuid,
      phone_number: number,
      formatted_phone_number: row.formatted_phone_number,
      iso_country_code: 'US',
      region_name: 'Los Angeles',
      emoji: row.emoji,
      friendly_name: number,
      record_inbound: false,
      is_toll_free: false,
      provider_type: 'local',
      priced_per_minute: false,
      incoming_price_per_minute: 0,
      ivr_uuid: null,
      timezone: 'America/Los_Angeles',
      status: 1,
      status_text: 'ACTIVE',
      created_at: exchange.instant(),
      updated_at: exchange.instant(),
      expires_at: row.expires_at,
    });
    expect(row.uuid).toHaveLength(39);
  });

  it('is formatted as the sample formats it', async () => {
    const number = await bought('losAngeles');
    expect((await virtualNumber(owner.client, number)).formatted_phone_number).toBe(
      `+1 213-555-${number.slice(-4)}`,
    );
  });

  it('is paid for a month', async () => {
    const number = await bought('losAngeles');
    const expected = new Date(exchange.instant());
    expected.setUTCMonth(expected.getUTCMonth() + 1);
    expect((await virtualNumber(owner.client, number)).expires_at).toBe(
      expected.toISOString().replace('.000Z', 'Z'),
    );
  });

  it.each([
    ['tollFree', 'tollfree', true, 'US'],
    ['berlin', 'local', false, 'DE'],
    ['germanMobile', 'mobile', false, 'DE'],
    ['germanNational', 'national', false, 'DE'],
    ['germanSharedCost', 'shared-cost', false, 'DE'],
  ] as const)('of %s has provider_type %s', async (kind, provider_type, is_toll_free, iso_country_code) => {
    const number = await bought(kind);
    expect(await virtualNumber(owner.client, number)).toMatchObject({
      provider_type,
      is_toll_free,
      iso_country_code,
      friendly_name: number,
    });
  });

  it('carries its owner’s label, and its own number while the label is empty', async () => {
    const number = await bought('losAngeles');
    for (const [label, friendly_name] of [
      ['Front desk', 'Front desk'],
      ['', number],
    ] as const) {
      await exchange.server
        .sql`update rental set label = ${label} where number_id = ${number.slice(1)}::bigint`;
      expect((await virtualNumber(owner.client, number)).friendly_name).toBe(friendly_name);
    }
  });

  it('gets a uuid of its own each time it is bought', async () => {
    const [first, second] = [await bought('losAngeles'), await bought('losAngeles')];
    const uuids = (await virtualNumbers(owner.client)).map((row) => row.uuid);
    expect(new Set(uuids).size).toBe(2);
    expect((await virtualNumber(owner.client, first)).uuid).not.toBe(
      (await virtualNumber(owner.client, second)).uuid,
    );
  });
});

describe('the life of a number', () => {
  it('starts ACTIVE where nothing is demanded, AWAITING_REGISTRATION where documents are', async () => {
    const [american, german] = [await bought('losAngeles'), await bought('berlin')];
    expect(await virtualNumber(owner.client, american)).toMatchObject({ status: 1, status_text: 'ACTIVE' });
    expect(await virtualNumber(owner.client, german)).toMatchObject({
      status: 2,
      status_text: 'AWAITING_REGISTRATION',
    });
  });

  it('may be SUSPENDED', async () => {
    const number = await bought('berlin');
    await setState(number, 'suspended');
    expect(await virtualNumber(owner.client, number)).toMatchObject({ status: 6, status_text: 'SUSPENDED' });
  });

  it.each(['active', 'awaiting_registration', 'suspended'])(
    'from %s goes to PENDING_CANCELLATION when given up, and giving up again changes nothing',
    async (state) => {
      const number = await bought('losAngeles');
      await setState(number, state);
      const before = await virtualNumber(owner.client, number);
      exchange.server.clock.advance(60);
      expectAnswer(await owner.client.delete(path(before.uuid)), 200, givenUpAnswer);
      const pending = await virtualNumber(owner.client, number);
      expect(pending).toEqual({
        ...before,
        status: 4,
        status_text: 'PENDING_CANCELLATION',
        updated_at: pending.updated_at,
      });
      exchange.server.clock.advance(60);
      expectAnswer(await owner.client.delete(path(before.uuid)), 200, givenUpAnswer);
      expect(await virtualNumber(owner.client, number)).toEqual(pending);
    },
  );

  it('given up is not refunded, not for sale, and still the account’s', async () => {
    const number = await bought('losAngeles');
    const { uuid } = await virtualNumber(owner.client, number);
    const balance = await exchange.balanceOf(owner);
    await owner.client.delete(path(uuid));
    expect(await exchange.balanceOf(owner)).toBe(balance);
    expect(await numbersAvailable(owner.client, losAngelesGroup)).not.toContain(number);
    expectError(await owner.client.post(paths.purchase, { number }), 403);
    expectError(await (await exchange.tenant()).client.post(paths.purchase, { number }), 404);
  });

  it('stays listed until the paid period ends and no longer', async () => {
    const number = await bought('losAngeles');
    const { uuid, expires_at } = await virtualNumber(owner.client, number);
    await owner.client.delete(path(uuid));
    const secondsLeft = (Date.parse(expires_at) - exchange.server.clock.now().getTime()) / 1000;
    exchange.server.clock.advance(secondsLeft - 1);
    expect(await virtualNumber(owner.client, number)).toMatchObject({ status_text: 'PENDING_CANCELLATION' });
    exchange.server.clock.advance(1);
    expect(await virtualNumbers(owner.client)).toEqual([]);
    expectError(await owner.client.delete(path(uuid)), 404);
  });
});

describe('giving up is refused', () => {
  it.each([
    'x',
    'DID',
    uuidOfNobody,
    `ACC${uuidOfNobody}`,
    `DID${uuidOfNobody}0`,
    'DID-1',
    'DID%00',
    '+12135550001',
  ])('for the malformed uuid %s', async (uuid) => {
    expectError(await owner.client.delete(path(uuid)), 422);
  });

  it('for a number nobody has', async () => {
    expectError(await owner.client.delete(path(`DID${uuidOfNobody}`)), 404);
  });

  it('for a uuid of the right form that the exchange never made', async () => {
    const number = await bought('losAngeles');
    const { uuid } = await virtualNumber(owner.client, number);
    const last = uuid.endsWith('0') ? '1' : '0';
    expectError(await owner.client.delete(path(uuid.slice(0, -1) + last)), 404);
    expect(await virtualNumber(owner.client, number)).toMatchObject({ status_text: 'ACTIVE' });
  });
});

describe('an account without numbers', () => {
  it('has an empty first page', async () => {
    expect(expectAnswer(await owner.client.get(paths.virtualNumbers), 200, virtualNumbersAnswer)).toEqual({
      success: true,
      count: 0,
      page: 0,
      numbers: [],
    });
  });
});
