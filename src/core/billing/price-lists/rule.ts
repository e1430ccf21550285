import type { NumberType } from '../../catalogue/index.js';
import type { BillingCycle } from '../../billing-cycle.js';
import type { Price, PriceRule, PriceScope } from '../price.js';

/** in_force: the newest of its scope that holds; superseded: a newer one holds; planned: it will hold. */
export type RuleState = 'in_force' | 'planned' | 'superseded' | 'ended';

/** A rule with the public id of its group. */
export interface ListedRule extends PriceRule {
  readonly group: string | null;
}

/** A rule to write. */
export interface NewRule extends Price, PriceScope {
  readonly group: string | null;
  readonly validFrom: Date;
}

/** A rule as callers see it. Plain data: stored and replayed as JSON. */
export interface ShownRule {
  readonly currency: string;
  readonly country: string | null;
  readonly type: NumberType | null;
  /** Public id. */
  readonly group: string | null;
  readonly prefix: string | null;
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
  /** ISO 8601; null for a rule that has held from the beginning. */
  readonly validFrom: string | null;
}

/** The start of rules that have held from the beginning. */
export const beginning = new Date(0);

export function showRule(rule: Omit<NewRule, 'groupId'>): ShownRule {
  const { currency, country, type, group, prefix, setupMinor, recurringMinor, cycle, validFrom } = rule;
  const since = validFrom > beginning ? validFrom.toISOString() : null;
  return { currency, country, type, group, prefix, setupMinor, recurringMinor, cycle, validFrom: since };
}

export function isSamePrice(one: Price, other: Price): boolean {
  return (
    one.currency === other.currency &&
    one.setupMinor === other.setupMinor &&
    one.recurringMinor === other.recurringMinor &&
    one.cycle === other.cycle
  );
}
