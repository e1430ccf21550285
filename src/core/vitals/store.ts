import type { Sql } from '../../database/connection.js';

export interface ConnectionCount {
  readonly application: string;
  /** PostgreSQL's word: active, idle, idle in transaction, … */
  readonly state: string;
  readonly count: number;
  /** Those of them that wait for a lock. */
  readonly lockWaits: number;
}

/** The connections of all Numex processes to this database. */
export async function countConnections(sql: Sql): Promise<ConnectionCount[]> {
  return sql<ConnectionCount[]>`
    select application_name as application, coalesce(state, 'unknown') as state, count(*)::int as count,
           (count(*) filter (where wait_event_type = 'Lock'))::int as "lockWaits"
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and application_name like 'numex%'
    group by 1, 2`;
}

export async function countWaitingEntries(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from audit_waiting`;
  return row?.count ?? 0;
}

export async function lastTransferId(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select coalesce(max(id), 0)::bigint as id from transfer`;
  return row?.id ?? 0;
}

export interface TransferCount {
  readonly kind: string;
  readonly count: number;
}

/** Transfers by kind whose ids are above the one and up to the other. */
export async function countTransfers(sql: Sql, afterId: number, untilId: number): Promise<TransferCount[]> {
  return sql<TransferCount[]>`
    select kind, count(*)::int as count from transfer where id > ${afterId} and id <= ${untilId} group by kind`;
}
