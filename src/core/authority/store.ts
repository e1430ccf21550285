import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import type { AccountStatus } from './account.js';
import { dueBatchMax } from './due-scope.js';
import type { DueScope } from './due-scope.js';

/** Limits rows to the accounts whose time counts; the account is `a`. */
export const inScope = (sql: Sql, { clockId }: DueScope) =>
  clockId === null ? sql`a.clock_id is null` : sql`a.clock_id = ${clockId}`;

/** The same for due rows `r`, whose indexes leave out those that were set aside. */
export const dueInScope = (sql: Sql, scope: DueScope) =>
  scope.clockId === null ? sql`not r.on_clock and ${inScope(sql, scope)}` : inScope(sql, scope);

/**
 * How accounts are held: `share` keeps their standing, and many may do so at once; `alone` is for whoever changes the
 * account, or counts what it has; `none` only looks.
 */
export type AccountLock = 'share' | 'alone' | 'none';

/** What accounts stand at, by id, locked in order of id. Accounts come first in the order of locks. */
export async function lockStandings(
  sql: Sql,
  accountIds: readonly number[],
  lock: AccountLock,
): Promise<Map<number, AccountStatus>> {
  const rows = await sql<{ id: number; status: AccountStatus }[]>`
    select id, status from account where id = any(${accountIds as number[]}::bigint[])
    order by id ${lock === 'share' ? sql`for share` : lock === 'alone' ? sql`for no key update` : sql``}`;
  return new Map(rows.map(({ id, status }) => [id, status]));
}

/** Due rows in the order in which due work reads them, by an index that leaves marked rows out. */
export interface DueRows {
  readonly table: 'reservation' | 'rental' | 'wallet';
  readonly due: postgres.PendingQuery<postgres.Row[]>;
  readonly order: postgres.PendingQuery<postgres.Row[]>;
}

/**
 * Marks those of the first due rows that belong to an account on a test clock, which fall due by that clock alone: live
 * due work then passes them over. An account never leaves its clock; a rental that is handed over loses the mark.
 */
export async function setAside(sql: Sql, scope: DueScope, { table, due, order }: DueRows): Promise<void> {
  if (scope.clockId !== null) return;
  await sql`
    update ${sql(table)} set on_clock = true
    where id in (
      select marked.id
      from (select id, account_id from ${sql(table)} where not on_clock and ${due} order by ${order} limit ${dueBatchMax}) met
      join account a on a.id = met.account_id
      join ${sql(table)} marked on marked.id = met.id
      where a.clock_id is not null
      for no key update of marked skip locked)`;
}
