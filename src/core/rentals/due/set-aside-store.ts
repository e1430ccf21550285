import type { Sql } from '../../../database/connection.js';
import { setAside } from '../../authority/index.js';
import type { DueRows, DueScope } from '../../authority/index.js';
import { windowIsOver } from '../../number-life-store.js';

/** Due work on rentals and their wallets, by what makes a row due. */
export type DueKind = 'charge' | 'window' | 'registration' | 'funding';

/** Leaves the rows of accounts on test clocks out of live due work. */
export async function setClocksAside(sql: Sql, kind: DueKind, scope: DueScope, now: Date): Promise<void> {
  await setAside(sql, scope, dueRows(sql, kind, now));
}

function dueRows(sql: Sql, kind: DueKind, now: Date): DueRows {
  switch (kind) {
    case 'charge':
      return {
        table: 'rental',
        due: sql`ended_at is null and state <> 'pending_release' and coalesce(retry_at, next_charge_at) <= ${now}`,
        order: sql`coalesce(retry_at, next_charge_at), id`,
      };
    case 'window':
      return {
        table: 'rental',
        due: windowIsOver(sql, 'rental', now),
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
