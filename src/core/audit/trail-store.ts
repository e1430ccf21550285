import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';

/** An entry as it is read back; accounts by their public id. */
export interface AuditEntryRow {
  readonly id: number;
  readonly at: Date;
  readonly environment: Environment | null;
  readonly account: string | null;
  readonly actor: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: number;
  readonly numberId: number | null;
  readonly requestId: string;
  readonly details: Record<string, unknown>;
}

export interface AuditFilters {
  readonly numberId?: number | undefined;
  readonly requestId?: string | undefined;
  readonly action?: string | undefined;
  /** Entries from this instant on. */
  readonly from?: Date | undefined;
  /** Entries before this instant. */
  readonly until?: Date | undefined;
  /** Entries older than this one. */
  readonly beforeId?: number | undefined;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const entryColumns = (sql: Sql): Fragment => sql`
  e.id, e.at, e.environment, (select public_id from account where account.id = e.account_id) as account, e.actor,
  e.action, e.subject_kind as "subjectKind", e.subject_id as "subjectId", e.number_id as "numberId",
  e.request_id as "requestId", e.details`;

/** Only the conditions that are asked for: a statement with all of them would have a plan for none. */
function conditions(sql: Sql, filters: AuditFilters): Fragment {
  const { numberId, requestId, action, from, until, beforeId } = filters;
  return sql`true
    ${numberId === undefined ? sql`` : sql`and e.number_id = ${numberId}`}
    ${requestId === undefined ? sql`` : sql`and e.request_id = ${requestId}`}
    ${action === undefined ? sql`` : sql`and e.action = ${action}`}
    ${from === undefined ? sql`` : sql`and e.at >= ${from}`}
    ${until === undefined ? sql`` : sql`and e.at < ${until}`}
    ${beforeId === undefined ? sql`` : sql`and e.id < ${beforeId}`}`;
}

/** Entries of everybody, newest first. */
export async function listEntries(sql: Sql, filters: AuditFilters, limit: number): Promise<AuditEntryRow[]> {
  return sql<AuditEntryRow[]>`
    select ${entryColumns(sql)} from audit_entry e
    where ${conditions(sql, filters)} order by e.id desc limit ${limit}`;
}

/** Entries of an account, newest first; `withSubAccounts` also those of its sub-accounts. */
export async function listEntriesOf(
  sql: Sql,
  accountId: number,
  withSubAccounts: boolean,
  filters: AuditFilters,
  limit: number,
): Promise<AuditEntryRow[]> {
  return sql<AuditEntryRow[]>`
    select ${entryColumns(sql)}
    from account a
    cross join lateral (
      select * from audit_entry e
      where e.account_id = a.id and ${conditions(sql, filters)} order by e.id desc limit ${limit}
    ) e
    where a.id = ${accountId} or (${withSubAccounts} and a.parent_id = ${accountId})
    order by e.id desc limit ${limit}`;
}

/** Who had a number at an instant: one uninterrupted stretch of one account. */
export interface HolderRow {
  readonly rentalId: number;
  readonly accountId: number;
  readonly account: string;
  readonly name: string;
  readonly since: Date;
  readonly until: Date | null;
}

/**
 * The rental that was open then, and the account that had it then: a rental may move between an account and its
 * sub-accounts, and the next move away tells who had it before. One whose reclaim window is over is gone for its
 * holder, whether or not a job has ended it.
 */
export async function findHolder(sql: Sql, numberId: number, at: Date): Promise<HolderRow | undefined> {
  const [row] = await sql<HolderRow[]>`
    select r.id as "rentalId", a.id as "accountId", a.public_id as account, a.name,
           coalesce(came.moved_at, r.started_at) as since, coalesce(left_at.moved_at, r.over_at) as until
    from (
      select *, coalesce(ended_at, case when state = 'pending_release' then reclaim_until end) as over_at
      from rental where number_id = ${numberId} and started_at <= ${at}
    ) r
    left join lateral (
      select moved_at from rental_move where rental_id = r.id and moved_at <= ${at}
      order by moved_at desc, id desc limit 1
    ) came on true
    left join lateral (
      select moved_at, from_account_id from rental_move where rental_id = r.id and moved_at > ${at}
      order by moved_at, id limit 1
    ) left_at on true
    join account a on a.id = coalesce(left_at.from_account_id, r.account_id)
    where r.over_at is null or r.over_at > ${at}
    order by r.started_at desc, r.id desc limit 1`;
  return row;
}

export async function isNumberKnown(sql: Sql, numberId: number): Promise<boolean> {
  const rows = await sql`select 1 from number where id = ${numberId}`;
  return rows.length === 1;
}
