import { deepStrictEqual } from 'node:assert';
import { at } from '../support/request.js';
import type { Exchange } from './exchange.js';
import { holdsOf, isListed, nextChargeAt, windowIsOver } from './model.js';
import type { Rental, World } from './model.js';

/** What an account sees, from the model and from the exchange, brought to the same words. */

export const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

const rows = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();

/** Throws with the difference, the exchange's as actual and the model's as expected. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new Error(`${what}: exchange (+) and model (-) differ\n${(error as Error).message}`, {
      cause: error,
    });
  }
}

function rentalView(rental: Rental): Record<string, unknown> {
  return {
    id: rental.id,
    number: rental.number,
    state: rental.state,
    price: `${rental.price.setup}+${rental.price.recurring} ${rental.price.currency} per ${rental.price.cycle}`,
    started_at: iso(rental.startedAt),
    next_charge_at: iso(nextChargeAt(rental)),
    past_due_since: iso(rental.pastDueSince),
    released_at: iso(rental.releasedAt),
    reclaim_until: iso(rental.reclaimUntil),
    assignments: Object.entries(rental.pointers)
      .map(([kind, pointer]) => `${kind} ${pointer.target} since ${iso(pointer.at) ?? ''}`)
      .sort(),
  };
}

export function priceText(price: unknown): string {
  const part = (name: string): string => String(at(price, name));
  return `${part('setup_minor')}+${part('recurring_minor')} ${part('currency')} per ${part('cycle')}`;
}

function shownRental(row: unknown): Record<string, unknown> {
  const assignments = at(row, 'assignments') as Record<string, string>[];
  return {
    id: at(row, 'id'),
    number: at(row, 'number'),
    state: at(row, 'state'),
    price: priceText(at(row, 'price')),
    started_at: at(row, 'started_at'),
    next_charge_at: at(row, 'next_charge_at'),
    past_due_since: at(row, 'past_due_since'),
    released_at: at(row, 'released_at'),
    reclaim_until: at(row, 'reclaim_until'),
    assignments: assignments
      .map((one) => {
        const kind = one['kind'] ?? '';
        return `${kind} ${one[`${kind}_id`] ?? ''} since ${one['assigned_at'] ?? ''}`;
      })
      .sort(),
  };
}

/** The cheap part, for after every command: what the account holds, and its money. */
export async function compareAccount(world: World, exchange: Exchange, account: string): Promise<void> {
  const [rentals, wallets] = await Promise.all([
    exchange.list(account, '/rentals?limit=100'),
    exchange.list(account, '/wallets'),
  ]);
  const held = [...world.rentals.values()].filter(
    (rental) => rental.account === account && rental.state !== 'ended' && !windowIsOver(world, rental),
  );
  expectSame(rows(rentals.map(shownRental)), rows(held.map(rentalView)), `rentals of ${account}`);
  expectSame(
    wallets.map((row) => ({ currency: at(row, 'currency'), balance: at(row, 'balance_minor') })),
    (world.accounts.get(account)?.wallets ?? []).map(({ currency, balance }) => ({ currency, balance })),
    `wallets of ${account}`,
  );
}

/** Everything that anybody sees: rentals, holds, money with its history, and what is for sale. */
export async function compareAll(world: World, exchange: Exchange): Promise<void> {
  for (const { name, wallets } of world.accounts.values()) {
    await compareAccount(world, exchange, name);
    await compareHolds(world, exchange, name);
    for (const { currency } of wallets) await compareTransfers(world, exchange, name, currency);
  }
  for (const group of world.shelves.keys()) {
    const found = await exchange.list('bert', `/numbers?group_id=${group}&limit=100`);
    const listed = [...world.numbers.values()].filter(
      (numeral) => numeral.group === group && isListed(world, numeral),
    );
    expectSame(
      found.map((row) => at(row, 'number')).sort(),
      listed.map((numeral) => numeral.number).sort(),
      `for sale in ${group}`,
    );
  }
}

async function compareHolds(world: World, exchange: Exchange, account: string): Promise<void> {
  const shown = await exchange.list(account, '/reservations');
  expectSame(
    rows(
      shown.map((row) => [at(row, 'id'), at(row, 'number'), at(row, 'created_at'), at(row, 'expires_at')]),
    ),
    rows(holdsOf(world, account).map((h) => [h.id, h.number, iso(h.createdAt), iso(h.expiresAt)])),
    `holds of ${account}`,
  );
}

async function compareTransfers(
  world: World,
  exchange: Exchange,
  account: string,
  currency: string,
): Promise<void> {
  const shown = await exchange.list(account, `/wallets/${currency}/transfers?limit=100`);
  const mine = world.transfers.filter((row) => row.account === account && row.currency === currency);
  expectSame(
    rows(
      shown.map((row) => [
        at(row, 'kind'),
        at(row, 'direction'),
        at(row, 'amount_minor'),
        at(row, 'rental_id'),
        at(row, 'cycle_number'),
        at(row, 'created_at'),
      ]),
    ),
    rows(
      mine.map((row) => [
        row.kind,
        row.kind === 'deposit' || row.kind === 'refund' ? 'credit' : 'debit',
        row.amount,
        row.rental,
        row.cycle,
        iso(row.at),
      ]),
    ),
    `transfers of ${account} in ${currency}`,
  );
}
