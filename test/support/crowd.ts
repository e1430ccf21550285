import type { Pool } from '../../src/database/connection.js';

/**
 * Fills a database with copies of what is in it: each copy of an account has copies of its things, under ids, numbers
 * and names of their own. For tests of what a request reads when the tables have grown.
 */

/** In an order in which each table finds the rows that it refers to. */
const tables = [
  'account',
  'account_profile',
  'api_key',
  'wallet',
  'release_fee',
  'test_clock',
  'number',
  'address',
  'address_document',
  'agent',
  'trunk',
  'application',
  'purchase_order',
  'rental',
  'rental_move',
  'reservation',
  'assignment',
  'transfer',
  'idempotency',
  'audit_entry',
  'call',
  'call_party',
  'webhook_endpoint',
  'webhook_secret',
  'event',
  'webhook_delivery',
] as const;

/** Columns whose values are the catalogue's, or the same for all copies. */
const shared = ['group_id', 'city_id', 'region_id', 'price_list_id', 'clock_id', 'rest_clock_id'];
/** Texts of which no two rows may have the same. */
const unique: Readonly<Record<string, readonly string[]>> = {
  account: ['public_id'],
  api_key: ['digest'],
  agent: ['token_digest'],
  address_document: ['stored_as'],
  call: ['call_id'],
};

/** Tables to whose rows none refers, and which have many already: they need fewer copies. */
const leaves = ['audit_entry', 'idempotency', 'transfer'];

const idShift = 1_000_000;
const numberShift = 10_000;

/** Copies all rows so many times; each table then has at least as many rows as that. */
export async function addCrowd(sql: Pool, copies: number): Promise<void> {
  const columns = await sql<{ table: string; column: string; type: string }[]>`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = current_schema() and table_name = any(${tables})
      and is_generated = 'NEVER'`;
  for (const table of tables) {
    const own = columns.filter((column) => column.table === table);
    const changes = own.flatMap(({ column, type }) => {
      const value = `o.${column}`;
      if (unique[table]?.includes(column)) {
        const text = type === 'bytea' ? `sha256(${value} || i::text::bytea)` : `${value} || '_' || i`;
        return [`'${column}', ${text}`];
      }
      const isNumber =
        column === 'number_id' || column === 'to_digits' || (table === 'number' && column === 'id');
      const isId = column === 'id' || column.endsWith('_id');
      if (type !== 'bigint' || shared.includes(column) || !(isId || isNumber)) return [];
      return [`'${column}', ${value} + i * ${isNumber ? numberShift : idShift}::bigint`];
    });
    const times = leaves.includes(table) ? `(select ${copies} / count(*) + 1 from ${table})` : copies;
    const list = own.map(({ column }) => column).join();
    await sql.unsafe(`
      insert into ${table} (${list})
      select ${own.map(({ column }) => `copy.${column}`).join()}
      from ${table} o
      cross join generate_series(1, ${times}) i
      cross join lateral jsonb_populate_record(null::${table}, to_jsonb(o) || jsonb_build_object(${changes.join()})) copy
      on conflict do nothing`);
  }
}
