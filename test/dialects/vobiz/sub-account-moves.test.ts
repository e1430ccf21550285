import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { numbersOf } from './client.js';
import { expectBody, expectFlat, expectInvalid, expectMismatch, expectNothing } from './contract.js';
import { day, Exchange, expectInstant, fieldOf, makeApplication, makeTrunk } from './exchange.js';
import type { Caller, CallRecord } from './exchange.js';

let exchange: Exchange;
let master: Caller;
let sub: Caller;

const coolOff = 15 * day;
const noSuch = { error: 'not_found', message: 'number or sub-account not found' };

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
  sub = await exchange.sub(master);
});

afterAll(() => exchange.close());

const holder = (number: string) => fieldOf(master.on(sub.id), number, 'account_id');

/** A number of the sub-account that has had these calls. */
async function used(...calls: ((number: string) => CallRecord)[]): Promise<string> {
  const number = await exchange.given(master, sub);
  await exchange.bringCalls(...calls.map((call) => call(number)));
  return number;
}

function expectCoolOff(answer: Answer, remainingSeconds: number, until: string): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(409);
  expect(Object.keys(answer.body as object).sort()).toEqual([
    'cool_off_remaining_seconds',
    'cool_off_until',
    'error',
  ]);
  expect(at(answer.body, 'error')).toBe('did_cool_off_in_effect');
  expect(at(answer.body, 'cool_off_remaining_seconds')).toBe(remainingSeconds);
  expectInstant(at(answer.body, 'cool_off_until'), until);
  expect(answer.headers.get('retry-after')).toBeNull();
}

describe('giving a number to a sub-account', () => {
  it('moves it from the parent’s pool, without trunk and application, and leaves a trace', async () => {
    const number = await exchange.bought(master);
    await master.assignTrunk(number, await makeTrunk(master));
    await master.attach(number, await makeApplication(master));
    const before = (await master.number(number)).body;
    expectNothing(await master.give(number, sub.id));
    const after = await sub.number(number);
    expect(after.status).toBe(200);
    expect(after.body).toMatchObject({ account_id: sub.id, e164: number, status: 'active' });
    for (const field of ['trunk_group_id', 'application_id']) expect(after.body).not.toHaveProperty(field);
    for (const field of ['id', 'monthly_fee', 'currency', 'next_billing_date']) {
      expect(at(after.body, field), field).toEqual(at(before, field));
    }
    const query = `?search=${number.slice(1)}&include_subaccounts=false`;
    expect(numbersOf(await master.list(query))).toEqual([]);
    expect(await exchange.movesOf(number)).toHaveLength(1);
  });

  it('costs nothing', async () => {
    const parent = await exchange.master({ balances: { INR: 50_000 } });
    const child = await exchange.sub(parent);
    await exchange.given(parent, child);
    expect(await exchange.balanceOf(parent)).toBe(0);
  });

  it('again to the same one changes nothing, and is fine', async () => {
    const number = await exchange.given(master, sub);
    const trunk = await makeTrunk(sub);
    await sub.assignTrunk(number, trunk);
    expectNothing(await master.give(number, sub.id));
    expect(await fieldOf(sub, number, 'trunk_group_id')).toBe(trunk);
    expect(await exchange.movesOf(number)).toHaveLength(1);
  });

  it('never goes sideways from one sub-account to another', async () => {
    const number = await exchange.given(master, sub);
    const sibling = await exchange.sub(master);
    expectBody(await master.give(number, sibling.id), 404, noSuch);
    expect(await holder(number)).toBe(sub.id);
  });

  it('is won by one of two who race', async () => {
    const sibling = await exchange.sub(master);
    for (let round = 0; round < 5; round++) {
      const number = await exchange.bought(master);
      const answers = await Promise.all([master.give(number, sub.id), master.give(number, sibling.id)]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([204, 404]);
      expect(await exchange.movesOf(number)).toHaveLength(1);
    }
  });

  it.each([undefined, null, '', 5, 500017, '500017', {}, [], 'nonsense'])(
    'is an invalid request for the sub-account %j',
    async (id) => {
      const number = await exchange.bought(master);
      expectInvalid(await master.give(number, id));
    },
  );

  it('is 404 for a sub-account of nobody or of another, and for a number outside the pool', async () => {
    const other = await exchange.master();
    const cousin = await exchange.sub(other);
    const mine = await exchange.bought(master);
    for (const id of ['SA_NOBODY', cousin.id]) expectBody(await master.give(mine, id), 404, noSuch);
    expectFlat(await cousin.number(mine), 404, 'not_found');
    const theirs = await exchange.bought(other);
    const pending = await exchange.bought(master);
    await master.release(pending);
    for (const number of ['+918099999999', await exchange.stockOne(), theirs, pending]) {
      expectBody(await master.give(number, sub.id), 404, noSuch);
    }
    expect(await fieldOf(other, theirs, 'account_id')).toBe(other.id);
    expect(await fieldOf(master, mine, 'account_id')).toBe(master.id);
  });

  it('is the parent’s to do, not a sub-account’s', async () => {
    const number = await exchange.bought(master);
    expectMismatch(await sub.on(master.id).give(number, sub.id));
    expect((await sub.give(number, sub.id)).status).toBe(403);
    expect(await fieldOf(master, number, 'account_id')).toBe(master.id);
    const admin = await exchange.admin();
    expectNothing(await admin.on(master.id).give(number, sub.id));
  });
});

describe('taking a number back', () => {
  it('that was never used works at once, without trunk and application', async () => {
    const number = await exchange.given(master, sub);
    await sub.assignTrunk(number, await makeTrunk(sub));
    await sub.attach(number, await makeApplication(sub));
    expectNothing(await master.takeBack(number));
    const after = await master.number(number);
    expect(after.body).toMatchObject({ account_id: master.id, status: 'active' });
    for (const field of ['trunk_group_id', 'application_id']) expect(after.body).not.toHaveProperty(field);
    expect(numbersOf(await sub.list(`?search=${number.slice(1)}`))).toEqual([]);
    expect(await exchange.movesOf(number)).toHaveLength(2);
  });

  it('that a sub-account bought goes to the parent too', async () => {
    const number = await exchange.bought(sub);
    expectNothing(await master.takeBack(number));
    expect(await fieldOf(master, number, 'account_id')).toBe(master.id);
  });

  it('makes it free for another sub-account', async () => {
    const sibling = await exchange.sub(master);
    const number = await exchange.given(master, sub);
    expectNothing(await master.takeBack(number));
    expectNothing(await master.give(number, sibling.id));
    expect(await fieldOf(sibling, number, 'account_id')).toBe(sibling.id);
  });

  it('is 404 when no sub-account of this parent holds it', async () => {
    const other = await exchange.master();
    const cousins = await exchange.given(other, await exchange.sub(other));
    const numbers = ['+918099999999', await exchange.stockOne(), await exchange.bought(master), cousins];
    for (const number of numbers) expectBody(await master.takeBack(number), 404, noSuch);
    expect(await exchange.movesOf(cousins)).toHaveLength(1);
  });

  it('is the parent’s to do, not a sub-account’s', async () => {
    const number = await exchange.given(master, sub);
    expectMismatch(await sub.on(master.id).takeBack(number));
    expect((await sub.takeBack(number)).status).toBe(403);
    expect(await holder(number)).toBe(sub.id);
  });

  it('twice at once moves it once', async () => {
    const number = await exchange.given(master, sub);
    const answers = await Promise.all(Array.from({ length: 4 }, () => master.takeBack(number)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 404, 404, 404]);
    expect(await exchange.movesOf(number)).toHaveLength(2);
  });
});

describe('the cool-off', () => {
  it('refuses a number with a call in the last 15 days, and changes nothing', async () => {
    const number = await used((to) => ({ to, ago: 10 * day }));
    const trunk = await makeTrunk(sub);
    await sub.assignTrunk(number, trunk);
    for (const query of ['', '?force=false']) {
      expectCoolOff(await master.takeBack(number, query), 5 * day, exchange.instant(5 * day));
    }
    expect(await holder(number)).toBe(sub.id);
    expect(await fieldOf(sub, number, 'trunk_group_id')).toBe(trunk);
    expect(await exchange.movesOf(number)).toHaveLength(1);
  });

  it('ends 15 times 24 hours after the last call began, to the second', async () => {
    const number = await used((to) => ({ to, ago: coolOff - 2 }));
    const until = exchange.instant(2);
    expectCoolOff(await master.takeBack(number), 2, until);
    exchange.advance(1);
    expectCoolOff(await master.takeBack(number), 1, until);
    exchange.advance(1);
    expectNothing(await master.takeBack(number));
  });

  it('rounds the seconds that remain up', async () => {
    const number = await used((to) => ({ to, ago: coolOff - 100 }));
    const until = exchange.instant(100);
    exchange.advance(0.25);
    expectCoolOff(await master.takeBack(number), 100, until);
    exchange.advance(99.5);
    expectCoolOff(await master.takeBack(number), 1, until);
    exchange.advance(0.25);
    expectNothing(await master.takeBack(number));
  });

  it('is over for a call of exactly 15 days ago, and for older ones', async () => {
    for (const ago of [coolOff, coolOff + 1, 90 * day]) {
      expectNothing(await master.takeBack(await used((to) => ({ to, ago }))));
    }
  });

  it('counts the last call, in whatever order they were brought', async () => {
    const number = await used(
      (to) => ({ to, ago: 3 * day }),
      (to) => ({ to, ago: day }),
      (to) => ({ to, ago: 14 * day }),
    );
    await exchange.bringCalls({ to: number, ago: 12 * day });
    expectCoolOff(await master.takeBack(number), 14 * day, exchange.instant(14 * day));
  });

  it.each([
    ['that it received', (to: string): CallRecord => ({ to, ago: day })],
    ['that it made', (from: string): CallRecord => ({ from, direction: 'outbound', ago: day })],
    ['that nobody answered', (to: string): CallRecord => ({ to, ago: day, answered: false })],
  ])('counts a call %s', async (_what, call) => {
    const number = await used(call);
    expectCoolOff(await master.takeBack(number), 14 * day, exchange.instant(14 * day));
  });

  it('counts calls from before the number was given', async () => {
    const number = await exchange.bought(master);
    exchange.advance(7200);
    await exchange.bringCalls({ to: number, ago: 3600 });
    expectNothing(await master.give(number, sub.id));
    expectCoolOff(await master.takeBack(number), coolOff - 3600, exchange.instant(coolOff - 3600));
  });

  it('does not count other numbers’ calls', async () => {
    const [busy, quiet] = [await exchange.given(master, sub), await exchange.given(master, sub)];
    await exchange.bringCalls({ to: busy, ago: day });
    expectNothing(await master.takeBack(quiet));
    expect((await master.takeBack(busy)).status).toBe(409);
  });

  it('does not hinder the way to a sub-account', async () => {
    const number = await exchange.bought(master);
    await exchange.bringCalls({ to: number, ago: 60 });
    expectNothing(await master.give(number, sub.id));
  });

  it('holds for the operator too who does not force', async () => {
    const number = await used((to) => ({ to, ago: day }));
    const admin = await exchange.admin();
    expectCoolOff(await admin.on(master.id).takeBack(number), 14 * day, exchange.instant(14 * day));
  });
});

describe('force=true', () => {
  const forbidden = { error: 'forbidden', message: 'force requires an admin account' };

  it('is refused to everyone but the operator, cool-off or not', async () => {
    const busy = await used((to) => ({ to, ago: day }));
    const quiet = await exchange.given(master, sub);
    for (const number of [busy, quiet]) {
      expectBody(await master.takeBack(number, '?force=true'), 403, forbidden);
      expect((await sub.takeBack(number, '?force=true')).status).toBe(403);
      expect(await holder(number)).toBe(sub.id);
      expect(await exchange.movesOf(number)).toHaveLength(1);
    }
  });

  it('moves the number for the operator, and the audit says that it was forced', async () => {
    const admin = await exchange.admin();
    const number = await used((to) => ({ to, ago: 60 }));
    expectNothing(await admin.on(master.id).takeBack(number, '?force=true'));
    expect(await fieldOf(master, number, 'account_id')).toBe(master.id);
    const moves = await exchange.movesOf(number);
    expect(moves).toHaveLength(2);
    expect(moves.map((move) => move.forced === true)).toEqual([false, true]);
  });

  it('is audited as forced when no cool-off runs as well', async () => {
    const admin = await exchange.admin();
    const number = await exchange.given(master, sub);
    expectNothing(await admin.on(master.id).takeBack(number, '?force=true'));
    expect((await exchange.movesOf(number)).at(-1)?.forced).toBe(true);
  });

  it('does not reach past the path’s account', async () => {
    const admin = await exchange.admin();
    const other = await exchange.master();
    const theirs = await exchange.given(other, await exchange.sub(other));
    expectBody(await admin.on(master.id).takeBack(theirs, '?force=true'), 404, noSuch);
    expect(await exchange.movesOf(theirs)).toHaveLength(1);
  });
});
