import type { Sql } from '../../database/connection.js';
import type { AccountStatus } from './account.js';
import type { DueScope } from './due-scope.js';

/** Limits rows to the accounts whose time counts; the account is `a`. */
export const inScope = (sql: Sql, { clockId }: DueScope) =>
  clockId === null ? sql`a.clock_id is null` : sql`a.clock_id = ${clockId}`;

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
  const locking = { share: sql`for share`, alone: sql`for no key update`, none: sql`` };
  const rows = await sql<{ id: number; status: AccountStatus }[]>`
    select id, status from account where id = any(${accountIds as number[]}::bigint[])
    order by id ${locking[lock]}`;
  return new Map(rows.map(({ id, status }) => [id, status]));
}
