import type { PriceAdjustment, RuleInput } from '../../../core/billing/index.js';
import { domainError } from '../../../core/errors.js';
import { readWord } from '../../../lib/ids.js';
import type { Static } from '../schemas.js';
import { readTime } from '../times.js';
import type { InheritBody, RuleBody } from './shapes.js';

/** A list as the core names it: an id of this API becomes the row's, a name stays. */
export function readList(text: string): string {
  const id = readWord('prl_', text);
  return id === undefined ? text : String(id);
}

/** A percentage as basis points. Raises invalid_input (field). */
export function readPercent(field: string, percent: number): number {
  const bp = Math.round(percent * 100);
  if (Math.abs(percent * 100 - bp) < 1e-6) return bp;
  throw domainError('invalid_input', { field, reason: 'must have two decimals at most' });
}

/** Raises invalid_input (inherit). */
export function readInherit({ list, percent, amount }: Static<typeof InheritBody>): {
  list: string;
  adjustment: PriceAdjustment;
} {
  if (percent !== undefined && amount !== undefined) {
    throw domainError('invalid_input', {
      field: 'inherits',
      reason: 'takes a percent or an amount, not both',
    });
  }
  const adjustment: PriceAdjustment = amount
    ? {
        kind: 'amount',
        currency: amount.currency,
        setupMinor: amount.setup_minor ?? 0,
        recurringMinor: amount.recurring_minor ?? 0,
      }
    : { kind: 'percent', percentBp: readPercent('percent', percent ?? 0) };
  return { list: readList(list), adjustment };
}

export function readRuleBody(body: Static<typeof RuleBody>): RuleInput {
  const { currency, country, type, group_id: group, prefix, cycle } = body;
  return {
    ...{ currency, country, type, group, prefix, cycle },
    setupMinor: body.setup_minor ?? 0,
    recurringMinor: body.recurring_minor,
    validFrom: readTime('valid_from', body.valid_from),
  };
}
