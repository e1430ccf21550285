import type { Sql } from '../../database/connection.js';

/** Public id of the account that has the open rental of a number; nothing is locked. */
export async function findHolder(sql: Sql, numberId: number): Promise<string | undefined> {
  const [row] = await sql<{ holder: string }[]>`
    select a.public_id as holder from rental r join account a on a.id = r.account_id
    where r.number_id = ${numberId} and r.ended_at is null`;
  return row?.holder;
}
