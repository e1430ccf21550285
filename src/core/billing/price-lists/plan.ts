import type { Price, PriceScope } from '../price.js';
import { scopeKey } from '../price-book.js';
import { isSamePrice, showRule } from './rule.js';
import type { ListedRule, NewRule, ShownRule } from './rule.js';

/** A rule that a list should have; without a start in the future it holds from now on. */
export interface WantedRule extends Price, PriceScope {
  readonly group: string | null;
  readonly validFrom: Date | null;
}

/** One difference that a plan makes. Plain data. */
export interface RuleChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before: ShownRule | null;
  readonly after: ShownRule | null;
}

export interface RulePlan {
  readonly changes: readonly RuleChange[];
  readonly unchanged: number;
  /** What carrying it out ends (ids in force or superseded), deletes (ids planned) and then writes. */
  readonly puts: readonly NewRule[];
  readonly ends: readonly number[];
  readonly deletes: readonly number[];
}

/**
 * What would have to change for a list to have the rules wanted. A rule whose price differs is superseded by a new one
 * from `at` on. Rules that are not wanted stay, unless `removes` names them.
 */
export function planRules(
  open: readonly ListedRule[],
  wanted: readonly WantedRule[],
  at: Date,
  removes: (rule: ListedRule) => boolean = () => false,
): RulePlan {
  const places = new Map<string, ListedRule>();
  for (const rule of open) {
    const key = placeOf(rule, rule.validFrom, at);
    const known = places.get(key);
    if (!known || rule.validFrom > known.validFrom) places.set(key, rule);
  }
  const changes: RuleChange[] = [];
  const puts: NewRule[] = [];
  const keep = new Set<string>();
  const gone = new Set<string>();
  let unchanged = 0;
  for (const rule of wanted) {
    const key = placeOf(rule, rule.validFrom, at);
    keep.add(key);
    const before = places.get(key);
    if (before && isSamePrice(before, rule)) {
      unchanged += 1;
      continue;
    }
    const put = { ...rule, validFrom: rule.validFrom && rule.validFrom > at ? rule.validFrom : at };
    puts.push(put);
    if (put.validFrom === at) gone.add(key);
    changes.push({
      kind: before ? 'changed' : 'added',
      before: before ? showRule(before) : null,
      after: showRule(put),
    });
  }
  const removed = [...places].filter(([key, rule]) => !keep.has(key) && removes(rule));
  for (const [key, rule] of removed) {
    changes.push({ kind: 'removed', before: showRule(rule), after: null });
    gone.add(key);
  }
  const ids = (planned: boolean): number[] =>
    open
      .filter((rule) => rule.validFrom > at === planned && gone.has(placeOf(rule, rule.validFrom, at)))
      .map((rule) => rule.id);
  return { changes, unchanged, puts, ends: ids(false), deletes: ids(true) };
}

/** A scope has one place for now, whatever came before, and one for each instant to come. */
export function placeOf(scope: PriceScope, validFrom: Date | null, at: Date): string {
  return `${scopeKey(scope)} ${validFrom && validFrom > at ? validFrom.toISOString() : 'now'}`;
}
