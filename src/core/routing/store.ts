import type { RentalState } from '../number-life.js';
import type { Sql } from '../../database/connection.js';

/** What an assignment can point at. */
export type TargetKind = 'agent' | 'trunk' | 'application';
export type EndReason = 'replaced' | 'unassigned' | 'released' | 'target_deleted' | 'moved';

/** One thing that a rental can point at, by its row id. */
export interface Target {
  readonly kind: TargetKind;
  readonly id: number;
}

export interface AgentRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly language: string | null;
  readonly voice: string | null;
  readonly status: 'active' | 'deleted';
  readonly createdAt: Date;
}

/** What its owner says of an agent. */
export type AgentFields = Pick<AgentRow, 'name' | 'language' | 'voice'>;

export interface AssignmentRow {
  readonly id: number;
  readonly rentalId: number;
  readonly accountId: number;
  readonly kind: TargetKind;
  readonly targetId: number;
  readonly assignedAt: Date;
}

/** What routing has to know of a rental: whose it is, and whether it is in a state to be routed. */
export interface RoutedRental {
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly state: RentalState;
  readonly reclaimUntil: Date | null;
}

const agentColumns = (sql: Sql) => sql`
  id, account_id as "accountId", name, language, voice, status, created_at as "createdAt"`;

const assignmentColumns = (sql: Sql) => sql`
  id, rental_id as "rentalId", account_id as "accountId", kind,
  coalesce(agent_id, trunk_id, application_id) as "targetId", assigned_at as "assignedAt"`;

/** The column that names a target, by its kind. */
const targetColumn = { agent: 'agent_id', trunk: 'trunk_id', application: 'application_id' } as const;

export async function insertAgent(
  sql: Sql,
  row: AgentFields & { accountId: number; tokenDigest: Buffer; createdAt: Date },
): Promise<AgentRow> {
  const [made] = await sql<AgentRow[]>`
    insert into agent (account_id, name, language, voice, token_digest, created_at, updated_at)
    values (${row.accountId}, ${row.name}, ${row.language}, ${row.voice}, ${row.tokenDigest}, ${row.createdAt},
            ${row.createdAt})
    returning ${agentColumns(sql)}`;
  return made as AgentRow;
}

/** How many agents an account has, counted no further than `atMost`. */
export async function countAgents(sql: Sql, accountId: number, atMost: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from (select from agent where account_id = ${accountId} and deleted_at is null limit ${atMost}) own`;
  return row?.count ?? 0;
}

/** A page of an account's agents: upwards from above `afterId`, or downwards from below `beforeId`. */
export async function listAgentRows(
  sql: Sql,
  accountId: number,
  page: { readonly afterId?: number; readonly beforeId?: number; readonly limit: number },
): Promise<AgentRow[]> {
  const { afterId = 0, beforeId = null, limit } = page;
  return sql<AgentRow[]>`
    select ${agentColumns(sql)} from agent
    where account_id = ${accountId} and deleted_at is null and id > ${afterId}
      and (${beforeId}::bigint is null or id < ${beforeId}::bigint)
    order by id ${beforeId === null ? sql`asc` : sql`desc`} limit ${limit}`;
}

export async function findAgentNames(
  sql: Sql,
  ids: readonly number[],
): Promise<{ readonly id: number; readonly name: string }[]> {
  return sql<{ id: number; name: string }[]>`
    select id, name from agent where id = any(${ids as number[]}::bigint[])`;
}

export async function findAgent(sql: Sql, accountId: number, id: number): Promise<AgentRow | undefined> {
  const [row] = await sql<AgentRow[]>`
    select ${agentColumns(sql)} from agent
    where id = ${id} and account_id = ${accountId} and deleted_at is null`;
  return row;
}

/** The agent, kept from being deleted until the transaction ends. */
export async function keepAgent(sql: Sql, accountId: number, id: number): Promise<AgentRow | undefined> {
  const [row] = await sql<AgentRow[]>`
    select ${agentColumns(sql)} from agent
    where id = ${id} and account_id = ${accountId} and deleted_at is null for share`;
  return row;
}

/** Changes what is given of an agent. */
export async function updateAgentRow(
  sql: Sql,
  accountId: number,
  id: number,
  changes: Partial<AgentFields>,
  at: Date,
): Promise<AgentRow | undefined> {
  const { name, language, voice } = changes;
  const [row] = await sql<AgentRow[]>`
    update agent
    set name = ${name ?? sql`name`}, language = ${language === undefined ? sql`language` : language},
        voice = ${voice === undefined ? sql`voice` : voice}, updated_at = ${at}
    where id = ${id} and account_id = ${accountId} and deleted_at is null
    returning ${agentColumns(sql)}`;
  return row;
}

export async function markAgentDeleted(
  sql: Sql,
  accountId: number,
  id: number,
  at: Date,
): Promise<AgentRow | undefined> {
  const [row] = await sql<AgentRow[]>`
    update agent set status = 'deleted', deleted_at = ${at}, updated_at = ${at}
    where id = ${id} and account_id = ${accountId} and deleted_at is null
    returning ${agentColumns(sql)}`;
  return row;
}

/** Locks the rental's number, as everybody does first, then gives the open rental as it is under that lock. */
export async function lockRoutedRental(sql: Sql, rentalId: number): Promise<RoutedRental | undefined> {
  await sql`
    select 1 from number where id = (select number_id from rental where id = ${rentalId}) for no key update`;
  return findRoutedRental(sql, rentalId);
}

export async function findRoutedRental(sql: Sql, rentalId: number): Promise<RoutedRental | undefined> {
  const [row] = await sql<RoutedRental[]>`
    select id, number_id as "numberId", account_id as "accountId", state, reclaim_until as "reclaimUntil"
    from rental where id = ${rentalId} and ended_at is null`;
  return row;
}

export async function findOpenAssignment(
  sql: Sql,
  rentalId: number,
  kind: TargetKind,
): Promise<AssignmentRow | undefined> {
  const [row] = await sql<AssignmentRow[]>`
    select ${assignmentColumns(sql)} from assignment
    where rental_id = ${rentalId} and kind = ${kind} and ended_at is null`;
  return row;
}

/** What each of these rentals points at. */
export async function findOpenAssignments(sql: Sql, rentalIds: readonly number[]): Promise<AssignmentRow[]> {
  return sql<AssignmentRow[]>`
    select ${assignmentColumns(sql)} from assignment
    where rental_id = any(${rentalIds as number[]}::bigint[]) and ended_at is null
    order by id`;
}

export async function insertAssignment(
  sql: Sql,
  row: { rentalId: number; accountId: number; target: Target; at: Date },
): Promise<AssignmentRow> {
  const { rentalId, accountId, target, at } = row;
  const [made] = await sql<AssignmentRow[]>`
    insert into assignment (rental_id, account_id, kind, ${sql(targetColumn[target.kind])}, assigned_at)
    values (${rentalId}, ${accountId}, ${target.kind}, ${target.id}, ${at})
    returning ${assignmentColumns(sql)}`;
  return made as AssignmentRow;
}

export async function endAssignment(sql: Sql, id: number, reason: EndReason, at: Date): Promise<void> {
  await sql`
    update assignment set ended_at = ${at}, end_reason = ${reason} where id = ${id} and ended_at is null`;
}

export async function endAssignmentsOfRental(
  sql: Sql,
  rentalId: number,
  reason: EndReason,
  at: Date,
): Promise<AssignmentRow[]> {
  return sql<AssignmentRow[]>`
    update assignment set ended_at = ${at}, end_reason = ${reason}
    where rental_id = ${rentalId} and ended_at is null
    returning ${assignmentColumns(sql)}`;
}

/**
 * What a rental pointed at, of each kind, when its number was given up at `at`: of each kind the last one, since a number
 * can be given up more than once at one instant of a clock that stands still.
 */
export async function findDropped(sql: Sql, rentalId: number, at: Date): Promise<AssignmentRow[]> {
  return sql<AssignmentRow[]>`
    select ${assignmentColumns(sql)}
    from (select distinct on (kind) * from assignment where rental_id = ${rentalId} order by kind, id desc) last_of_kind
    where end_reason = 'released' and ended_at = ${at}
    order by id`;
}

export async function endAssignmentsOfTarget(
  sql: Sql,
  target: Target,
  at: Date,
): Promise<(AssignmentRow & { readonly numberId: number })[]> {
  return sql<(AssignmentRow & { readonly numberId: number })[]>`
    with ended as (
      update assignment set ended_at = ${at}, end_reason = 'target_deleted'
      where ${sql(targetColumn[target.kind])} = ${target.id} and ended_at is null
      returning *
    )
    select ${assignmentColumns(sql)},
      (select number_id from rental r where r.id = ended.rental_id) as "numberId"
    from ended order by id`;
}

/** How many rentals point at a target. */
export async function countPointingAt(sql: Sql, target: Target): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from assignment
    where ${sql(targetColumn[target.kind])} = ${target.id} and ended_at is null`;
  return row?.count ?? 0;
}
