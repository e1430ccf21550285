import { timestampArray } from '../../../database/arrays.js';
import type { Sql } from '../../../database/connection.js';
import { ruleColumns } from '../list-columns-store.js';
import type { PriceRule } from '../price.js';
import type { ListedRule, NewRule, RuleState } from './rule.js';

/** The rules of a list that are not ended, with their groups' public ids; `currency` narrows them. */
export async function findOpenRules(sql: Sql, priceListId: number, currency?: string): Promise<ListedRule[]> {
  return sql<ListedRule[]>`
    select ${ruleColumns(sql)}, g.public_id as "group"
    from price_rule r left join number_group g on g.id = r.group_id
    where r.price_list_id = ${priceListId} and r.ended_at is null
      ${currency === undefined ? sql`` : sql`and r.currency = ${currency}`}`;
}

export interface RuleFilters {
  readonly currency?: string | undefined;
  readonly country?: string | undefined;
  /** Also those that hold no more. */
  readonly history?: boolean | undefined;
}

/** Rules of a list by id, with what they are at an instant. */
export async function listRuleRows(
  sql: Sql,
  priceListId: number,
  { currency, country, history }: RuleFilters,
  page: { readonly at: Date; readonly afterId: number; readonly limit: number },
): Promise<(ListedRule & { readonly state: RuleState })[]> {
  return sql<(ListedRule & { readonly state: RuleState })[]>`
    with known as (
      select id, ended_at is null and valid_from <= ${page.at} and lead(id) over (
        partition by currency, country, type, group_id, prefix, ended_at is null, valid_from <= ${page.at}
        order by valid_from) is not null as superseded
      from price_rule where price_list_id = ${priceListId}
    ), stated as (
      select ${ruleColumns(sql)}, g.public_id as "group",
        case when r.ended_at is not null then 'ended' when r.valid_from > ${page.at} then 'planned'
             when k.superseded then 'superseded' else 'in_force' end as state
      from known k join price_rule r on r.id = k.id left join number_group g on g.id = r.group_id
      where r.id > ${page.afterId}
        ${currency === undefined ? sql`` : sql`and r.currency = ${currency}`}
        ${country === undefined ? sql`` : sql`and r.country = ${country}`}
    )
    select * from stated where ${history ? sql`true` : sql`state in ('in_force', 'planned')`}
    order by id limit ${page.limit}`;
}

export async function findRule(
  sql: Sql,
  priceListId: number,
  ruleId: number,
): Promise<PriceRule | undefined> {
  const [row] = await sql<PriceRule[]>`
    select ${ruleColumns(sql)} from price_rule r where r.price_list_id = ${priceListId} and r.id = ${ruleId}`;
  return row;
}

/** Writes rules; one of the same scope and start gets the new price. Gives their ids, in the order given. */
export async function putRules(sql: Sql, priceListId: number, rules: readonly NewRule[]): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    insert into price_rule
      (price_list_id, currency, country, type, group_id, prefix, setup_minor, recurring_minor, cycle, valid_from)
    select ${priceListId}, currency, country, type::number_type, group_id, prefix, setup_minor, recurring_minor,
           cycle::billing_cycle, valid_from
    from unnest(
      ${rules.map((r) => r.currency)}::text[], ${rules.map((r) => r.country)}::text[],
      ${rules.map((r) => r.type)}::text[], ${rules.map((r) => r.groupId)}::int[],
      ${rules.map((r) => r.prefix)}::text[], ${rules.map((r) => r.setupMinor)}::bigint[],
      ${rules.map((r) => r.recurringMinor)}::bigint[], ${rules.map((r) => r.cycle)}::text[],
      ${timestampArray(rules.map((r) => r.validFrom))}::timestamptz[])
      with ordinality as new (currency, country, type, group_id, prefix, setup_minor, recurring_minor, cycle,
                              valid_from, place)
    order by place
    on conflict (price_list_id, prefix, group_id, country, type, currency, valid_from) do update
      set setup_minor = excluded.setup_minor, recurring_minor = excluded.recurring_minor, cycle = excluded.cycle,
          ended_at = null
    returning id`;
  return rows.map((row) => row.id);
}

export async function endRules(sql: Sql, ruleIds: readonly number[], at: Date): Promise<void> {
  await sql`update price_rule set ended_at = ${at} where id = any(${ruleIds as number[]}::bigint[])`;
}

/** Takes back rules that have never held. */
export async function deletePlanned(sql: Sql, ruleIds: readonly number[], at: Date): Promise<void> {
  await sql`delete from price_rule where id = any(${ruleIds as number[]}::bigint[]) and valid_from > ${at}`;
}
