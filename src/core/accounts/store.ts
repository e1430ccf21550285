import type { Sql } from '../../database/connection.js';
import type { Account, Environment, KeyScope } from '../context.js';

export const accountColumns = (sql: Sql) => sql`
  a.id, a.public_id as "publicId", a.environment, a.name, a.parent_id as "parentId",
  a.price_list_id as "priceListId", a.price_discount_bp as "priceDiscountBp", a.status, a.created_at as "createdAt",
  (select p.status from account p where p.id = a.parent_id) as "payerStatus",
  (select jsonb_build_object('id', c.id, 'at', c.now_at) from test_clock c where c.id = a.clock_id) as clock`;

/** A key that has not been revoked, with its account; an admin key has none. */
export interface KeyRow {
  readonly digest: string;
  readonly keyId: number;
  readonly scope: KeyScope;
  readonly account: Account | null;
  /** What a parent allows its sub-account; null where nobody has said so. */
  readonly requestsPerMinute: number | null;
}

interface FlatKeyRow extends Account {
  readonly digest: string;
  readonly keyId: number;
  readonly scope: KeyScope;
  readonly requestsPerMinute: number | null;
}

/** The keys among these digests (hex) that are in force; access tokens until their end. */
export async function findKeysByDigest(sql: Sql, digests: readonly string[], now: Date): Promise<KeyRow[]> {
  const rows = await sql<FlatKeyRow[]>`
    select encode(k.digest, 'hex') as digest, k.id as "keyId", k.scope,
           p.requests_per_minute as "requestsPerMinute", ${accountColumns(sql)}
    from unnest(${digests as string[]}::text[]) as asked(digest)
    join api_key k on k.digest = decode(asked.digest, 'hex') and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > ${now})
    left join account a on a.id = k.account_id
    left join account_profile p on p.account_id = a.id`;
  return rows.map(({ digest, keyId, scope, requestsPerMinute, ...account }) => ({
    requestsPerMinute,
    digest,
    keyId,
    scope,
    account: scope === 'admin' ? null : account,
  }));
}

export async function findAccountByPublicId(sql: Sql, publicId: string): Promise<Account | undefined> {
  const [row] = await sql<
    Account[]
  >`select ${accountColumns(sql)} from account a where a.public_id = ${publicId}`;
  return row;
}

export async function findAccountById(sql: Sql, id: number): Promise<Account | undefined> {
  const [row] = await sql<Account[]>`select ${accountColumns(sql)} from account a where a.id = ${id}`;
  return row;
}

export async function listAccountRows(sql: Sql, afterId: number, limit: number): Promise<Account[]> {
  return sql<Account[]>`
    select ${accountColumns(sql)} from account a where a.id > ${afterId} order by a.id limit ${limit}`;
}

export async function insertAccount(
  sql: Sql,
  row: {
    publicId: string;
    environment: Environment;
    name: string;
    parentId: number | null;
    priceListId: number;
    priceDiscountBp: number;
    createdAt: Date;
  },
): Promise<number> {
  const [made] = await sql<{ id: number }[]>`
    insert into account (public_id, environment, name, parent_id, price_list_id, price_discount_bp, created_at)
    values (${row.publicId}, ${row.environment}, ${row.name}, ${row.parentId}, ${row.priceListId},
            ${row.priceDiscountBp}, ${row.createdAt})
    returning id`;
  return made?.id ?? 0;
}

export async function insertKey(
  sql: Sql,
  row: {
    digest: Buffer;
    accountId: number | null;
    scope: KeyScope;
    hint: string;
    createdAt: Date;
    /** Of an access token. */
    expiresAt?: Date;
  },
): Promise<number> {
  const [made] = await sql<{ id: number }[]>`
    insert into api_key (digest, account_id, scope, hint, created_at, expires_at)
    values (${row.digest}, ${row.accountId}, ${row.scope}, ${row.hint}, ${row.createdAt}, ${row.expiresAt ?? null})
    returning id`;
  return made?.id ?? 0;
}

/** How many keys of an account are in force, without access tokens, counted no further than `atMost`. */
export async function countKeys(sql: Sql, accountId: number, atMost: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from (
      select from api_key where account_id = ${accountId} and revoked_at is null and expires_at is null
      limit ${atMost}) own`;
  return row?.count ?? 0;
}

export interface KeyListRow {
  readonly id: number;
  readonly scope: KeyScope;
  readonly hint: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

export async function listKeyRows(
  sql: Sql,
  accountId: number,
  page: { readonly afterId: number; readonly limit: number },
): Promise<KeyListRow[]> {
  return sql<KeyListRow[]>`
    select id, scope, hint, created_at as "createdAt", revoked_at as "revokedAt"
    from api_key where account_id = ${accountId} and expires_at is null and id > ${page.afterId}
    order by id limit ${page.limit}`;
}

/** The account of the key that was revoked; undefined when there is no such key in force. */
export async function revokeKeyRow(
  sql: Sql,
  keyId: number,
  accountId: number | null,
  at: Date,
): Promise<{ accountId: number | null } | undefined> {
  const [row] = await sql<{ accountId: number | null }[]>`
    update api_key set revoked_at = ${at}
    where id = ${keyId} and revoked_at is null
      and (${accountId}::bigint is null or account_id = ${accountId}::bigint)
    returning account_id as "accountId"`;
  return row;
}

/** Sets or lifts the operator's block of an account that is not deleted; whether that changed anything. */
export async function setBlocked(sql: Sql, id: number, blockedAt: Date | null): Promise<boolean> {
  const rows = await sql`
    update account set blocked_at = ${blockedAt}
    where id = ${id} and deleted_at is null and (blocked_at is null) = ${blockedAt !== null}
    returning id`;
  return rows.length === 1;
}
