import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';
import type { Address, AddressFields, AddressStatus } from './address.js';

/** An address row as it comes from the database. */
export interface AddressRow extends Omit<Address, 'createdAt' | 'updatedAt' | 'submittedAt' | 'decidedAt'> {
  readonly environment: Environment;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly submittedAt: Date | null;
  readonly decidedAt: Date | null;
}

const addressColumns = (sql: Sql) => sql`
  a.id, a.account_id as "accountId", a.street_address as "streetAddress", a.city, a.postal_code as "postalCode",
  a.country, a.contact_name as "contactName", a.contact_email as "contactEmail", a.contact_phone as "contactPhone",
  a.company_name as "companyName", a.city_code as "cityCode", a.status, a.decision_reason as "decisionReason",
  a.created_at as "createdAt", a.updated_at as "updatedAt", a.submitted_at as "submittedAt",
  a.decided_at as "decidedAt", (select public_id from account where id = a.account_id) as "accountPublicId",
  (select environment from account where id = a.account_id) as environment`;

/** An address as verbs answer it. */
export function addressOf(row: AddressRow): Address {
  return {
    id: row.id,
    accountId: row.accountId,
    accountPublicId: row.accountPublicId,
    streetAddress: row.streetAddress,
    city: row.city,
    postalCode: row.postalCode,
    country: row.country,
    contactName: row.contactName,
    contactEmail: row.contactEmail,
    contactPhone: row.contactPhone,
    companyName: row.companyName,
    cityCode: row.cityCode,
    status: row.status,
    decisionReason: row.decisionReason,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}

/** Undefined when the country is not in the catalogue. */
export async function insertAddress(
  sql: Sql,
  accountId: number,
  fields: AddressFields,
  at: Date,
): Promise<AddressRow> {
  const [row] = await sql<AddressRow[]>`
    insert into address as a
      (account_id, street_address, city, postal_code, country, contact_name, contact_email, contact_phone,
       company_name, city_code, created_at, updated_at)
    values (${accountId}, ${fields.streetAddress}, ${fields.city}, ${fields.postalCode}, ${fields.country},
            ${fields.contactName}, ${fields.contactEmail}, ${fields.contactPhone}, ${fields.companyName},
            ${fields.cityCode}, ${at}, ${at})
    returning ${addressColumns(sql)}`;
  return row as AddressRow;
}

/** How many addresses an account has, counted no further than `atMost`. */
export async function countAddresses(sql: Sql, accountId: number, atMost: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from (select from address where account_id = ${accountId} limit ${atMost}) own`;
  return row?.count ?? 0;
}

export async function findAddress(sql: Sql, id: number): Promise<AddressRow | undefined> {
  const [row] = await sql<AddressRow[]>`select ${addressColumns(sql)} from address a where a.id = ${id}`;
  return row;
}

/** Locks the address; the purchase desk, which reads addresses under a shared lock, waits or is waited for. */
export async function lockAddress(sql: Sql, id: number): Promise<AddressRow | undefined> {
  const [row] = await sql<AddressRow[]>`
    select ${addressColumns(sql)} from address a where a.id = ${id} for no key update of a`;
  return row;
}

export interface AddressFilters {
  readonly statuses?: readonly AddressStatus[] | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

export async function listAddressRows(
  sql: Sql,
  accountId: number,
  { statuses, country }: AddressFilters,
  page: { readonly beforeId: number; readonly limit: number },
): Promise<AddressRow[]> {
  return sql<AddressRow[]>`
    select ${addressColumns(sql)} from address a
    where a.account_id = ${accountId} and a.id < ${page.beforeId}
      ${statuses === undefined ? sql`` : sql`and a.status = any(${statuses as AddressStatus[]}::text[])`}
      ${country === undefined ? sql`` : sql`and a.country = ${country}`}
    order by a.id desc limit ${page.limit}`;
}

/** Everybody's addresses in these states, oldest first. */
export async function listAddressRowsOfAll(
  sql: Sql,
  statuses: readonly AddressStatus[],
  page: { readonly afterId: number; readonly limit: number },
): Promise<AddressRow[]> {
  return sql<AddressRow[]>`
    select ${addressColumns(sql)} from address a
    where a.status = any(${statuses as AddressStatus[]}::text[]) and a.id > ${page.afterId}
    order by a.id limit ${page.limit}`;
}

export async function markSubmitted(sql: Sql, id: number, at: Date): Promise<AddressRow> {
  const [row] = await sql<AddressRow[]>`
    update address a
    set status = 'pending', submitted_at = ${at}, updated_at = ${at}, decided_at = null, decision_reason = null
    where a.id = ${id}
    returning ${addressColumns(sql)}`;
  return row as AddressRow;
}

export async function markDecided(
  sql: Sql,
  id: number,
  status: AddressStatus,
  reason: string | null,
  at: Date,
): Promise<AddressRow> {
  const [row] = await sql<AddressRow[]>`
    update address a
    set status = ${status}, decision_reason = ${reason}, decided_at = ${at}, updated_at = ${at}
    where a.id = ${id}
    returning ${addressColumns(sql)}`;
  return row as AddressRow;
}

/** The policy that a country's own row sets before the general one: whether the exchange decides by itself. */
const decidesItself = (sql: Sql) => sql`
  coalesce((
    select value from policy
    where name = 'address_auto_verify' and environment = (select environment from account where id = a.account_id)
      and country in ('', a.country)
    order by country desc limit 1), 0) <> 0`;

/** Those of these pending addresses, or of all, that the exchange decides by itself; oldest first. */
export async function listDueDecisions(sql: Sql, limit: number): Promise<{ id: number }[]> {
  return sql<{ id: number }[]>`
    select a.id from address a where a.status = 'pending' and ${decidesItself(sql)} order by a.id limit ${limit}`;
}

export async function isDecisionDue(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql`
    select 1 from address a where a.id = ${id} and a.status = 'pending' and ${decidesItself(sql)}`;
  return rows.length > 0;
}

/** What a judgement of requirements has to know of an address, with the facts of its country. */
export interface AddressFacts {
  readonly id: number;
  readonly accountId: number;
  readonly status: AddressStatus;
  readonly country: string;
  readonly cityCode: string | null;
  readonly callingCode: string;
  readonly localPresence: boolean;
}

/**
 * The addresses named, whoever's, and those of these accounts that are usable or may become so any moment. With
 * `lock`, none of them changes until the transaction ends, so a purchase and a decision cannot miss each other.
 */
export async function findAddressFacts(
  sql: Sql,
  ids: readonly number[],
  accountIds: readonly number[],
  lock: boolean,
): Promise<AddressFacts[]> {
  return sql<AddressFacts[]>`
    select a.id, a.account_id as "accountId", a.status, a.country, a.city_code as "cityCode",
           c.calling_code as "callingCode", c.local_presence as "localPresence"
    from address a join country c on c.code = a.country
    where a.id = any(${ids as number[]}::bigint[])
       or (a.account_id = any(${accountIds as number[]}::bigint[])
           and a.status in ('pending', 'verified', 'partially_verified'))
    order by a.id
    ${lock ? sql`for share of a` : sql``}`;
}

/** Those of these accounts that have a verified address, in whatever country. */
export async function findVerifiedAccounts(
  sql: Sql,
  accountIds: readonly number[],
): Promise<{ accountId: number }[]> {
  return sql<{ accountId: number }[]>`
    select asked.id as "accountId" from unnest(${accountIds as number[]}::bigint[]) as asked(id)
    where exists (select 1 from address where account_id = asked.id and status = 'verified')`;
}
