import type { Sql } from '../../database/connection.js';

export interface EndpointRow {
  readonly id: number;
  readonly accountId: number;
  readonly url: string;
  readonly filters: string[];
  readonly style: string;
  readonly includeSubAccounts: boolean;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const endpointColumns = (sql: Sql) => sql`
  id, account_id as "accountId", url, filters, style, include_sub_accounts as "includeSubAccounts", status,
  disabled_reason as "disabledReason", created_at as "createdAt", updated_at as "updatedAt"`;

/** How many endpoints an account has, counted no further than `atMost`. */
export async function countEndpoints(sql: Sql, accountId: number, atMost: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from (select from webhook_endpoint where account_id = ${accountId} and deleted_at is null limit ${atMost}) own`;
  return row?.count ?? 0;
}

export async function insertEndpoint(
  sql: Sql,
  row: {
    accountId: number;
    url: string;
    filters: readonly string[];
    style: string;
    includeSubAccounts: boolean;
    at: Date;
  },
): Promise<EndpointRow> {
  const [made] = await sql<EndpointRow[]>`
    insert into webhook_endpoint (account_id, url, filters, style, include_sub_accounts, created_at, updated_at)
    values (${row.accountId}, ${row.url}, ${row.filters as string[]}::text[], ${row.style}, ${row.includeSubAccounts},
      ${row.at}, ${row.at})
    returning ${endpointColumns(sql)}`;
  return made as EndpointRow;
}

export async function findEndpoint(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<EndpointRow | undefined> {
  const [row] = await sql<EndpointRow[]>`
    select ${endpointColumns(sql)} from webhook_endpoint
    where id = ${id} and account_id = ${accountId} and deleted_at is null`;
  return row;
}

export async function lockEndpoint(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<EndpointRow | undefined> {
  const [row] = await sql<EndpointRow[]>`
    select ${endpointColumns(sql)} from webhook_endpoint
    where id = ${id} and account_id = ${accountId} and deleted_at is null for no key update`;
  return row;
}

export async function listEndpointRows(
  sql: Sql,
  accountId: number,
  afterId: number,
  limit: number,
): Promise<EndpointRow[]> {
  return sql<EndpointRow[]>`
    select ${endpointColumns(sql)} from webhook_endpoint
    where account_id = ${accountId} and deleted_at is null and id > ${afterId}
    order by id limit ${limit}`;
}

export async function updateEndpointRow(
  sql: Sql,
  row: Pick<EndpointRow, 'id' | 'url' | 'filters' | 'includeSubAccounts' | 'status' | 'disabledReason'>,
  at: Date,
): Promise<EndpointRow> {
  const [updated] = await sql<EndpointRow[]>`
    update webhook_endpoint
    set url = ${row.url}, filters = ${row.filters}::text[], include_sub_accounts = ${row.includeSubAccounts},
        status = ${row.status}, disabled_reason = ${row.disabledReason}, updated_at = ${at}
    where id = ${row.id}
    returning ${endpointColumns(sql)}`;
  return updated as EndpointRow;
}

export async function markEndpointDeleted(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update webhook_endpoint set deleted_at = ${at}, updated_at = ${at} where id = ${id}`;
  await sql`delete from webhook_secret where endpoint_id = ${id}`;
}

/** Disables an endpoint that is still active; undefined when there was nothing to do. */
export async function disableEndpointRow(
  sql: Sql,
  id: number,
  reason: string,
  at: Date,
): Promise<EndpointRow | undefined> {
  const [row] = await sql<EndpointRow[]>`
    update webhook_endpoint set status = 'disabled', disabled_reason = ${reason}, updated_at = ${at}
    where id = ${id} and status = 'active' and deleted_at is null
    returning ${endpointColumns(sql)}`;
  return row;
}

export async function insertSecret(sql: Sql, endpointId: number, secret: string, at: Date): Promise<void> {
  await sql`
    insert into webhook_secret (endpoint_id, secret, created_at) values (${endpointId}, ${secret}, ${at})`;
}

/**
 * Lets the endpoint's secrets sign until an instant at most, the newest `keep` of them; the others, and those that have
 * ended, are forgotten.
 */
export async function retireSecrets(
  sql: Sql,
  endpointId: number,
  { until, keep, at }: { until: Date; keep: number; at: Date },
): Promise<void> {
  await sql`
    update webhook_secret set expires_at = least(expires_at, ${until}::timestamptz) where endpoint_id = ${endpointId}`;
  await sql`
    delete from webhook_secret
    where endpoint_id = ${endpointId}
      and (expires_at <= ${at} or id not in (
        select id from webhook_secret where endpoint_id = ${endpointId} order by id desc limit ${keep}))`;
}

/** Forgets secrets that have ended, a bounded number of them; gives how many. */
export async function deleteExpiredSecrets(sql: Sql, at: Date, limit: number): Promise<number> {
  const result = await sql`
    with ended as materialized (
      select id from webhook_secret where expires_at <= ${at} order by expires_at limit ${limit} for update skip locked)
    delete from webhook_secret using ended where webhook_secret.id = ended.id`;
  return result.count;
}
