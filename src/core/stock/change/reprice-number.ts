import { isCurrency } from '../../../lib/money.js';
import { findOwnPrices } from '../../billing/index.js';
import type { Price } from '../../billing/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { changeNumber } from './change-number.js';
import type { NumberChange } from './change-number.js';
import { priceMinorMax } from '../import/index.js';
import { clearOwnPrice, setOwnPrice } from './store.js';

/** A number with all prices of its own. Plain data: stored and replayed as JSON. */
export interface RepricedNumber {
  readonly numberId: number;
  readonly ownPrices: readonly Price[];
}

const anyState = ['in_stock', 'reserved', 'rented', 'quarantined', 'withdrawn'] as const;

/**
 * Gives a number a price of its own in a currency, which beats every price list; rentals keep what they agreed to.
 *
 * Raises forbidden, invalid_input (reason, currency, setup, recurring, cycle), not_found (number), idempotency_*.
 */
export function repriceNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: NumberChange & { readonly price: Price };
}): Promise<RepricedNumber> {
  const { numberId, price } = input;
  checkPrice(price);
  return changeNumber(ctx, input, {
    action: 'number.reprice',
    allowed: anyState,
    work: async (inner) => {
      const before = await priceIn(inner, numberId, price.currency);
      await setOwnPrice(inner.sql, numberId, price);
      return { result: await pricesOf(inner, numberId), details: { before, after: price } };
    },
  });
}

/**
 * Takes a number's own price in a currency away, so that price lists hold for it again. Repeats change nothing.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), idempotency_*.
 */
export function clearNumberPrice({
  ctx,
  input,
}: {
  ctx: Context;
  input: NumberChange & { readonly currency: string };
}): Promise<RepricedNumber> {
  const { numberId, currency } = input;
  return changeNumber(ctx, input, {
    action: 'number.clear_price',
    allowed: anyState,
    work: async (inner) => {
      const before = await priceIn(inner, numberId, currency);
      await clearOwnPrice(inner.sql, numberId, currency);
      return { result: await pricesOf(inner, numberId), details: { currency, before } };
    },
  });
}

function checkPrice({ currency, setupMinor, recurringMinor }: Price): void {
  if (!isCurrency(currency)) {
    throw domainError('invalid_input', { field: 'currency', reason: 'must be an ISO 4217 code' });
  }
  for (const [field, minor] of Object.entries({ setup: setupMinor, recurring: recurringMinor })) {
    if (Number.isInteger(minor) && minor >= 0 && minor <= priceMinorMax) continue;
    throw domainError('invalid_input', { field, reason: `must be 0 to ${priceMinorMax} minor units` });
  }
}

async function priceIn({ sql }: Context, numberId: number, currency: string): Promise<Price | null> {
  const found = (await findOwnPrices(sql, [numberId])).find((price) => price.currency === currency);
  return found ? withoutNumber(found) : null;
}

async function pricesOf({ sql }: Context, numberId: number): Promise<RepricedNumber> {
  return { numberId, ownPrices: (await findOwnPrices(sql, [numberId])).map(withoutNumber) };
}

function withoutNumber({ currency, setupMinor, recurringMinor, cycle }: Price): Price {
  return { currency, setupMinor, recurringMinor, cycle };
}
