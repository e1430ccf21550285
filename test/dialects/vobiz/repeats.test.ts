import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setQuarantine } from '../../support/policies.js';
import { at } from '../../support/request.js';
import { Exchange, makeTrunk } from './exchange.js';
import type { Caller } from './exchange.js';
import { expectNothing } from './contract.js';

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 1_000_000, USD: 10_000 } });
});

afterAll(() => exchange.close());

const key = (name: string) => ({ 'idempotency-key': name });

function buy(caller: Caller, e164: string, name: string) {
  return caller.account('POST', '/numbers/purchase-from-inventory', { e164 }, key(name));
}

describe('a purchase', () => {
  it('shows the releases before it, and in a repeat no later one', async () => {
    await setQuarantine(exchange.server, 0);
    const number = await exchange.bought(master);
    exchange.advance(60);
    expect((await master.release(number, '?immediate=true')).status).toBe(200);
    const releasedAt = exchange.server.clock.now().toISOString();
    exchange.advance(60);
    const first = await buy(master, number, 'again');
    expect(at(first.body, 'number.released_at')).toBe(releasedAt);
    exchange.advance(60);
    expect((await master.release(number, '?immediate=true')).status).toBe(200);
    const repeat = await buy(master, number, 'again');
    expect([repeat.status, repeat.body]).toEqual([200, first.body]);
    expect((await buy(master, number, 'a-third-time')).status).toBe(200);
  });

  it('is paid in the currency that the inventory shows: the number’s own, where the payer has a wallet in it', async () => {
    const number = await exchange.stockOne();
    const id = number.slice(1);
    const { sql } = exchange.server;
    await sql`update number set has_own_price = true where id = ${id}::bigint`;
    await sql`
      insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
      values (${id}::bigint, 'USD', 0, 700, 'month'), (${id}::bigint, 'GBP', 0, 1, 'month')`;
    const shown = at((await master.inventory(`?search=${id}`)).body, 'items.0');
    expect(shown).toMatchObject({ currency: 'USD', monthly_fee: 7 });
    const bought = await buy(master, number, 'own-price');
    expect(at(bought.body, 'number')).toMatchObject({ currency: 'USD', monthly_fee: 7 });
    expect(await exchange.balanceOf(master, 'USD')).toBe(9_300);
  });

  it('without any wallet is 402, in a repeat as well', async () => {
    const poor = await exchange.master({ balances: {} });
    const number = await exchange.stockOne();
    const [first, repeat] = [await buy(poor, number, 'poor'), await buy(poor, number, 'poor')];
    expect([first.status, at(first.body, 'error')]).toEqual([402, 'insufficient_balance']);
    expect([repeat.status, repeat.body]).toEqual([402, first.body]);
  });
});

describe('a write of several steps', () => {
  it('is one: what fails at its end has left nothing behind', async () => {
    const number = await exchange.bought(master);
    const trunk = await makeTrunk(master);
    const path = `/numbers/${encodeURIComponent(number)}/assign`;
    const assign = (name: string) => master.account('POST', path, { trunk_group_id: trunk }, key(name));
    expectNothing(await assign('first'));
    expect((await assign('second')).status).toBe(400);
    expectNothing(await master.unassignTrunk(number));
    expect((await assign('second')).status).toBe(400);
    expectNothing(await assign('first'));
    expect(at((await master.number(number)).body, 'trunk_group_id')).toBeUndefined();
    expectNothing(await assign('third'));
  });

  it('at once under one key takes effect once, and both are told the same', async () => {
    const parent = await exchange.master();
    const open = () =>
      parent.call('POST', `/accounts/${parent.id}/sub-accounts/`, { name: 'Branch' }, key('open'));
    const answers = await Promise.all([open(), open(), open()]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const ids = answers.map(({ body }) => at(body, 'sub_account.auth_id'));
    expect(new Set(ids).size).toBe(1);
    const secrets = answers.map(({ body }) => at(body, 'auth_credentials.auth_token'));
    expect(secrets.filter((secret) => secret !== '<redacted>')).toHaveLength(1);
    const tokens = answers.flatMap(({ body }) => [
      at(body, 'tokens.access_token'),
      at(body, 'tokens.refresh_token'),
    ]);
    expect(tokens.filter((token) => token !== '<redacted>')).toHaveLength(2);
    expect(at((await parent.subAccounts('GET')).body, 'total')).toBe(1);
  });

  it('is remembered without its secrets, and with permissions whatever their names', async () => {
    const parent = await exchange.master();
    const permissions = { token: true, secret: false };
    const open = () =>
      parent.call('POST', `/accounts/${parent.id}/sub-accounts/`, { name: 'B', permissions }, key('named'));
    const [first, repeat] = [await open(), await open()];
    expect(at(first.body, 'sub_account.permissions')).toEqual(permissions);
    expect(at(repeat.body, 'sub_account.permissions')).toEqual(permissions);
    const [row] = await exchange.server.sql<{ outcome: string }[]>`
      select outcome::text as outcome from idempotency
      where account_id = ${parent.tenant.account.id} and key = 'named'`;
    for (const secret of ['auth_credentials.auth_token', 'tokens.access_token', 'tokens.refresh_token']) {
      expect(row?.outcome).not.toContain(String(at(first.body, secret)));
    }
  });
});
