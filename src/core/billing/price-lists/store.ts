import type { Sql } from '../../../database/connection.js';
import { asListed, listColumns } from '../list-columns-store.js';
import type { ListColumns } from '../list-columns-store.js';
import type { ListedPrices, PriceAdjustment } from '../price-book.js';
import type { PriceList } from './shown-list.js';

interface ListRow extends ListColumns {
  readonly id: number;
  readonly parentName: string | null;
  readonly rules: number;
  readonly currencies: string[];
}

const shownColumns = (sql: Sql) => sql`
  l.id, ${listColumns(sql, 'l')}, p.name as "parentName",
  (select count(*)::int from price_rule r where r.price_list_id = l.id and r.ended_at is null) as rules,
  array(select distinct r.currency from price_rule r where r.price_list_id = l.id and r.ended_at is null order by 1)
    as currencies`;

function asList({ id, parentName, rules, currencies, ...row }: ListRow): PriceList {
  const { name, parentId, adjustment } = asListed(id, row);
  const inherits =
    parentId === null || adjustment === null ? null : { id: parentId, name: parentName ?? '', adjustment };
  return { id, name, inherits, rules, currencies };
}

export async function findPriceList(
  sql: Sql,
  ref: { readonly id: number } | { readonly name: string },
): Promise<PriceList | undefined> {
  const [row] = await sql<ListRow[]>`
    select ${shownColumns(sql)} from price_list l left join price_list p on p.id = l.parent_id
    where ${'id' in ref ? sql`l.id = ${ref.id}` : sql`l.name = ${ref.name}`}`;
  return row && asList(row);
}

export async function listPriceListRows(sql: Sql, afterId: number, limit: number): Promise<PriceList[]> {
  const rows = await sql<ListRow[]>`
    select ${shownColumns(sql)} from price_list l left join price_list p on p.id = l.parent_id
    where l.id > ${afterId} order by l.id limit ${limit}`;
  return rows.map(asList);
}

export async function lockPriceList(sql: Sql, id: number): Promise<void> {
  await sql`select 1 from price_list where id = ${id} for no key update`;
}

/** All lists, locked in order of id: whoever changes what inherits from what sees it as it stays. */
export async function lockEveryPriceList(sql: Sql): Promise<ListedPrices[]> {
  const rows = await sql<(ListColumns & { id: number })[]>`
    select l.id, ${listColumns(sql, 'l')} from price_list l order by l.id for no key update`;
  return rows.map((row) => asListed(row.id, row));
}

export interface Inheritance {
  readonly parentId: number;
  readonly adjustment: PriceAdjustment;
}

const inheritanceValues = (inherits: Inheritance | null) => {
  const percent = inherits?.adjustment.kind === 'percent' ? inherits.adjustment : null;
  const amount = inherits?.adjustment.kind === 'amount' ? inherits.adjustment : null;
  return {
    parent_id: inherits?.parentId ?? null,
    percent_bp: percent?.percentBp ?? null,
    amount_currency: amount?.currency ?? null,
    setup_amount_minor: amount?.setupMinor ?? null,
    recurring_amount_minor: amount?.recurringMinor ?? null,
  };
};

/** The id of the new list. */
export async function insertPriceList(sql: Sql, name: string, inherits: Inheritance | null): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into price_list ${sql({ name, ...inheritanceValues(inherits) })} returning id`;
  return row?.id ?? 0;
}

export async function updatePriceList(
  sql: Sql,
  id: number,
  name: string,
  inherits: Inheritance | null,
): Promise<void> {
  await sql`update price_list set ${sql({ name, ...inheritanceValues(inherits) })} where id = ${id}`;
}

/** Gives a list the rules that another one has, in force, superseded or planned. */
export async function copyRules(sql: Sql, fromListId: number, toListId: number): Promise<void> {
  await sql`
    insert into price_rule
      (price_list_id, currency, country, type, group_id, prefix, setup_minor, recurring_minor, cycle, valid_from)
    select ${toListId}, currency, country, type, group_id, prefix, setup_minor, recurring_minor, cycle, valid_from
    from price_rule where price_list_id = ${fromListId} and ended_at is null`;
}

/** What an account and its sub-accounts, locked before, pay from now on. */
export async function setPricing(
  sql: Sql,
  accountIds: readonly number[],
  priceListId: number,
  discountBp: number,
): Promise<void> {
  await sql`
    update account set price_list_id = ${priceListId}, price_discount_bp = ${discountBp}
    where id = any(${accountIds as number[]}::bigint[])`;
}

/** The sub-accounts of an account, locked in order of id. */
export async function lockSubAccountIds(sql: Sql, accountId: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from account where parent_id = ${accountId} order by id for no key update`;
  return rows.map((row) => row.id);
}
