import type { Sql } from '../../../database/connection.js';

/** A SIP trunk that calls to a number can be handed to, or come from. */
export interface TrunkRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly direction: 'inbound' | 'outbound';
  readonly domain: string;
  readonly concurrentCallsMax: number;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What its owner decides about a trunk. */
export type TrunkFields = Pick<TrunkRow, 'name' | 'direction' | 'domain' | 'concurrentCallsMax' | 'enabled'>;

const columns = (sql: Sql) => sql`
  id, account_id as "accountId", name, direction, domain, concurrent_calls_max as "concurrentCallsMax", enabled,
  created_at as "createdAt", updated_at as "updatedAt"`;

export async function insertTrunk(
  sql: Sql,
  accountId: number,
  fields: TrunkFields,
  at: Date,
): Promise<TrunkRow> {
  const { name, direction, domain, concurrentCallsMax, enabled } = fields;
  const [made] = await sql<TrunkRow[]>`
    insert into trunk (account_id, name, direction, domain, concurrent_calls_max, enabled, created_at, updated_at)
    values (${accountId}, ${name}, ${direction}, ${domain}, ${concurrentCallsMax}, ${enabled}, ${at}, ${at})
    returning ${columns(sql)}`;
  return made as TrunkRow;
}

export async function listTrunkRows(
  sql: Sql,
  accountId: number,
  afterId: number,
  limit: number,
): Promise<TrunkRow[]> {
  return sql<TrunkRow[]>`
    select ${columns(sql)} from trunk
    where account_id = ${accountId} and deleted_at is null and id > ${afterId} order by id limit ${limit}`;
}

export async function findTrunk(sql: Sql, accountId: number, id: number): Promise<TrunkRow | undefined> {
  const [row] = await sql<TrunkRow[]>`
    select ${columns(sql)} from trunk where id = ${id} and account_id = ${accountId} and deleted_at is null`;
  return row;
}

/** The trunk, kept from being deleted until the transaction ends. */
export async function keepTrunk(sql: Sql, accountId: number, id: number): Promise<TrunkRow | undefined> {
  const [row] = await sql<TrunkRow[]>`
    select ${columns(sql)} from trunk
    where id = ${id} and account_id = ${accountId} and deleted_at is null for share`;
  return row;
}

/** Locks a trunk for a change. */
export async function lockTrunk(sql: Sql, accountId: number, id: number): Promise<TrunkRow | undefined> {
  const [row] = await sql<TrunkRow[]>`
    select ${columns(sql)} from trunk
    where id = ${id} and account_id = ${accountId} and deleted_at is null for update`;
  return row;
}

export async function updateTrunkRow(sql: Sql, id: number, fields: TrunkFields, at: Date): Promise<TrunkRow> {
  const { name, direction, domain, concurrentCallsMax, enabled } = fields;
  const [row] = await sql<TrunkRow[]>`
    update trunk
    set name = ${name}, direction = ${direction}, domain = ${domain}, concurrent_calls_max = ${concurrentCallsMax},
        enabled = ${enabled}, updated_at = ${at}
    where id = ${id}
    returning ${columns(sql)}`;
  return row as TrunkRow;
}

export async function markTrunkDeleted(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update trunk set deleted_at = ${at}, updated_at = ${at} where id = ${id}`;
}
