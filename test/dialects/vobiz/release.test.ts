import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { numbersOf, rows } from './client.js';
import { expectAnswer, expectBody, expectFlat, expectInvalid, expectNothing } from './contract.js';
import { day, Exchange, expectInstant, makeApplication, makeTrunk } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

const notOwner = { error: 'forbidden', message: 'account does not own this number' };
const notPending = { error: 'number is not pending release' };

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
});

afterAll(() => exchange.close());

/** A master with a release fee of 250 rupees, and what is left after it bought one number. */
async function withFee(left: number): Promise<{ client: Caller; number: string }> {
  const client = await exchange.master({ balances: { INR: left + 50_000 } });
  await exchange.setReleaseFee(client, 25_000);
  return { client, number: await exchange.bought(client) };
}

describe('a release', () => {
  it('says until when it can be cancelled, and where', async () => {
    const number = await exchange.bought(master);
    const answer = await master.release(number);
    expectAnswer(answer, 'releasing');
    expectInstant(at(answer.body, 'cooldown_ends_at'), exchange.instant(day));
    expect(at(answer.body, 'release_fee')).toBe(0);
    const cancelUrl = `/api/v1/account/${master.id}/numbers/${number}/cancel-release`;
    expect(at(answer.body, 'cancel_url')).toBe(cancelUrl);
  });

  it('gives a cancel_url that works as it is', async () => {
    const number = await exchange.bought(master);
    const url = String(at((await master.release(number)).body, 'cancel_url'));
    expectAnswer(await master.call('POST', url.replace('/api/v1', '')), 'cancelled');
  });

  it('detaches trunk and application at once, and keeps the number listed', async () => {
    const number = await exchange.bought(master);
    expectNothing(await master.assignTrunk(number, await makeTrunk(master)));
    expectAnswer(await master.attach(number, await makeApplication(master)), 'attached');
    await master.release(number);
    const [row] = rows(await master.list(`?search=${number.slice(1)}`));
    expect(row).toMatchObject({ e164: number, status: 'pending_release', account_id: master.id });
    for (const field of ['trunk_group_id', 'application_id']) expect(row).not.toHaveProperty(field);
  });

  it('stops every change but its cancellation', async () => {
    const sub = await exchange.sub(master);
    const number = await exchange.bought(master);
    const trunk = await makeTrunk(master);
    await master.release(number);
    expectFlat(await master.assignTrunk(number, trunk), 404, 'Number not found');
    expect((await master.unassignTrunk(number)).status).toBe(404);
    expectFlat(await master.attach(number, await makeApplication(master)), 404, 'not_found');
    expect((await master.detach(number)).status).toBe(404);
    const noSuch = { error: 'not_found', message: 'number or sub-account not found' };
    expectBody(await master.give(number, sub.id), 404, noSuch);
    expectAnswer(await master.cancelRelease(number), 'cancelled');
    expectNothing(await master.assignTrunk(number, trunk));
  });

  it('twice is 400, and costs nothing more', async () => {
    const { client, number } = await withFee(100_000);
    expectAnswer(await client.release(number), 'releasing');
    for (const query of ['', '?immediate=false']) {
      const body = { error: 'number is already pending release' };
      expectBody(await client.release(number, query), 400, body);
    }
    expect(await exchange.balanceOf(client)).toBe(75_000);
  });

  it('twice at once takes effect once', async () => {
    const { client, number } = await withFee(100_000);
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.release(number)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400, 400]);
    expect(await exchange.balanceOf(client)).toBe(75_000);
  });

  it('ends 24 hours later, to the second', async () => {
    const number = await exchange.bought(master);
    await master.release(number);
    exchange.advance(day - 1);
    expect(numbersOf(await master.list(`?search=${number.slice(1)}`))).toEqual([number]);
    exchange.advance(1);
    expect(numbersOf(await master.list(`?search=${number.slice(1)}`))).toEqual([]);
    expectFlat(await master.number(number), 404, 'not_found');
    expectBody(await master.release(number), 403, notOwner);
    expect(numbersOf(await master.inventory(`?search=${number.slice(1)}`))).toEqual([]);
  });

  it('gives no money back for the running month', async () => {
    const client = await exchange.master({ balances: { INR: 60_000 } });
    await client.release(await exchange.bought(client), '?immediate=true');
    expect(await exchange.balanceOf(client)).toBe(10_000);
  });
});

describe('an immediate release', () => {
  it('is over at once and cannot be cancelled', async () => {
    const number = await exchange.bought(master);
    const answer = await master.release(number, '?immediate=true');
    expectAnswer(answer, 'released');
    expectInstant(at(answer.body, 'cooldown_ends_at'), exchange.instant());
    expect(numbersOf(await master.list(`?search=${number.slice(1)}`))).toEqual([]);
    expectBody(await master.cancelRelease(number), 400, notPending);
    expectBody(await master.release(number), 403, notOwner);
    expect(numbersOf(await master.inventory(`?search=${number.slice(1)}`))).toEqual([]);
  });

  it('ends the window of a release that is pending, for no second fee', async () => {
    const { client, number } = await withFee(100_000);
    expect(at((await client.release(number)).body, 'release_fee')).toBe(250);
    exchange.advance(3600);
    const answer = await client.release(number, '?immediate=true');
    expectAnswer(answer, 'released');
    expectInstant(at(answer.body, 'cooldown_ends_at'), exchange.instant());
    expect(await exchange.balanceOf(client)).toBe(75_000);
    expect(numbersOf(await client.list())).toEqual([]);
  });

  it('costs the fee as well', async () => {
    const { client, number } = await withFee(25_000);
    const answer = await client.release(number, '?immediate=true');
    expect(at(answer.body, 'release_fee')).toBe(250);
    expect(await exchange.balanceOf(client)).toBe(0);
  });
});

describe('the release fee', () => {
  it('is debited at the release, under a name of its own', async () => {
    const { client, number } = await withFee(100_000);
    const answer = await client.release(number);
    expectAnswer(answer, 'releasing');
    expect(at(answer.body, 'release_fee')).toBe(250);
    expect(await exchange.balanceOf(client)).toBe(75_000);
    const debits = rows(await client.transactions('?reference_type=did_release'), 'transactions');
    expect(debits.map((row) => [row['type'], row['amount'], row['currency']])).toEqual([
      ['debit', 250, 'INR'],
    ]);
  });

  it('that cannot be paid stops the release, and nothing changes', async () => {
    const { client, number } = await withFee(20_000);
    const trunk = await makeTrunk(client);
    await client.assignTrunk(number, trunk);
    for (const query of ['', '?immediate=true']) {
      const answer = await client.release(number, query);
      expect(answer.status).toBe(402);
      expect(answer.body).toMatchObject({
        error: 'insufficient_balance',
        details: { required: 250, available: 200, currency: 'INR', shortfall: 50 },
      });
    }
    expect(await exchange.balanceOf(client)).toBe(20_000);
    expect((await client.number(number)).body).toMatchObject({ status: 'active', trunk_group_id: trunk });
  });

  it('of one account is not another’s', async () => {
    await withFee(0);
    const other = await exchange.master();
    expect(at((await other.release(await exchange.bought(other))).body, 'release_fee')).toBe(0);
  });
});

describe('a cancelled release', () => {
  it('gives the number and the fee back, but neither trunk nor application', async () => {
    const { client, number } = await withFee(100_000);
    await client.assignTrunk(number, await makeTrunk(client));
    await client.attach(number, await makeApplication(client));
    const before = (await client.number(number)).body;
    await client.release(number);
    exchange.advance(day - 1);
    const answer = await client.cancelRelease(number);
    expectAnswer(answer, 'cancelled');
    expect(answer.body).toMatchObject({ refund_amount: 250, currency: 'INR', refund_status: 'success' });
    expect(await exchange.balanceOf(client)).toBe(100_000);
    const after = (await client.number(number)).body;
    expectAnswer(await client.number(number), 'number');
    expect(at(after, 'status')).toBe('active');
    for (const field of ['trunk_group_id', 'application_id']) expect(after).not.toHaveProperty(field);
    for (const field of ['id', 'purchased_at', 'last_billing_date', 'next_billing_date', 'monthly_fee']) {
      expect(at(after, field), field).toEqual(at(before, field));
    }
    const refunds = rows(await client.transactions('?reference_type=refund'), 'transactions');
    expect(refunds.map((row) => [row['type'], row['amount']])).toEqual([['credit', 250]]);
  });

  it('without a fee gives nothing back', async () => {
    const client = await exchange.master();
    const number = await exchange.bought(client);
    await client.release(number);
    const answer = await client.cancelRelease(number);
    expectAnswer(answer, 'cancelled');
    expect(at(answer.body, 'refund_amount')).toBe(0);
    expect(await exchange.balanceOf(client)).toBe(950_000);
  });

  it('is no more possible 24 hours after the release, to the second', async () => {
    const { client, number } = await withFee(100_000);
    await client.release(number);
    exchange.advance(day);
    expectBody(await client.cancelRelease(number), 400, notPending);
    expect(await exchange.balanceOf(client)).toBe(75_000);
    expect(numbersOf(await client.list())).toEqual([]);
  });

  it('can be released again, for another fee', async () => {
    const { client, number } = await withFee(100_000);
    for (let round = 0; round < 3; round++) {
      expectAnswer(await client.release(number), 'releasing');
      expectAnswer(await client.cancelRelease(number), 'cancelled');
    }
    expect(await exchange.balanceOf(client)).toBe(100_000);
    expectAnswer(await client.release(number, '?immediate=true'), 'released');
    expect(await exchange.balanceOf(client)).toBe(75_000);
  });

  it('twice at once refunds once', async () => {
    const { client, number } = await withFee(100_000);
    await client.release(number);
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.cancelRelease(number)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400, 400]);
    expect(await exchange.balanceOf(client)).toBe(100_000);
  });

  it('needs a release: 400 for an active number', async () => {
    expectBody(await master.cancelRelease(await exchange.bought(master)), 400, notPending);
  });

  it('is 404 for a number that does not exist, 403 for another’s', async () => {
    expectBody(await master.cancelRelease('+918099999999'), 404, { error: 'number not found' });
    const other = await exchange.master();
    const theirs = await exchange.bought(other);
    await other.release(theirs);
    expectBody(await master.cancelRelease(theirs), 403, { error: 'access denied' });
    expect(at((await other.number(theirs)).body, 'status')).toBe('pending_release');
  });
});

describe('who may release', () => {
  it('the owner alone; others get 403, be the number another’s, in stock or nowhere', async () => {
    const other = await exchange.master();
    const theirs = await exchange.bought(other);
    for (const number of [theirs, await exchange.stockOne(), '+918099999999']) {
      expectBody(await master.release(number), 403, notOwner);
      expectBody(await master.release(number, '?immediate=true'), 403, notOwner);
    }
    expect(at((await other.number(theirs)).body, 'status')).toBe('active');
    expectInvalid(await master.release('nonsense'));
  });

  it('a sub-account’s number goes by the sub-account’s path, by either’s credentials', async () => {
    const parent = await exchange.master();
    const sub = await exchange.sub(parent);
    const [one, two] = [await exchange.given(parent, sub), await exchange.bought(sub)];
    expectBody(await parent.release(one), 403, notOwner);
    const byParent = await parent.on(sub.id).release(one);
    expectAnswer(byParent, 'releasing');
    const url = String(at(byParent.body, 'cancel_url'));
    expect(url).toBe(`/api/v1/account/${sub.id}/numbers/${one}/cancel-release`);
    expectAnswer(await sub.cancelRelease(one), 'cancelled');
    expectAnswer(await sub.release(two), 'releasing');
    expectBody(await parent.cancelRelease(two), 403, { error: 'access denied' });
    expectAnswer(await parent.on(sub.id).cancelRelease(two), 'cancelled');
  });

  it('a sub-account may, calls or no calls: the cool-off is about going back to the parent', async () => {
    const parent = await exchange.master();
    const sub = await exchange.sub(parent);
    const number = await exchange.given(parent, sub);
    await exchange.bringCalls({ to: number, ago: 60 });
    expectAnswer(await sub.release(number), 'releasing');
  });

  it('the fee of a sub-account’s release is its parent’s to pay', async () => {
    const parent = await exchange.master({ balances: { INR: 100_000 } });
    const sub = await exchange.sub(parent);
    const number = await exchange.bought(sub);
    const answer = await sub.release(number);
    expectAnswer(answer, 'releasing');
    const fee = Number(at(answer.body, 'release_fee'));
    expect(await exchange.balanceOf(parent)).toBe(50_000 - fee * 100);
  });
});
