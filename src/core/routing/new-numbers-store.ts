import { timestampArray } from '../../database/arrays.js';
import type { Sql } from '../../database/connection.js';

/** The SQL of applications that an account's new numbers point at: set-based, for the purchase desk. */

/** The applications that take new numbers of these accounts, kept from being deleted until the transaction ends. */
export async function keepNewNumberApplications(
  sql: Sql,
  accountIds: readonly number[],
): Promise<{ readonly id: number; readonly accountId: number }[]> {
  return sql<{ id: number; accountId: number }[]>`
    select id, account_id as "accountId" from application
    where account_id = any(${accountIds as number[]}::bigint[]) and takes_new_numbers and deleted_at is null
    order by id
    for key share`;
}

export interface NewAssignment {
  readonly id: number;
  readonly rentalId: number;
  readonly accountId: number;
  readonly applicationId: number;
  readonly at: Date;
}

export async function insertApplicationAssignments(sql: Sql, rows: readonly NewAssignment[]): Promise<void> {
  await sql`
    insert into assignment (id, rental_id, account_id, kind, application_id, assigned_at)
    select id, rental_id, account_id, 'application', application_id, assigned_at
    from unnest(
      ${rows.map((r) => r.id)}::bigint[], ${rows.map((r) => r.rentalId)}::bigint[],
      ${rows.map((r) => r.accountId)}::bigint[], ${rows.map((r) => r.applicationId)}::bigint[],
      ${timestampArray(rows.map((r) => r.at))}::timestamptz[])
      as new (id, rental_id, account_id, application_id, assigned_at)`;
}
