import type { Sql } from '../../../database/connection.js';
import type { HttpMethod } from '../applications/store.js';

export type TrunkDirection = 'inbound' | 'outbound' | 'both';
export type TrunkTransport = 'udp' | 'tcp' | 'tls';

/** How a trunk is set up beyond its limits. Absent ones are not set; Numex carries no calls and only keeps them. */
export interface TrunkSettings {
  readonly transport?: TrunkTransport;
  /** Signalling and media are encrypted. */
  readonly secure?: boolean;
  readonly recordsCalls?: boolean;
  readonly transcribesRecordings?: boolean;
  readonly redactsPersonalData?: boolean;
  /** Comma-separated kinds of personal data. */
  readonly redactedKinds?: string;
  readonly webhookUrl?: string;
  readonly webhookMethod?: HttpMethod;
  readonly announcesRecordings?: boolean;
  readonly inboundDestination?: string;
  /** References to things that the tenant keeps elsewhere. */
  readonly credential?: string;
  readonly accessList?: string;
  readonly primaryOrigin?: string;
  readonly fallbackOrigin?: string;
  readonly username?: string;
  readonly allowedAddresses?: readonly string[];
}

/** A SIP trunk that calls to a number can be handed to, or come from. */
export interface TrunkRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly direction: TrunkDirection;
  readonly domain: string;
  readonly description: string;
  readonly concurrentCallsMax: number;
  readonly callsPerSecondMax: number;
  readonly enabled: boolean;
  readonly settings: TrunkSettings;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What its owner decides about a trunk. */
export type TrunkFields = Omit<TrunkRow, 'id' | 'accountId' | 'createdAt' | 'updatedAt'>;

const columns = (sql: Sql) => sql`
  id, account_id as "accountId", name, direction, domain, description, concurrent_calls_max as "concurrentCallsMax",
  calls_per_second_max as "callsPerSecondMax", enabled, settings, created_at as "createdAt",
  updated_at as "updatedAt"`;

export async function insertTrunk(
  sql: Sql,
  accountId: number,
  fields: TrunkFields,
  at: Date,
): Promise<TrunkRow> {
  const { name, direction, domain, description, concurrentCallsMax, callsPerSecondMax, enabled } = fields;
  const [made] = await sql<TrunkRow[]>`
    insert into trunk
      (account_id, name, direction, domain, description, concurrent_calls_max, calls_per_second_max, enabled, settings,
       created_at, updated_at)
    values (${accountId}, ${name}, ${direction}, ${domain}, ${description}, ${concurrentCallsMax}, ${callsPerSecondMax},
            ${enabled}, ${sql.json({ ...fields.settings })}, ${at}, ${at})
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

/** How many trunks an account has, counted no further than `atMost`. */
export async function countTrunks(
  sql: Sql,
  accountId: number,
  atMost = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from (select from trunk where account_id = ${accountId} and deleted_at is null limit ${atMost}) own`;
  return row?.count ?? 0;
}

/** A page of an account's trunks by offset, oldest first, with how many there are. */
export async function pageOfTrunkRows(
  sql: Sql,
  accountId: number,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ rows: TrunkRow[]; total: number }> {
  const [rows, total] = await Promise.all([
    sql<TrunkRow[]>`
      select ${columns(sql)} from trunk
      where account_id = ${accountId} and deleted_at is null order by id offset ${page.offset} limit ${page.limit}`,
    countTrunks(sql, accountId),
  ]);
  return { rows, total };
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
  const { name, direction, domain, description, concurrentCallsMax, callsPerSecondMax, enabled } = fields;
  const [row] = await sql<TrunkRow[]>`
    update trunk
    set name = ${name}, direction = ${direction}, domain = ${domain}, description = ${description},
        concurrent_calls_max = ${concurrentCallsMax}, calls_per_second_max = ${callsPerSecondMax}, enabled = ${enabled},
        settings = ${sql.json({ ...fields.settings })}, updated_at = ${at}
    where id = ${id}
    returning ${columns(sql)}`;
  return row as TrunkRow;
}

export async function markTrunkDeleted(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update trunk set deleted_at = ${at}, updated_at = ${at} where id = ${id}`;
}
