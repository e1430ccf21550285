import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount } from '../../src/core/accounts/index.js';
import { addDocument, createAddress, submitAddress } from '../../src/core/compliance/index.js';
import type { DocumentStore } from '../../src/core/ports.js';
import { sealEntries } from '../../src/core/audit/index.js';
import type { Account, Context, RootContext } from '../../src/core/context.js';
import { adjust, deposit, refund, withdraw } from '../../src/core/ledger/index.js';
import { buyNumbers, PurchaseDesk, reserveNumber } from '../../src/core/sales/index.js';
import { handToSubAccount, decideAddress, releaseNumber } from '../../src/core/rentals/index.js';
import { importStock } from '../../src/core/stock/index.js';
import { assignRental, createAgent } from '../../src/core/routing/index.js';
import { recordCalls } from '../../src/core/usage/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import type { CheckResult } from '../../src/core/verify/index.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool, Transaction } from '../../src/database/connection.js';
import { systemClock } from '../../src/lib/clock.js';
import { noDocuments } from '../support/documents.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let lane: Pool;
let desk: PurchaseDesk;
let operator: Context;

const base = 12135550100;

beforeAll(async () => {
  database = await createTestDatabase();
  lane = openPool({ url: database.url, connectionsMax: 1, applicationName: 'desk' });
  desk = new PurchaseDesk(lane);
  operator = {
    sql: database.sql,
    clock: systemClock,
    actor: { kind: 'operator', keyId: null },
    requestId: 'req_verify',
  };
  await fillBooks();
});

afterAll(async () => {
  await desk.close();
  await lane.end();
  await database.drop();
});

/** Two tenants in live and one in test, with purchases, a refusal, a hold, a release and remembered requests. */
async function fillBooks(): Promise<void> {
  const lines = Array.from({ length: 20 }, (_, index) => `+${base + index}`);
  await importStock({
    ctx: operator,
    input: { source: Readable.from([`number\n${lines.join('\n')}\n`]), environments: ['live', 'test'] },
  });
  const one = await openAccount('One', 'live');
  const two = await openAccount('Two', 'live');
  const sandbox = await openAccount('Sandbox', 'test');
  await sealEntries({ ctx: operator });
  const [first, second] = await buy(one, [base, base + 1], 'key-1');
  const addressId = await verifiedAddress(two);
  const [third] = await buy(two, [base + 2], undefined, addressId);
  await buy(sandbox, [1e15 + base]);
  await routeToAgent(two, third ?? 0);
  await handOver(two, base + 13);
  await expect(buy(two, [base], 'key-2')).rejects.toThrow();
  await reserveNumber({ ctx: contextOf(two, 'key-3'), input: { line: { numberId: base + 3 } } });
  const leaves = { again: 'refuse' } as const;
  await releaseNumber({
    ctx: contextOf(one, 'key-4'),
    input: { rentalId: first ?? 0, leaves: 'now', ...leaves },
  });
  await releaseNumber({
    ctx: contextOf(one),
    input: { rentalId: second ?? 0, leaves: 'after_window', ...leaves },
  });
  const startedAt = new Date().toISOString();
  const money = { account: one, amountMinor: 10, currency: 'USD', reason: 'Agreed by telephone' };
  await refund({ ctx: operator, input: money });
  await adjust({ ctx: operator, input: money });
  await adjust({ ctx: operator, input: { ...money, amountMinor: -10 } });
  await withdraw({ ctx: operator, input: money });
  const call = { callId: 'c-1', direction: 'inbound', from: '+4915112345678', to: `+${base + 2}`, startedAt };
  const calls = [call, { ...call, callId: 'c-2', endedAt: startedAt }];
  await recordCalls({ ctx: operator, input: { environment: 'live', calls } });
}

async function routeToAgent(account: Account, rentalId: number): Promise<void> {
  const { agentId } = await createAgent({ ctx: contextOf(account, 'key-5'), input: { name: 'Front desk' } });
  await assignRental({
    ctx: contextOf(account, 'key-6'),
    input: { rentalId, target: { kind: 'agent', id: agentId }, replace: 'allow' },
  });
}

async function handOver(parent: Account, numberId: number): Promise<void> {
  await buy(parent, [numberId]);
  const subAccount = await createAccount({
    ctx: operator,
    input: { name: 'Branch', environment: 'live', parent: parent.publicId },
  });
  await handToSubAccount({ ctx: contextOf(parent), input: { numberId, subAccount } });
}

async function verifiedAddress(account: Account): Promise<number> {
  const [name, text] = ['Erika', 'Unter den Linden 1'];
  const { id } = await createAddress({
    ctx: contextOf(account, 'key-7'),
    input: {
      ...{ streetAddress: text, city: 'Berlin', postalCode: '10117', country: 'DE' },
      ...{ contactName: name, contactEmail: 'e@example.com', contactPhone: '+493012345678' },
    },
  });
  const documents: DocumentStore = { ...noDocuments, put: () => Promise.resolve('a file') };
  const file = { token: '', byteCount: 5, sha256: '00'.repeat(32), head: Buffer.from('%PDF-') };
  const document = { addressId: id, type: 'government_id', filename: 'id.pdf', file };
  await addDocument({ ctx: { ...contextOf(account, 'key-8'), documents }, input: document });
  await submitAddress({ ctx: contextOf(account, 'key-9'), input: { addressId: id } });
  await decideAddress({ ctx: operator, input: { addressId: id, decision: 'approve' } });
  return id;
}

async function openAccount(name: string, environment: 'live' | 'test'): Promise<Account> {
  const account = await createAccount({ ctx: operator, input: { name, environment } });
  await deposit({ ctx: operator, input: { account, amountMinor: 10_000, currency: 'USD' } });
  return account;
}

function contextOf(account: Account, key?: string): RootContext {
  return {
    ...operator,
    sql: database.sql,
    desk,
    documents: noDocuments,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    idempotency: key === undefined ? undefined : { key, requestHash: Buffer.from(key) },
  };
}

async function buy(
  account: Account,
  numberIds: readonly number[],
  key?: string,
  addressId?: number,
): Promise<number[]> {
  const order = await buyNumbers({
    ctx: contextOf(account, key),
    input: {
      lines: numberIds.map((numberId) => ({ numberId })),
      mode: 'all_or_nothing',
      unmetRequirements: 'await',
      addressId,
    },
  });
  return order.results.map((result) => (result.ok ? result.rentalId : 0));
}

/** What fails once the books are tampered with; all guards of the schema are off, and everything is undone after. */
async function failuresAfter(tamper: (tx: Transaction) => Promise<unknown>): Promise<CheckResult[]> {
  const undo = new Error('undo');
  let failures: CheckResult[] = [];
  await database.sql
    .begin(async (tx) => {
      // What is tampered with is the number itself: the totals follow, so that one check alone has something to find.
      for (const trigger of ['number_counted_in', 'number_counted_out', 'number_counted_anew']) {
        await tx.unsafe(`alter table number enable always trigger ${trigger}`);
      }
      await tx`set local session_replication_role = replica`;
      await tamper(tx);
      const { ok, checks } = await verifyBooks({ ctx: { ...operator, sql: tx } });
      failures = checks.filter((check) => !check.ok);
      expect(ok).toBe(failures.length === 0);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return failures;
}

test('honest books pass, and every check has looked at something', async () => {
  const { ok, checks } = await verifyBooks({ ctx: operator });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
  expect(checks.filter((check) => check.examined === 0)).toEqual([]);
  expect(new Set(checks.map((check) => check.name)).size).toBe(checks.length);
});

test('only the operator may look at everybody’s books', async () => {
  const account = await createAccount({ ctx: operator, input: { name: 'Nosy', environment: 'live' } });
  await expect(verifyBooks({ ctx: contextOf(account) })).rejects.toMatchObject({ code: 'forbidden' });
});

const openRental = (tx: Transaction) =>
  tx`(select min(id) from rental where ended_at is null and state = 'active')`;

/** Each fault, and the one check that has to find it. */
const faults: Record<string, [check: string, tamper: (tx: Transaction) => Promise<unknown>]> = {
  'a number is rented twice': [
    'one_open_rental_per_number',
    async (tx) => {
      await tx`drop index rental_one_open_per_number`;
      // The copy brings its charge, audit row and event, so that only the second rental itself is wrong.
      await tx`create temp table copied on commit drop as select * from rental where id = ${openRental(tx)}`;
      await tx`insert into purchase_order
        select id + 900000, account_id, mode, '[]'::jsonb, request_id, created_at
        from purchase_order where id = (select order_id from copied)`;
      await tx`insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number, request_id, created_at)
        select debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id + 900000, cycle_number, request_id, created_at
        from transfer where rental_id = (select id from copied)`;
      await tx`update wallet w set balance_minor = balance_minor + d.minor from (
        select debit_wallet_id as id, -amount_minor as minor from transfer where rental_id > 900000 union all
        select credit_wallet_id, amount_minor from transfer where rental_id > 900000) d where d.id = w.id`;
      await tx`with written as (
        insert into audit_entry (at, actor, action, subject_kind, subject_id, request_id)
        select now(), 'x', 'number.buy', 'rental', id + 900000, 'x' from copied returning id)
        insert into audit_waiting (entry_id) select id from written`;
      await tx`insert into event (at, account_id, type, subject_kind, subject_id, payload)
        select now(), account_id, 'number.rented', 'rental', id + 900000, '{}' from copied`;
      await tx`update copied set id = id + 900000, order_id = order_id + 900000`;
      await tx`insert into rental select * from copied`;
    },
  ],
  'a rented number is for sale': [
    'rented_numbers_have_a_rental',
    (tx) => tx`update number set status = 's' where id = ${base + 2}`,
  ],
  'a number in stock is marked rented': [
    'rented_numbers_have_a_rental',
    (tx) => tx`update number set status = 'r' where id = ${base + 10}`,
  ],
  'the number of a rental is gone': [
    'rented_numbers_have_a_rental',
    (tx) => tx`delete from number where id = ${base + 2}`,
  ],
  'a hold is not on its number': [
    'holds_match_their_numbers',
    (tx) => tx`update number set held_until = null, reservation_id = null where id = ${base + 3}`,
  ],
  'a hold ends at another time than its number says': [
    'holds_match_their_numbers',
    (tx) => tx`update number set held_until = held_until + interval '1 hour' where id = ${base + 3}`,
  ],
  'a total is not what the stock has': [
    'totals_match_the_stock',
    (tx) => tx`update stock_change set change = change + 1 where id = (select min(id) from stock_change)`,
  ],
  'a number is held by nothing': [
    'holds_match_their_numbers',
    (tx) =>
      tx`update number set held_until = now() + interval '1 hour', reservation_id = 77 where id = ${base + 11}`,
  ],
  'a rental points at another account’s agent': [
    'assignments_match_their_rentals',
    (tx) => tx`update agent set account_id = account_id - 1`,
  ],
  'a deleted agent is still pointed at': [
    'assignments_match_their_rentals',
    (tx) => tx`update agent set status = 'deleted', deleted_at = now()`,
  ],
  'a rental moves without a trace': [
    'moves_lead_to_the_holder',
    (tx) => tx`update rental_move set to_account_id = from_account_id - 1`,
  ],
  'a rental that is being released still points somewhere': [
    'assignments_match_their_rentals',
    (tx) =>
      tx`update rental set state = 'pending_release', reclaim_until = now() where number_id = ${base + 2}`,
  ],
  'a closed account has a number still': [
    'closed_accounts_hold_nothing',
    (tx) => tx`
      update account set deleted_at = created_at
      where id = (select account_id from rental where ended_at is null and state = 'active' order by id limit 1)`,
  ],
  'a call that has ended goes on for its number': [
    'calls_match_their_parties',
    (tx) => tx`update call_party set in_progress = true where not in_progress`,
  ],
  'a call is counted for a number that had no part in it': [
    'calls_match_their_parties',
    (tx) => tx`update call_party set number_id = ${base + 12} where in_progress`,
  ],
  'a call concerns nobody': [
    'calls_match_their_parties',
    (tx) => tx`delete from call_party where in_progress`,
  ],
  'a call began at another time for its number': [
    'calls_match_their_parties',
    (tx) => tx`update call_party set started_at = started_at - interval '1 second'`,
  ],
  'a balance is off by one': [
    'balances_are_sums',
    (tx) =>
      tx`update wallet set balance_minor = balance_minor + 1 where kind = 'revenue' and environment = 'live'`,
  ],
  'a transfer is missing': [
    'balances_are_sums',
    (tx) => tx`delete from transfer where id = (select min(id) from transfer where kind = 'deposit')`,
  ],
  'a wallet is overdrawn': [
    'wallets_within_their_limit',
    async (tx) => {
      await tx`alter table wallet drop constraint wallet_never_below_its_limit`;
      await tx`create temp table taken on commit drop as
        select w.id, h.id as house_id, w.balance_minor + 1 as minor from wallet w
        join wallet h on h.kind = 'deposits' and h.environment = w.environment
        where w.kind = 'tenant' limit 1`;
      await tx`insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, request_id, created_at, reference)
        select id, house_id, minor, 'USD', 'withdrawal', 'x', now(), 'x' from taken`;
      await tx`update wallet w set balance_minor = -1 from taken where taken.id = w.id`;
      await tx`update wallet w set balance_minor = balance_minor + minor from taken where house_id = w.id`;
    },
  ],
  'money goes from live to test': [
    'transfers_sum_to_zero',
    async (tx) => {
      await tx`create temp table ends on commit drop as
        select (select id from wallet where kind = 'deposits' and environment = 'live') as a,
               (select id from wallet where kind = 'tenant' and environment = 'test') as b`;
      await tx`insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, request_id, created_at)
        select a, b, 5, 'USD', 'deposit', 'x', now() from ends`;
      await tx`update wallet set balance_minor = balance_minor - 5 from ends where id = a`;
      await tx`update wallet set balance_minor = balance_minor + 5 from ends where id = b`;
    },
  ],
  'a transfer is in another currency than its wallets': [
    'transfers_keep_their_currency',
    (tx) =>
      tx`update transfer set currency = 'EUR' where id = (select min(id) from transfer where kind = 'deposit')`,
  ],
  'money was given back out of what was deposited': [
    'transfers_go_where_their_kind_says',
    async (tx) => {
      await tx`alter table transfer drop constraint transfer_by_hand_has_a_reason`;
      await tx`update transfer set kind = 'adjustment', reference = 'x'
        where id = (select min(id) from transfer where kind = 'deposit')`;
    },
  ],
  'a withdrawal has no reason': [
    'corrections_have_a_reason',
    async (tx) => {
      await tx`alter table transfer drop constraint transfer_by_hand_has_a_reason`;
      await tx`update transfer set reference = null where kind = 'withdrawal'`;
    },
  ],
  'a charge of a cycle that has not begun': [
    'charges_belong_to_rentals',
    async (tx) => {
      await tx`create temp table twice on commit drop as
        select * from transfer where rental_id = ${openRental(tx)}`;
      await tx`insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number, request_id, created_at)
        select debit_wallet_id, credit_wallet_id, r.recurring_minor, t.currency, kind, rental_id, 1, request_id, created_at
        from twice t join rental r on r.id = t.rental_id`;
      await tx`update wallet w set balance_minor = balance_minor - r.recurring_minor
        from twice t join rental r on r.id = t.rental_id where w.id = t.debit_wallet_id`;
      await tx`update wallet w set balance_minor = balance_minor + r.recurring_minor
        from twice t join rental r on r.id = t.rental_id where w.id = t.credit_wallet_id`;
    },
  ],
  'a charge is not the price': [
    'charges_match_the_price',
    (tx) => tx`update rental set recurring_minor = recurring_minor + 1 where id = ${openRental(tx)}`,
  ],
  'a cycle was never charged': [
    'rentals_are_charged',
    (tx) => tx`
      update rental
      set cycle_number = 1,
          next_charge_at = case cycle
            when '28d' then started_at + interval '1344 hours'
            else (started_at at time zone 'UTC' + interval '2 months') at time zone 'UTC' end
      where id = ${openRental(tx)}`,
  ],
  'a rental is charged on another day than it began': [
    'rentals_keep_their_anchor',
    (tx) =>
      tx`update rental set next_charge_at = next_charge_at + interval '1 day' where id = ${openRental(tx)}`,
  ],
  'a purchase left no audit row': [
    'rentals_are_audited',
    (tx) => tx`with forgotten as (
      delete from audit_entry
      where subject_kind = 'rental' and action = 'number.buy' and subject_id = ${openRental(tx)} returning id)
      delete from audit_waiting where entry_id in (select id from forgotten)`,
  ],
  'a purchase left no event': [
    'rentals_are_announced',
    (tx) => tx`delete from event where type = 'number.rented' and subject_id = ${openRental(tx)}`,
  ],
  'the group of a rental does not exist': [
    'rentals_refer_to_what_exists',
    (tx) => tx`update rental set group_id = 99999999 where id = ${openRental(tx)}`,
  ],
  'the wallet of a rental does not exist': [
    'rentals_refer_to_what_exists',
    (tx) => tx`update rental set wallet_id = 99999999 where id = ${openRental(tx)}`,
  ],
  'a rental is paid from another environment': [
    'rentals_keep_their_environment',
    (
      tx,
    ) => tx`update rental set wallet_id = (select id from wallet where kind = 'tenant' and environment = 'test')
      where id = ${openRental(tx)}`,
  ],
  'a rental is registered with another account’s address': [
    'rentals_are_registered_with_own_addresses',
    (tx) => tx`update address set account_id = account_id - 1`,
  ],
  'the address of a rental does not exist': [
    'rentals_are_registered_with_own_addresses',
    (tx) => tx`update rental set address_id = 99999999 where id = ${openRental(tx)}`,
  ],
  'a remembered document does not exist': [
    'idempotency_records_point_somewhere',
    (tx) => tx`delete from address_document`,
  ],
  'an order names a rental of another order': [
    'orders_have_their_rentals',
    (tx) => tx`update purchase_order set results = jsonb_set(results, '{0,rentalId}', '99999999')
      where id = (select order_id from rental where id = ${openRental(tx)})`,
  ],
  'a remembered order does not exist': [
    'idempotency_records_point_somewhere',
    (tx) => tx`update idempotency set subject_id = 99999999 where subject_kind = 'order'`,
  ],
  'a remembered success names nothing': [
    'idempotency_records_point_somewhere',
    (tx) =>
      tx`update idempotency set subject_kind = null, subject_id = null where subject_kind = 'reservation'`,
  ],
  'a remembered request has no outcome': [
    'idempotency_records_point_somewhere',
    (tx) => tx`update idempotency set outcome = null where subject_kind is null`,
  ],
};

for (const [fault, [check, tamper]] of Object.entries(faults)) {
  test(`found: ${fault}`, async () => {
    const failures = await failuresAfter(tamper);
    expect(failures.map((failure) => failure.name)).toEqual([check]);
    expect(failures[0]?.violations).toBeGreaterThan(0);
    expect(failures[0]?.sample?.length).toBeGreaterThan(0);
  });
}

test('an order that vanished is missed by its rental and by the request that made it', async () => {
  const failures = await failuresAfter(
    (tx) =>
      tx`delete from purchase_order where id = (select subject_id from idempotency where subject_kind = 'order')`,
  );
  expect(failures.map((failure) => failure.name)).toEqual([
    'rentals_refer_to_what_exists',
    'idempotency_records_point_somewhere',
  ]);
});
