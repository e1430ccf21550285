import type { Sql } from '../../database/connection.js';
import type { Price, PriceRule } from './price.js';

/** The rules of these lists that can apply to these groups, or to the groups of these numbers. */
export async function findPriceRules(
  sql: Sql,
  priceListIds: readonly number[],
  groupIds: readonly number[],
  numberIds: readonly number[] = [],
): Promise<PriceRule[]> {
  return sql<PriceRule[]>`
    select price_list_id as "priceListId", currency, country, type, group_id as "groupId",
           setup_minor as "setupMinor", recurring_minor as "recurringMinor", cycle
    from price_rule
    where price_list_id = any(${priceListIds as number[]}::int[])
      and (group_id is null
           or group_id = any(${groupIds as number[]}::int[])
           or group_id in (select n.group_id from number n where n.id = any(${numberIds as number[]}::bigint[])))`;
}

export interface OwnPriceRow extends Price {
  readonly numberId: number;
}

/** Prices given for single numbers; they beat every rule. */
export async function findOwnPrices(sql: Sql, numberIds: readonly number[]): Promise<OwnPriceRow[]> {
  return sql<OwnPriceRow[]>`
    select number_id as "numberId", currency, setup_minor as "setupMinor", recurring_minor as "recurringMinor", cycle
    from number_price where number_id = any(${numberIds as number[]}::bigint[])`;
}
