import type { Sql } from '../connection.js';

/** The slot that makes PostgreSQL keep what has not been archived yet. */
const archiveSlot = 'numex_archive';

/** Positions are bytes from the beginning of the write-ahead log. */
export interface LogState {
  readonly timeline: number;
  /** Everything before it is on disk. */
  readonly flushedLsn: number;
  /** Changes when PostgreSQL was started anew. */
  readonly serverStartedAt: string;
  /** From where the slot keeps the log; null without a usable slot. */
  readonly keptFromLsn: number | null;
}

export async function readLogState(sql: Sql): Promise<LogState> {
  const [row] = await sql<LogState[]>`
    select ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int as timeline,
      (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::int8 as "flushedLsn",
      pg_postmaster_start_time()::text as "serverStartedAt",
      (select (restart_lsn - '0/0'::pg_lsn)::int8 from pg_replication_slots
        where slot_name = ${archiveSlot} and invalidation_reason is null) as "keptFromLsn"`;
  if (!row) throw new Error('PostgreSQL did not tell the state of its log');
  return row;
}

/** Lets go of the archive's slot, if there is one. */
export async function dropArchiveSlot(sql: Sql): Promise<void> {
  await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${archiveSlot}`;
}

export async function createArchiveSlot(sql: Sql): Promise<void> {
  await sql`select pg_create_physical_replication_slot(${archiveSlot}, true)`;
}

/** Lets PostgreSQL remove the log before this position. */
export async function advanceArchiveSlot(sql: Sql, lsn: number): Promise<void> {
  await sql`select pg_replication_slot_advance(${archiveSlot}, '0/0'::pg_lsn + ${lsn}::numeric)`;
}

export interface BackupStart {
  readonly timeline: number;
  readonly startLsn: number;
  readonly postgres: string;
}

/** Begins a backup in this session; a slot that ends with the session keeps the log meanwhile. */
export async function beginBackup(sql: Sql, name: string): Promise<BackupStart> {
  await sql`select pg_create_physical_replication_slot(${`numex_${name.toLowerCase()}`}, true, true)`;
  const [row] = await sql<BackupStart[]>`
    with started as materialized (select pg_backup_start(${name}, fast => true) as lsn)
    select ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int as timeline,
      (lsn - '0/0'::pg_lsn)::int8 as "startLsn", current_setting('server_version') as postgres from started`;
  if (!row) throw new Error('PostgreSQL did not begin the backup');
  return row;
}

export interface BackupEnd {
  readonly stopLsn: number;
  /** Content of the file `backup_label`, without which the copy must not be started. */
  readonly label: string;
}

/** Ends the backup of this session and closes its last segment of the log. */
export async function endBackup(sql: Sql): Promise<BackupEnd> {
  const [row] = await sql<BackupEnd[]>`
    select (lsn - '0/0'::pg_lsn)::int8 as "stopLsn", labelfile as label from pg_backup_stop(wait_for_archive => false)`;
  if (!row) throw new Error('PostgreSQL did not end the backup');
  return row;
}
