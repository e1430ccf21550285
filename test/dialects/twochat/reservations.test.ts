import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import { cancelledAnswer, reservedAnswer } from './contract.js';
import {
  Exchange,
  buy,
  losAngelesGroup,
  numbersAvailable,
  paths,
  reservations,
  reserve,
  uuidOfNobody,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let holder: Tenant;
let other: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  holder = await exchange.tenant();
  other = await exchange.tenant();
});

afterAll(() => exchange.close());

describe('reserving', () => {
  it('holds the number asked for, for 60 minutes, at no charge', async () => {
    const number = await exchange.stockOne('losAngeles');
    const details = await reserve(holder.client, { group_id: losAngelesGroup, number });
    expect(details).toEqual({
      uuid: details.uuid,
      number,
      created_at: exchange.instant(),
      expires_at: exchange.instant(3600),
    });
    expect(await exchange.balanceOf(holder)).toBe(10_000);
    expect(await exchange.chargesOf(holder)).toBe(0);
  });

  it('without a number holds any of the group and tells which', async () => {
    const stocked = await exchange.stock('newYork', 2);
    const group_id = await exchange.groupOf(stocked[0] ?? '');
    const held = [await reserve(holder.client, { group_id }), await reserve(other.client, { group_id })];
    expect(held.map((details) => details.number).sort()).toEqual(stocked);
    expect(await numbersAvailable(holder.client, group_id)).toEqual([]);
    expectError(await holder.client.post(paths.reservations, { group_id }), 404);
  });

  it('ignores fields it does not know', async () => {
    const number = await exchange.stockOne('losAngeles');
    const body = { group_id: losAngelesGroup, number, minutes: 5, nested: { colour: ['red'] } };
    const answer = expectAnswer(await holder.client.post(paths.reservations, body), 201, reservedAnswer);
    expect(answer.data.reservation_details.expires_at).toBe(exchange.instant(3600));
  });

  it('in a group without selection is possible without a number only', async () => {
    const [number = '', second = ''] = await exchange.stock('hamburg', 2);
    const group_id = await exchange.groupOf(number);
    await exchange.forbidSelection(group_id);
    expectError(await holder.client.post(paths.reservations, { group_id, number }), 406);
    expect(await reservations(holder.client)).toEqual([]);
    const details = await reserve(holder.client, { group_id });
    expect([number, second]).toContain(details.number);
  });

  it('a number that somebody holds is refused, to the holder too, and the first hold is not extended', async () => {
    const number = await exchange.stockOne('losAngeles');
    const body = { group_id: losAngelesGroup, number };
    const details = await reserve(holder.client, body);
    exchange.server.clock.advance(600);
    expectError(await other.client.post(paths.reservations, body), 404);
    expectError(await holder.client.post(paths.reservations, body), 404);
    const [kept, ...more] = await reservations(holder.client);
    expect(more).toEqual([]);
    expect(kept?.uuid).toBe(details.uuid);
    expect(kept?.reservation_end_date).toBe(details.expires_at);
  });

  it('a number the account owns is forbidden, one that another owns is not found', async () => {
    const number = await exchange.stockOne('losAngeles');
    await buy(holder.client, { number });
    const body = { group_id: losAngelesGroup, number };
    expectError(await holder.client.post(paths.reservations, body), 403);
    expectError(await other.client.post(paths.reservations, body), 404);
  });

  it('one number at once is granted to exactly one of many', async () => {
    const number = await exchange.stockOne('losAngeles');
    const tenants = [holder, other, ...(await Promise.all([1, 2, 3, 4].map(() => exchange.tenant())))];
    const body = { group_id: losAngelesGroup, number };
    const answers = await Promise.all(tenants.map(({ client }) => client.post(paths.reservations, body)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 201) expectError(answer, 404);
  });
});

describe('reserving is refused', () => {
  it('for an unknown group, an unknown number and a number of another group', async () => {
    const elsewhere = await exchange.stockOne('newYork');
    for (const body of [
      { group_id: 'grp-none' },
      { group_id: 'grp-none', number: elsewhere },
      { group_id: losAngelesGroup, number: '+12135559999' },
      { group_id: losAngelesGroup, number: elsewhere },
    ]) {
      expectError(await holder.client.post(paths.reservations, body), 404);
    }
    expect(await reservations(holder.client)).toEqual([]);
  });

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
    '1',
  ])('for the number %j, which is not E.164', async (number) => {
    expectError(await holder.client.post(paths.reservations, { group_id: losAngelesGroup, number }), 422);
  });

  it.each([{}, { number: '+12135550001' }, { groupId: 'abc-123' }])('without group_id: %j', async (body) => {
    expectError(await holder.client.post(paths.reservations, body), 400);
  });

  it.each([
    { group_id: 5 },
    { group_id: ['abc-123'] },
    { group_id: { id: 'abc-123' } },
    { group_id: true },
    { group_id: 'abc-123', number: 12135550001 },
    { group_id: 'abc-123', number: ['+12135550001'] },
    { group_id: 'abc-123', number: { e164: '+12135550001' } },
    { group_id: 'abc-123', number: false },
  ])('for a wrong JSON type: %j', async (body) => {
    expectError(await holder.client.post(paths.reservations, body), 400);
  });

  it.each(['', '{', 'hello', '[]', '"abc-123"', '7', 'null', 'true', "{'group_id': 'abc-123'}", '{} {}'])(
    'for the body %j, which is no JSON object',
    async (body) => {
      expectError(await holder.client.postText(paths.reservations, body), 400);
    },
  );

  it('beyond 50 active ones; a cancelled or an expired one makes room', async () => {
    const numbers = await exchange.stock('berlin', 51);
    const group_id = await exchange.groupOf(numbers[0] ?? '');
    const held = [];
    for (const number of numbers.slice(0, 50)) held.push(await reserve(holder.client, { group_id, number }));
    const last = { group_id, number: numbers[50] ?? '' };
    expectError(await holder.client.post(paths.reservations, last), 403);
    expectError(await holder.client.post(paths.reservations, { group_id }), 403);
    expect(await reservations(holder.client)).toHaveLength(50);
    expect(await numbersAvailable(holder.client, group_id)).toEqual([last.number]);
    await reserve(other.client, last);

    const cancelled = held[0];
    await holder.client.delete(`${paths.reservations}/${cancelled?.uuid ?? ''}`);
    await reserve(holder.client, { group_id, number: cancelled?.number ?? '' });
    expectError(await holder.client.post(paths.reservations, { group_id }), 403, 404);
    exchange.server.clock.advance(3600);
    await reserve(holder.client, last);
    expect(await reservations(holder.client)).toHaveLength(1);
  });
});

describe('the list of reservations', () => {
  it('tells everything about a hold, prices as numbers', async () => {
    const number = await exchange.stockOne('losAngeles');
    const details = await reserve(holder.client, { group_id: losAngelesGroup, number });
    expect(await reservations(holder.client)).toEqual([
      {
        uuid: details.uuid,
        number,
        did_group_id: losAngelesGroup,
        did_type: 'local',
        iso_country_code: 'US',
        location: 'Los Angeles',
        setup_price: 1,
        monthly_price: 2.5,
        ppm: 0,
        reservation_date: details.created_at,
        reservation_end_date: details.expires_at,
        needs_registration: false,
        supports_sms_in: true,
        supports_sms_out: true,
      },
    ]);
  });

  it('says where documents are needed, and mirrors the group’s SMS features', async () => {
    const number = await exchange.stockOne('berlin');
    const group_id = await exchange.groupOf(number);
    await reserve(holder.client, { group_id, number });
    expect(await reservations(holder.client)).toMatchObject([
      {
        did_group_id: group_id,
        iso_country_code: 'DE',
        location: 'Berlin',
        needs_registration: true,
        supports_sms_in: false,
        supports_sms_out: false,
      },
    ]);
  });

  it('is empty before the first, oldest first after, and leaves out what is cancelled or bought', async () => {
    expect(await reservations(holder.client)).toEqual([]);
    const numbers = await exchange.stock('losAngeles', 4);
    const held = [];
    for (const number of [...numbers].reverse()) {
      held.push(await reserve(holder.client, { group_id: losAngelesGroup, number }));
      exchange.server.clock.advance(1);
    }
    const uuids = held.map((details) => details.uuid);
    expect((await reservations(holder.client)).map((row) => row.uuid)).toEqual(uuids);
    await holder.client.delete(`${paths.reservations}/${uuids[1] ?? ''}`);
    await buy(holder.client, { number: held[2]?.number });
    expect((await reservations(holder.client)).map((row) => row.uuid)).toEqual([uuids[0], uuids[3]]);
  });
});

describe('cancelling', () => {
  it('names the reservation and gives the number back', async () => {
    const number = await exchange.stockOne('losAngeles');
    const { uuid } = await reserve(holder.client, { group_id: losAngelesGroup, number });
    expect(await numbersAvailable(other.client, losAngelesGroup)).not.toContain(number);
    const answer = expectAnswer(
      await holder.client.delete(`${paths.reservations}/${uuid}`),
      200,
      cancelledAnswer,
    );
    expect(answer.message).toBe(`Reservation ${uuid} cancelled successfully`);
    expect(await reservations(holder.client)).toEqual([]);
    expect(await numbersAvailable(other.client, losAngelesGroup)).toContain(number);
    await reserve(other.client, { group_id: losAngelesGroup, number });
  });

  it('is refused for one that is cancelled or used already', async () => {
    const [number = '', bought = ''] = await exchange.stock('losAngeles', 2);
    const cancelled = await reserve(holder.client, { group_id: losAngelesGroup, number });
    await holder.client.delete(`${paths.reservations}/${cancelled.uuid}`);
    expectError(await holder.client.delete(`${paths.reservations}/${cancelled.uuid}`), 404);
    const used = await reserve(holder.client, { group_id: losAngelesGroup, number: bought });
    await buy(holder.client, { number: bought });
    expectError(await holder.client.delete(`${paths.reservations}/${used.uuid}`), 404);
  });

  it('is refused for one that never was', async () => {
    expectError(await holder.client.delete(`${paths.reservations}/${uuidOfNobody}`), 404);
  });

  // The page of cancelling says 404 for an unknown one, the table of codes 422 for a malformed id.
  it.each(['x', '5f0c6a1e', `DID${uuidOfNobody}`, '%00', '-1'])('is refused for the id %s', async (uuid) => {
    expectError(await holder.client.delete(`${paths.reservations}/${uuid}`), 404, 422);
  });
});
