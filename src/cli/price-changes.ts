import type { RulesChanged, ShownRule } from '../core/billing/index.js';
import type { Price } from '../core/billing/index.js';
import { formatMinor } from '../lib/money.js';

/** How commands print rules and changes of rules. */

export function plainRule({ setupMinor, recurringMinor, validFrom, currency, ...rule }: ShownRule) {
  return {
    currency,
    ...rule,
    setup: formatMinor(setupMinor, currency),
    recurring: formatMinor(recurringMinor, currency),
    valid_from: validFrom,
  };
}

/** Such as `US local: 2.50 USD per month, 1.00 for set-up`. */
export function ruleSentence(rule: ShownRule): string {
  const { country, type, group, prefix, validFrom } = rule;
  const words = [country, type, group && `group ${group}`, prefix && `+${prefix}…`].filter(Boolean);
  const scope = words.length > 0 ? words.join(' ') : 'everything';
  return `${scope}: ${priceSentence(rule)}${validFrom === null ? '' : `, from ${validFrom}`}`;
}

export function priceSentence({ currency, setupMinor, recurringMinor, cycle }: Price): string {
  const recurring = `${formatMinor(recurringMinor, currency)} ${currency} per ${cycle === '28d' ? '28 days' : 'month'}`;
  return `${recurring}, ${formatMinor(setupMinor, currency)} for set-up`;
}

export function plainChanges({ priceListId, list, dryRun, changes, ...counts }: RulesChanged) {
  return {
    price_list: { id: priceListId, name: list },
    dry_run: dryRun,
    ...counts,
    changes: changes.map(({ kind, before, after }) => ({
      change: kind,
      before: before && plainRule(before),
      after: after && plainRule(after),
    })),
  };
}

/** A line per change, and one with the counts. */
export function changeSentences(changed: RulesChanged): string[] {
  const { list, dryRun, added, changed: altered, removed, unchanged, changes } = changed;
  const lines = changes.flatMap(({ before, after }) => [
    ...(before ? [`- ${ruleSentence(before)}`] : []),
    ...(after ? [`+ ${ruleSentence(after)}`] : []),
  ]);
  const counts = `${added} added, ${altered} changed, ${removed} removed, ${unchanged} as they were`;
  return [...lines, `${list}: ${counts}${dryRun ? ' (dry run: nothing was written)' : ''}.`];
}
