import type postgres from 'postgres';
import type { Sql } from '../../../database/connection.js';
import { dueBatchMax } from './scope.js';
import type { DueScope } from './scope.js';

/**
 * The SQL that keeps rows of test clocks out of live due work. Such a row falls due by its clock alone; the run that
 * first meets it sets `on_clock`, and the indexes of live due work hold rows without that mark only.
 */

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** Work that finds what is due by an index on its rows' due times. */
export type DueKind = 'reservation' | 'charge' | 'window' | 'registration' | 'funding';

interface DueRows {
  readonly table: 'reservation' | 'rental' | 'wallet';
  readonly due: Fragment;
  readonly order: Fragment;
}

/** The rows that a kind of due work reads, in the order in which it reads them, as its index has them. */
function dueRows(sql: Sql, kind: DueKind, now: Date): DueRows {
  switch (kind) {
    case 'reservation':
      return {
        table: 'reservation',
        due: sql`state = 'active' and expires_at <= ${now}`,
        order: sql`expires_at`,
      };
    case 'charge':
      return {
        table: 'rental',
        due: sql`ended_at is null and state <> 'pending_release' and coalesce(retry_at, next_charge_at) <= ${now}`,
        order: sql`coalesce(retry_at, next_charge_at), id`,
      };
    case 'window':
      return {
        table: 'rental',
        due: sql`state = 'pending_release' and reclaim_until <= ${now}`,
        order: sql`reclaim_until`,
      };
    case 'registration':
      return {
        table: 'rental',
        due: sql`state = 'awaiting_registration' and started_at <= ${now}::timestamptz - interval '1 second' * (
          select min(value) from policy where name = 'registration_seconds')`,
        order: sql`started_at`,
      };
    case 'funding':
      return { table: 'wallet', due: sql`funded_at is not null`, order: sql`id` };
  }
}

/**
 * Marks those of the first due rows that belong to an account on a test clock. An account never leaves its clock; a
 * rental that is handed over loses the mark. Does nothing for the work of a clock.
 */
export async function setClocksAside(sql: Sql, kind: DueKind, scope: DueScope, now: Date): Promise<void> {
  if (scope.clockId !== null) return;
  const { table, due, order } = dueRows(sql, kind, now);
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
