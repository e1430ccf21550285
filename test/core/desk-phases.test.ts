import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, RootContext } from '../../src/core/context.js';
import { DomainError } from '../../src/core/errors.js';
import { buyNumber, PurchaseDesk, reserveNumber } from '../../src/core/sales/index.js';
import { onConnectionClosed } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { openPoolFor } from '../../src/database/kinds-of-work.js';
import { present } from '../../src/lib/assert.js';
import { noDocuments } from '../support/documents.js';
import { idOf } from '../support/calls.js';
import { relayTo } from '../support/round-trips.js';
import type { CountingRelay } from '../support/round-trips.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let relay: CountingRelay;
let lanes: Pool[];
let desks: PurchaseDesk[];
let account: Account;
/** Numbers not used yet, by what they begin with: Los Angeles, Alaska, Amsterdam. */
const unused = new Map(
  ['+1213557', '+1907557', '+3120557'].map((prefix) => [
    prefix,
    Array.from({ length: 100 }, (_, n) => `${prefix}${1000 + n}`),
  ]),
);
let nextKey = 1;

beforeAll(async () => {
  server = await startTestServer();
  relay = await relayTo(server.sql, server.databaseUrl);
  // Two desks, as two server processes have them; the first one's round trips are counted.
  lanes = [relay.url, server.databaseUrl].map((url) => openPoolFor('desk', url));
  desks = lanes.map((lane) => new PurchaseDesk(lane));
  await server.addNumbers([...unused.values()].flat());
  ({ account } = await server.createTenant({ balances: { USD: 1_000_000 } }));
});

afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  await Promise.all(lanes.map((lane) => lane.end({ timeout: 1 })));
  await relay.close();
  await server.close();
});

function freshNumber(prefix = '+1213557'): string {
  return present(unused.get(prefix)?.pop(), 'enough numbers for all tests');
}

function ctx(process = 0): RootContext {
  const key = `phases-${nextKey++}`;
  return {
    sql: server.sql,
    desk: present(desks[process], 'two desks'),
    documents: noDocuments,
    clock: server.clock,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    requestId: 'req_phases_test',
    idempotency: { key, requestHash: createHash('sha256').update(key).digest() },
  };
}

async function buy(number: string, process = 0) {
  try {
    const line = { numberId: idOf(number) };
    return await buyNumber({ ctx: ctx(process), input: { line, unmetRequirements: 'refuse' } });
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Round trips of the last of several times: the first ones prepare statements and learn what is kept. */
async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < 2; n++) await work();
  const before = relay.count();
  await work();
  return relay.count() - before;
}

/** The work with something made ready before each time, which is not counted. */
async function tripsAfter<T>(
  ready: () => T | Promise<T>,
  work: (made: T) => Promise<unknown>,
): Promise<number> {
  const made = [await ready(), await ready(), await ready()];
  return tripsOf(() => work(present(made.pop(), 'one for each time')));
}

describe('alone at the desk', () => {
  it('a purchase with a key costs two round trips to the database', async () => {
    expect(
      await tripsAfter(
        () => freshNumber(),
        (number) => buy(number),
      ),
    ).toBe(2);
  });

  it('a purchase of any number of a group costs two round trips', async () => {
    const [row] = await server.sql<{ groupId: number }[]>`
      select group_id as "groupId" from number where id >= 19075570000 order by id limit 1`;
    const line = { groupId: present(row, 'there are numbers').groupId };
    const work = () => buyNumber({ ctx: ctx(), input: { line, unmetRequirements: 'refuse' } });
    expect(await tripsOf(work)).toBe(2);
  });

  it('a hold, and the purchase of a number that is held, cost two round trips each', async () => {
    const numbers = [freshNumber(), freshNumber(), freshNumber()];
    const held = [...numbers];
    const hold = () => reserveNumber({ ctx: ctx(), input: { line: { numberId: idOf(held.pop() ?? '') } } });
    expect(await tripsOf(hold)).toBe(2);
    expect(await tripsOf(() => buy(numbers.pop() ?? ''))).toBe(2);
  });

  it('a refused purchase costs two round trips', async () => {
    const number = freshNumber();
    await buy(number);
    expect(await tripsOf(async () => expect(await buy(number)).toBe('already_owned'))).toBe(2);
  });

  it('a purchase that needs an address, or has a price of its own, costs three round trips', async () => {
    await server.sql`
      insert into address (account_id, street_address, city, postal_code, country, contact_name, contact_email,
                           contact_phone, status, created_at, updated_at, submitted_at, decided_at)
      values (${account.id}, 'Dam 1', 'Amsterdam', '1012', 'NL', 'Jan', 'jan@example.com', '+31205551234', 'verified',
              now(), now(), now(), now())`;
    const registered = () => freshNumber('+3120557');
    expect(await tripsAfter(registered, (number) => buy(number))).toBe(3);
    const dear = async () => {
      const number = registered();
      await server.sql`update number set has_own_price = true where id = ${idOf(number)}`;
      await server.sql`
        insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
        values (${idOf(number)}, 'USD', 5, 6, 'month')`;
      return number;
    };
    expect(
      await tripsAfter(dear, async (number) => expect(await buy(number)).toMatchObject({ setupMinor: 5 })),
    ).toBe(3);
  });
});

describe('a fact that another connection has changed holds for the very next purchase of every process', () => {
  /** Both desks have bought before, so that they have facts to be out of date. */
  const warm = async () => {
    for (const process of [0, 1]) expect(await buy(freshNumber(), process)).toMatchObject({ ok: true });
  };

  it('a price', async () => {
    await warm();
    const priced = async (process: number) => buy(freshNumber(), process);
    for (const [rule, setupMinor] of [
      [server.sql`update price_rule set setup_minor = 777 where currency = 'USD'`, 777],
      [
        server.sql`
          insert into price_rule (price_list_id, currency, country, setup_minor, recurring_minor, cycle)
          values (${account.priceListId}, 'USD', 'US', 42, 1, 'month')
          on conflict (price_list_id, prefix, group_id, country, type, currency, valid_from) do update set setup_minor = 42`,
        42,
      ],
      [server.sql`delete from price_rule where currency = 'USD' and country = 'US'`, 777],
    ] as const) {
      await rule;
      expect(await priced(0)).toMatchObject({ setupMinor });
      expect(await priced(1)).toMatchObject({ setupMinor });
    }
    await server.sql`delete from price_rule where currency = 'USD'`;
    expect([await priced(0), await priced(1)]).toEqual(['not_offered', 'not_offered']);
    await server.sql`
      insert into price_rule (price_list_id, currency, setup_minor, recurring_minor, cycle)
      values (${account.priceListId}, 'USD', 100, 250, 'month')`;
    expect(await priced(0)).toMatchObject({ setupMinor: 100 });
  });

  it('a requirement', async () => {
    await warm();
    await server.sql`
      update requirement set needs_registration = true, address_scope = 'country' where country = 'US'`;
    expect(await buy(freshNumber(), 0)).toBe('requirements_unmet');
    expect(await buy(freshNumber(), 1)).toBe('requirements_unmet');
    await server.sql`update requirement set needs_registration = false where country = 'US'`;
    expect(await buy(freshNumber(), 0)).toMatchObject({ ok: true });
    expect(await buy(freshNumber(), 1)).toMatchObject({ ok: true });
  });

  it('a policy', async () => {
    await warm();
    const hold = async (process: number) => {
      const line = { numberId: idOf(freshNumber()) };
      const held = await reserveNumber({ ctx: ctx(process), input: { line } });
      return (new Date(held.expiresAt).getTime() - server.clock.now().getTime()) / 1000;
    };
    expect(await hold(0)).toBe(3600);
    expect(await hold(1)).toBe(3600);
    await server.sql`update policy set value = 120 where name = 'reservation_seconds' and environment = 'live'`;
    expect([await hold(0), await hold(1)]).toEqual([120, 120]);
  });

  it('but not before it is committed', async () => {
    await warm();
    let before: unknown;
    await server.sql.begin(async (tx) => {
      await tx`update price_rule set setup_minor = 1313 where currency = 'USD'`;
      before = await buy(freshNumber());
    });
    expect(before).toMatchObject({ ok: true });
    expect(before).not.toMatchObject({ setupMinor: 1313 });
    expect(await buy(freshNumber())).toMatchObject({ setupMinor: 1313 });
  });
});

it('a desk whose connection was cut goes on with the next purchase, and keeps no fact of before', async () => {
  expect(await buy(freshNumber())).toMatchObject({ ok: true });
  const lane = present(lanes[0], 'the lane behind the relay');
  const heard = new Promise<void>((resolve) => onConnectionClosed(lane, resolve));
  relay.cut();
  await heard;
  await server.sql`update price_rule set setup_minor = 99 where currency = 'USD'`;
  expect(await buy(freshNumber())).toMatchObject({ setupMinor: 99 });
});
