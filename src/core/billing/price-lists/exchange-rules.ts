import type { Readable } from 'node:stream';
import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { idempotently } from '../../idempotency/index.js';
import { isInForce, scopeKey } from '../price-book.js';
import { carryOut } from './carry-out.js';
import type { RulesChanged } from './carry-out.js';
import { rulesAsCsv, rulesOfCsv } from './csv.js';
import { planRules } from './plan.js';
import { lockedPriceList, namedPriceList } from './price-list.js';
import { findOpenRules } from './rule-store.js';
import type { ListedRule } from './rule.js';

/**
 * A list's own rules as CSV, those in force and those to come, in the order of their scopes; an import of it changes
 * nothing. Raises forbidden, not_found (price_list).
 */
export async function exportPriceRules({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly list: string };
}): Promise<string> {
  requireOperator(ctx);
  const { id } = await namedPriceList(ctx, input.list);
  return rulesAsCsv(currentRules(await findOpenRules(ctx.sql, id), ctx.clock.now()));
}

/** Rules that hold at an instant or later, without those that newer ones have superseded by then. */
export function currentRules(open: readonly ListedRule[], at: Date): ListedRule[] {
  const newest = new Map<string, ListedRule>();
  for (const rule of open) {
    const known = newest.get(scopeKey(rule));
    if (isInForce(rule, at) && (!known || rule.validFrom > known.validFrom)) newest.set(scopeKey(rule), rule);
  }
  return open
    .filter((rule) => rule.validFrom > at || newest.get(scopeKey(rule)) === rule)
    .sort(
      (a, b) => orderOf(a).localeCompare(orderOf(b), 'en') || a.validFrom.getTime() - b.validFrom.getTime(),
    );
}

function orderOf({ currency, country, type, group, prefix }: ListedRule): string {
  return [currency, country ?? '', type ?? '', group ?? '', prefix ?? ''].join(' ');
}

export interface ImportRulesInput {
  /** Name or id. */
  readonly list: string;
  readonly csv: string | Readable;
  /** Only says what would change. */
  readonly dryRun: boolean;
  /** Whether rules that the file does not have are taken off the list. */
  readonly removeAbsent: boolean;
}

/**
 * Takes the rules of a CSV into a list, all of them or, when any line is at fault, none. A rule whose price differs is
 * superseded from now on; a `valid_from` in the past means now.
 * Raises forbidden, invalid_input (file, line N, list), not_found (price_list), idempotency_*.
 */
export async function importPriceRules({
  ctx,
  input,
}: {
  ctx: Context;
  input: ImportRulesInput;
}): Promise<RulesChanged> {
  requireOperator(ctx);
  return idempotently(ctx, async (inner) => {
    const wanted = await rulesOfCsv(inner, input.csv);
    const list = await lockedPriceList(inner, input.list);
    const open = await findOpenRules(inner.sql, list.id);
    const plan = planRules(open, wanted, inner.clock.now(), () => input.removeAbsent);
    const result = await carryOut(inner, list, plan, input.dryRun);
    return { result, subject: { kind: 'price_list', id: list.id } };
  });
}
