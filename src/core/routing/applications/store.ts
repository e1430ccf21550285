import type { Sql } from '../../../database/connection.js';

export type HttpMethod = 'GET' | 'POST';

/** Where an application is told of a call or message, and how. Absent ones are not told. */
export interface ApplicationSettings {
  readonly answerUrl?: string;
  readonly answerMethod?: HttpMethod;
  readonly hangupUrl?: string;
  readonly hangupMethod?: HttpMethod;
  readonly fallbackUrl?: string;
  readonly fallbackMethod?: HttpMethod;
  readonly messageUrl?: string;
  readonly messageMethod?: HttpMethod;
  readonly transferUrl?: string;
  readonly transferMethod?: HttpMethod;
  /** New end points of the account use it. */
  readonly takesNewEndpoints?: boolean;
  readonly logsMessages?: boolean;
  readonly isPublic?: boolean;
}

/** A program of the tenant's that answers calls over HTTP. */
export interface ApplicationRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly settings: ApplicationSettings;
  /** Numbers bought from now on are assigned to it; at most one of an account's does. */
  readonly takesNewNumbers: boolean;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What its owner decides about an application. */
export type ApplicationFields = Pick<ApplicationRow, 'name' | 'settings' | 'takesNewNumbers' | 'enabled'>;

const columns = (sql: Sql) => sql`
  id, account_id as "accountId", name, settings, takes_new_numbers as "takesNewNumbers", enabled,
  created_at as "createdAt", updated_at as "updatedAt"`;

export async function insertApplication(
  sql: Sql,
  accountId: number,
  fields: ApplicationFields,
  at: Date,
): Promise<ApplicationRow> {
  const { name, settings, takesNewNumbers, enabled } = fields;
  const [made] = await sql<ApplicationRow[]>`
    insert into application (account_id, name, settings, takes_new_numbers, enabled, created_at, updated_at)
    values (${accountId}, ${name}, ${sql.json({ ...settings })}, ${takesNewNumbers}, ${enabled}, ${at}, ${at})
    returning ${columns(sql)}`;
  return made as ApplicationRow;
}

/** A page of an account's applications by offset, oldest first, with how many there are. */
export async function listApplicationRows(
  sql: Sql,
  accountId: number,
  page: { offset: number; limit: number },
): Promise<{ rows: ApplicationRow[]; total: number }> {
  const [rows, total] = await Promise.all([
    sql<ApplicationRow[]>`
      select ${columns(sql)} from application
      where account_id = ${accountId} and deleted_at is null order by id offset ${page.offset} limit ${page.limit}`,
    countApplications(sql, accountId),
  ]);
  return { rows, total };
}

/** How many applications an account has, counted no further than `atMost`. */
export async function countApplications(
  sql: Sql,
  accountId: number,
  atMost = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from (select from application where account_id = ${accountId} and deleted_at is null limit ${atMost}) own`;
  return row?.count ?? 0;
}

/** Oldest first, from above an id. */
export async function listApplicationRowsAfter(
  sql: Sql,
  accountId: number,
  page: { readonly afterId: number; readonly limit: number },
): Promise<ApplicationRow[]> {
  return sql<ApplicationRow[]>`
    select ${columns(sql)} from application
    where account_id = ${accountId} and deleted_at is null and id > ${page.afterId} order by id limit ${page.limit}`;
}

export async function findApplication(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<ApplicationRow | undefined> {
  const [row] = await sql<ApplicationRow[]>`
    select ${columns(sql)} from application
    where id = ${id} and account_id = ${accountId} and deleted_at is null`;
  return row;
}

/** The application, kept from being deleted until the transaction ends. */
export async function keepApplication(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<ApplicationRow | undefined> {
  const [row] = await sql<ApplicationRow[]>`
    select ${columns(sql)} from application
    where id = ${id} and account_id = ${accountId} and deleted_at is null for share`;
  return row;
}

/** Locks an application for a change. */
export async function lockApplication(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<ApplicationRow | undefined> {
  const [row] = await sql<ApplicationRow[]>`
    select ${columns(sql)} from application
    where id = ${id} and account_id = ${accountId} and deleted_at is null for update`;
  return row;
}

/** Takes the right to new numbers from whichever application has it; the caller has the account's row alone. */
export async function clearTakesNewNumbers(sql: Sql, accountId: number, at: Date): Promise<void> {
  await sql`
    update application set takes_new_numbers = false, updated_at = ${at}
    where account_id = ${accountId} and takes_new_numbers and deleted_at is null`;
}

export async function updateApplicationRow(
  sql: Sql,
  id: number,
  fields: ApplicationFields,
  at: Date,
): Promise<ApplicationRow> {
  const { name, settings, takesNewNumbers, enabled } = fields;
  const [row] = await sql<ApplicationRow[]>`
    update application
    set name = ${name}, settings = ${sql.json({ ...settings })}, takes_new_numbers = ${takesNewNumbers},
        enabled = ${enabled}, updated_at = ${at}
    where id = ${id}
    returning ${columns(sql)}`;
  return row as ApplicationRow;
}

export async function markApplicationDeleted(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update application set deleted_at = ${at}, updated_at = ${at} where id = ${id}`;
}
