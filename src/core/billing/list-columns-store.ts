import type { Sql } from '../../database/connection.js';
import type { ListedPrices, PriceAdjustment } from './price-book.js';

/** The columns of price lists and of their rules, as every statement reads them. */

export interface ListColumns {
  readonly name: string;
  readonly parentId: number | null;
  readonly percentBp: number | null;
  readonly amountCurrency: string | null;
  readonly setupAmountMinor: number | null;
  readonly recurringAmountMinor: number | null;
}

/** Of a table or query with this alias. */
export const listColumns = (sql: Sql, alias: string) => sql`
  ${sql(alias)}.name, ${sql(alias)}.parent_id as "parentId", ${sql(alias)}.percent_bp as "percentBp",
  ${sql(alias)}.amount_currency as "amountCurrency", ${sql(alias)}.setup_amount_minor as "setupAmountMinor",
  ${sql(alias)}.recurring_amount_minor as "recurringAmountMinor"`;

/** Of `price_rule r`. */
export const ruleColumns = (sql: Sql) => sql`
  r.id, r.price_list_id as "priceListId", r.currency, r.country, r.type, r.group_id as "groupId", r.prefix,
  r.setup_minor as "setupMinor", r.recurring_minor as "recurringMinor", r.cycle, r.valid_from as "validFrom",
  r.ended_at as "endedAt"`;

export function asListed(id: number, row: ListColumns): ListedPrices {
  return { id, name: row.name, parentId: row.parentId, adjustment: adjustmentOf(row) };
}

function adjustmentOf(row: ListColumns): PriceAdjustment | null {
  const { percentBp, amountCurrency: currency, setupAmountMinor, recurringAmountMinor } = row;
  if (percentBp !== null) return { kind: 'percent', percentBp };
  if (currency === null) return null;
  return {
    kind: 'amount',
    currency,
    setupMinor: setupAmountMinor ?? 0,
    recurringMinor: recurringAmountMinor ?? 0,
  };
}
