import type { Sql } from '../../../database/connection.js';
import type { Account } from '../../context.js';
import { accountColumns } from '../store.js';

/** What a parent says of a sub-account beside its name. */
export interface SubAccountProfile {
  readonly email: string | null;
  readonly phone: string | null;
  readonly description: string | null;
  readonly businessType: string | null;
  readonly requestsPerMinute: number;
  /** The parent's own words, shown where a contract shows them; nothing in Numex asks them. */
  readonly permissions: Readonly<Record<string, boolean>>;
  /** Who uses the numbers: the account itself, or a customer of its own. */
  readonly endUser: 'self' | 'customer';
}

export interface SubAccountRow extends Account, SubAccountProfile {
  readonly updatedAt: Date;
}

/** A sub-account that was opened without a profile has these. */
export const requestsPerMinuteDefault = 1000;

const columns = (sql: Sql) => sql`
  ${accountColumns(sql)}, p.email, p.phone, p.description, p.business_type as "businessType",
  coalesce(p.requests_per_minute, ${requestsPerMinuteDefault}) as "requestsPerMinute",
  coalesce(p.permissions, '{}'::jsonb) as permissions, coalesce(p.end_user, 'self') as "endUser",
  coalesce(p.updated_at, a.created_at) as "updatedAt"`;

const joins = (sql: Sql) => sql`account a left join account_profile p on p.account_id = a.id`;

export async function saveProfile(
  sql: Sql,
  accountId: number,
  profile: SubAccountProfile,
  at: Date,
): Promise<void> {
  const { email, phone, description, businessType, requestsPerMinute, permissions, endUser } = profile;
  await sql`
    insert into account_profile
      (account_id, email, phone, description, business_type, requests_per_minute, permissions, end_user, updated_at)
    values (${accountId}, ${email}, ${phone}, ${description}, ${businessType}, ${requestsPerMinute},
            ${sql.json({ ...permissions })}, ${endUser}, ${at})
    on conflict (account_id) do update
    set email = excluded.email, phone = excluded.phone, description = excluded.description,
        business_type = excluded.business_type, requests_per_minute = excluded.requests_per_minute,
        permissions = excluded.permissions, end_user = excluded.end_user, updated_at = excluded.updated_at`;
}

export async function findSubAccount(
  sql: Sql,
  parentId: number,
  publicId: string,
): Promise<SubAccountRow | undefined> {
  const [row] = await sql<SubAccountRow[]>`
    select ${columns(sql)} from ${joins(sql)}
    where a.public_id = ${publicId} and a.parent_id = ${parentId} and a.deleted_at is null`;
  return row;
}

/** Locks a sub-account for a change, then reads it and its profile as they are under that lock. */
export async function lockSubAccount(
  sql: Sql,
  parentId: number,
  publicId: string,
): Promise<SubAccountRow | undefined> {
  await sql`select 1 from account where public_id = ${publicId} and parent_id = ${parentId} for no key update`;
  return findSubAccount(sql, parentId, publicId);
}

/** How many sub-accounts a parent has, counted no further than `atMost`. */
export async function countSubAccounts(
  sql: Sql,
  parentId: number,
  atMost = Number.MAX_SAFE_INTEGER,
  activeOnly = false,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from (
      select from account a
      where a.parent_id = ${parentId} and a.deleted_at is null and (not ${activeOnly} or a.status = 'active')
      limit ${atMost}) own`;
  return row?.count ?? 0;
}

/** A page of a parent's sub-accounts by offset, newest first, with how many there are. */
export async function listSubAccountRows(
  sql: Sql,
  parentId: number,
  page: { readonly offset: number; readonly limit: number; readonly activeOnly: boolean },
): Promise<{ rows: SubAccountRow[]; total: number }> {
  const [rows, total] = await Promise.all([
    sql<SubAccountRow[]>`
      select ${columns(sql)} from ${joins(sql)}
      where a.parent_id = ${parentId} and a.deleted_at is null and (not ${page.activeOnly} or a.status = 'active')
      order by a.id desc offset ${page.offset} limit ${page.limit}`,
    countSubAccounts(sql, parentId, undefined, page.activeOnly),
  ]);
  return { rows, total };
}

/** Newest first, from below an id. */
export async function listSubAccountRowsBelow(
  sql: Sql,
  parentId: number,
  page: { readonly beforeId: number; readonly limit: number; readonly activeOnly: boolean },
): Promise<SubAccountRow[]> {
  return sql<SubAccountRow[]>`
    select ${columns(sql)} from ${joins(sql)}
    where a.parent_id = ${parentId} and a.deleted_at is null and a.id < ${page.beforeId}
      and (not ${page.activeOnly} or a.status = 'active')
    order by a.id desc limit ${page.limit}`;
}

export async function setAccountName(sql: Sql, id: number, name: string): Promise<void> {
  await sql`update account set name = ${name} where id = ${id}`;
}

/** Disables a sub-account, which keeps the time when it was disabled first, or enables it. */
export async function setDisabled(sql: Sql, id: number, disabledAt: Date | null): Promise<void> {
  await sql`
    update account
    set disabled_at = case when ${disabledAt}::timestamptz is not null then coalesce(disabled_at, ${disabledAt}) end
    where id = ${id}`;
}

export async function setDeleted(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update account set deleted_at = ${at} where id = ${id} and deleted_at is null`;
}

/** What is said of an account itself, if it is a sub-account with a profile. */
export async function findProfile(
  sql: Sql,
  accountId: number,
): Promise<Pick<SubAccountProfile, 'email' | 'phone' | 'description'> | undefined> {
  const [row] = await sql<Pick<SubAccountProfile, 'email' | 'phone' | 'description'>[]>`
    select email, phone, description from account_profile where account_id = ${accountId}`;
  return row;
}

/** Revokes every key of an account. */
export async function revokeKeys(sql: Sql, accountId: number, at: Date): Promise<void> {
  await sql`update api_key set revoked_at = ${at} where account_id = ${accountId} and revoked_at is null`;
}
