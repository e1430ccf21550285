import type { Sql } from './connection.js';

/** Lets the next row of a table that is still empty have this id; later ones go on from there. */
export async function startIdsAt(sql: Sql, table: string, id: number): Promise<void> {
  await sql`
    select setval(pg_get_serial_sequence(${table}, 'id'), ${id}, false)
    where not exists (select 1 from ${sql(table)})`;
}
