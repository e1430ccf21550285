import type { Sql } from '../../database/connection.js';
import { asListed, listColumns, ruleColumns } from './list-columns-store.js';
import type { ListColumns } from './list-columns-store.js';
import type { Price, PriceRule } from './price.js';
import { PriceBook } from './price-book.js';
import type { ListedPrices } from './price-book.js';

/** A list of a chain with one of its rules, or with none. */
interface ChainRow extends Omit<PriceRule, 'id'>, ListColumns {
  /** The list whose chain it is. */
  readonly rootId: number;
  readonly listId: number;
  readonly id: number | null;
}

/** Lists that inherit from one another, from the first to the last, at most. */
export const priceListDepthMax = 8;

/** Which rules are read: those for these groups and numbers; without `since` also those that had ended by then. */
export interface RulesWanted {
  readonly groupIds?: readonly number[];
  readonly digits?: readonly string[];
  readonly since?: Date | undefined;
}

/**
 * The books of these lists, by list. One statement reads lists and rules, so that no book is part old and part new.
 */
export async function findPriceBooks(
  sql: Sql,
  priceListIds: readonly number[],
  { groupIds, digits, since }: RulesWanted = {},
): Promise<(priceListId: number) => PriceBook> {
  const fitting = sql`
    ${digits ? sql`and (r.prefix is null or r.prefix = any(${prefixesOf(digits)}::text[]))` : sql``}
    ${groupIds ? sql`and (r.group_id is null or r.group_id = any(${groupIds as number[]}::int[]))` : sql``}
    ${since ? sql`and (r.ended_at is null or r.ended_at > ${since})` : sql``}`;
  const rows = await sql<ChainRow[]>`
    with recursive chain as (
      select id as root_id, 0 as depth, l.* from price_list l where id = any(${priceListIds as number[]}::int[])
      union all
      select c.root_id, c.depth + 1, p.*
      from chain c join price_list p on p.id = c.parent_id where c.depth + 1 < ${priceListDepthMax}
    )
    select c.root_id as "rootId", c.id as "listId", ${listColumns(sql, 'c')}, ${ruleColumns(sql)}
    from chain c left join price_rule r on r.price_list_id = c.id ${fitting}
    order by c.root_id, c.depth`;
  const chains = new Map<number, Map<number, ListedPrices>>();
  const rules = new Map<number, PriceRule[]>();
  for (const { rootId, listId, name, parentId, percentBp, ...row } of rows) {
    const chain = chains.get(rootId) ?? new Map<number, ListedPrices>();
    chains.set(rootId, chain);
    const columns = { name, parentId, percentBp, ...row };
    if (!chain.has(listId)) chain.set(listId, asListed(listId, columns));
    const { id } = row;
    if (id === null) continue;
    const list = rules.get(rootId) ?? [];
    rules.set(rootId, list);
    list.push({ ...asRule(row), id });
  }
  return (priceListId) =>
    new PriceBook([...(chains.get(priceListId)?.values() ?? [])], rules.get(priceListId) ?? []);
}

function prefixesOf(digits: readonly string[]): string[] {
  const prefixes = new Set<string>();
  for (const text of digits) {
    for (let length = 1; length <= text.length; length++) prefixes.add(text.slice(0, length));
  }
  return [...prefixes];
}

function asRule(row: Omit<PriceRule, 'id'>): Omit<PriceRule, 'id'> {
  const { priceListId, currency, country, type, groupId, prefix, validFrom, endedAt } = row;
  const { setupMinor, recurringMinor, cycle } = row;
  return {
    ...{ priceListId, currency, country, type, groupId, prefix, validFrom, endedAt },
    ...{ setupMinor, recurringMinor, cycle },
  };
}

/** Whether an account with this list can be sold anything in a currency, by whatever rule and whenever. */
export async function hasPriceRule(sql: Sql, priceListId: number, currency: string): Promise<boolean> {
  const rows = await sql`
    with recursive chain as (
      select l.*, 0 as depth from price_list l where id = ${priceListId}
      union all
      select p.*, c.depth + 1 from chain c join price_list p on p.id = c.parent_id
      where c.depth + 1 < ${priceListDepthMax} and coalesce(c.amount_currency, ${currency}) = ${currency}
    )
    select 1 from chain c join price_rule r on r.price_list_id = c.id
    where r.currency = ${currency} and r.ended_at is null limit 1`;
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
