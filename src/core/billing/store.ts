import type { Sql } from '../../database/connection.js';
import type { Price, PriceRule } from './price.js';

const ruleColumns = (sql: Sql) => sql`
  price_list_id as "priceListId", currency, country, type, group_id as "groupId", setup_minor as "setupMinor",
  recurring_minor as "recurringMinor", cycle`;

/** The rules of these lists that can apply to these groups. */
export async function findPriceRules(
  sql: Sql,
  priceListIds: readonly number[],
  groupIds: readonly number[],
): Promise<PriceRule[]> {
  return sql<PriceRule[]>`
    select ${ruleColumns(sql)} from price_rule
    where price_list_id = any(${priceListIds as number[]}::int[])
      and (group_id is null or group_id = any(${groupIds as number[]}::int[]))`;
}

export async function findRulesOfList(sql: Sql, priceListId: number): Promise<PriceRule[]> {
  return sql<PriceRule[]>`select ${ruleColumns(sql)} from price_rule where price_list_id = ${priceListId}`;
}

/** Whether any rule of a price list is in this currency. */
export async function hasPriceRule(sql: Sql, priceListId: number, currency: string): Promise<boolean> {
  const rows = await sql`
    select 1 from price_rule where price_list_id = ${priceListId} and currency = ${currency} limit 1`;
  return rows.length > 0;
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

export interface ReleaseFee {
  readonly currency: string;
  readonly amountMinor: number;
}

export async function listReleaseFeeRows(sql: Sql, accountId: number): Promise<ReleaseFee[]> {
  return sql<ReleaseFee[]>`
    select currency, amount_minor as "amountMinor" from release_fee
    where account_id = ${accountId} order by currency`;
}

export async function setReleaseFeeRow(
  sql: Sql,
  accountId: number,
  currency: string,
  amountMinor: number,
): Promise<void> {
  if (amountMinor === 0) {
    await sql`delete from release_fee where account_id = ${accountId} and currency = ${currency}`;
    return;
  }
  await sql`
    insert into release_fee (account_id, currency, amount_minor) values (${accountId}, ${currency}, ${amountMinor})
    on conflict (account_id, currency) do update set amount_minor = excluded.amount_minor`;
}

/** The fee for releasing a rental that this wallet pays for, in minor units; 0 where none is set. */
export async function findReleaseFeeMinor(sql: Sql, walletId: number): Promise<number> {
  const [row] = await sql<{ amountMinor: number }[]>`
    select f.amount_minor as "amountMinor"
    from wallet w join release_fee f on f.account_id = w.account_id and f.currency = w.currency
    where w.id = ${walletId}`;
  return row?.amountMinor ?? 0;
}
