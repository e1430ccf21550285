import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { isCurrency, minorDigits } from '../../../lib/money.js';
import { scaleMinor } from '../price.js';
import { carryOut } from './carry-out.js';
import type { RulesChanged } from './carry-out.js';
import { currentRules } from './exchange-rules.js';
import { planRules } from './plan.js';
import { lockedPriceList } from './price-list.js';
import { findOpenRules } from './rule-store.js';

export interface AddCurrencyInput {
  /** Name or id. */
  readonly list: string;
  readonly currency: string;
  readonly from: string;
  /** Decimal text: what one major unit of `from` is in the new currency, such as 0.79. */
  readonly rate: string;
  readonly dryRun: boolean;
}

/**
 * Makes a list sell in a currency: each rule in `from`, in force or to come, is written once more in `currency`, its
 * amounts times the rate and rounded half up to minor units. Rules of the same scope that are there get the new amounts.
 * Raises forbidden, invalid_input (currency, from, rate, list), not_found (price_list), idempotency_*.
 */
export async function addCurrency({
  ctx,
  input,
}: {
  ctx: Context;
  input: AddCurrencyInput;
}): Promise<RulesChanged> {
  requireOperator(ctx);
  const { currency, from } = input;
  for (const field of ['currency', 'from'] as const) {
    if (isCurrency(input[field])) continue;
    throw domainError('invalid_input', { field, reason: 'must be an ISO 4217 code such as EUR' });
  }
  if (currency === from) {
    throw domainError('invalid_input', {
      field: 'currency',
      reason: 'must be another one than that it comes from',
    });
  }
  const convert = converter(input);
  return idempotently(ctx, async (inner) => {
    const at = inner.clock.now();
    const list = await lockedPriceList(inner, input.list);
    const open = await findOpenRules(inner.sql, list.id);
    const models = currentRules(
      open.filter((rule) => rule.currency === from),
      at,
    );
    if (models.length === 0) {
      const reason = `${list.name} has no rule of its own in ${from}; name a currency or a list that has`;
      throw domainError('invalid_input', { field: 'from', reason });
    }
    const wanted = models.map((rule) => ({
      ...rule,
      currency,
      setupMinor: convert(rule.setupMinor),
      recurringMinor: convert(rule.recurringMinor),
    }));
    const result = await carryOut(inner, list, planRules(open, wanted, at), input.dryRun);
    return { result, subject: { kind: 'price_list', id: list.id } };
  });
}

/** Turns minor units of one currency into those of the other. Raises invalid_input (rate). */
function converter({ currency, from, rate }: AddCurrencyInput): (minor: number) => number {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(rate);
  const [, whole = '', fraction = ''] = match ?? [];
  const digits = BigInt(whole + fraction);
  if (!match || digits === 0n) {
    throw domainError('invalid_input', {
      field: 'rate',
      reason: 'must be a positive decimal number such as 0.79',
    });
  }
  const power = minorDigits(currency) - minorDigits(from) - fraction.length;
  const numerator = power > 0 ? digits * 10n ** BigInt(power) : digits;
  const denominator = power < 0 ? 10n ** BigInt(-power) : 1n;
  return (minor) => scaleMinor(minor, numerator, denominator);
}
