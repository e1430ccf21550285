import type { Pool } from '../../src/database/connection.js';

/** Tables without a column `account_id`: which of their rows are those accounts'. */
const rowsOf: Readonly<Record<string, string>> = {
  account: 't.id = any($1)',
  address_document: 't.address_id in (select id from address where account_id = any($1))',
  call: 't.id in (select call_id from call_party where account_id = any($1))',
  number:
    't.id in (select number_id from rental where account_id = any($1) union select number_id from reservation where account_id = any($1))',
  number_price: 't.number_id in (select number_id from rental where account_id = any($1))',
  rental_move: 't.from_account_id = any($1) or t.to_account_id = any($1)',
  transfer:
    't.debit_wallet_id in (select id from wallet where account_id = any($1)) or t.credit_wallet_id in (select id from wallet where account_id = any($1))',
  webhook_delivery: 't.endpoint_id in (select id from webhook_endpoint where account_id = any($1))',
  webhook_outbox: 't.event_id in (select id from event where account_id = any($1))',
  webhook_secret: 't.endpoint_id in (select id from webhook_endpoint where account_id = any($1))',
  // Rules that hold for everybody: no tenant may touch them.
  policy: 'true',
  price_list: 'true',
  price_rule: 'true',
};

/** Tables that are nobody's: what is sold, and the exchange's own notes. */
const nobodys = [
  'audit_seal',
  'audit_waiting',
  'catalogue_load',
  'city',
  'country',
  'document_store',
  'fact_version',
  'group_prefix',
  'job_turn',
  'migration',
  'number_group',
  'rate_limit',
  'region',
  'requirement',
  'stock_change',
  'stock_shelf',
];

/** The tables of the schema that neither have an account nor are named here. */
export async function unknownTables(sql: Pool): Promise<string[]> {
  const known = [...Object.keys(rowsOf), ...nobodys, ...(await tablesWithAccount(sql))];
  const all = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  return all.map(({ name }) => name).filter((name) => !known.includes(name));
}

async function tablesWithAccount(sql: Pool): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'account_id'`;
  return rows.map(({ name }) => name);
}

/** Everything that is recorded of accounts, as one fingerprint per table. */
export class Fingerprints {
  private constructor(
    readonly sql: Pool,
    readonly accountIds: readonly number[],
    readonly statement: string,
  ) {}

  static async open(sql: Pool, accountIds: readonly number[]): Promise<Fingerprints> {
    const conditions = [
      ...(await tablesWithAccount(sql)).map((table) => [table, 't.account_id = any($1)'] as const),
      ...Object.entries(rowsOf),
    ];
    const prints = conditions.map(
      ([table, condition]) => `select '${table}' as name, count(*)::int as rows,
        md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as print from ${table} t where ${condition}`,
    );
    return new Fingerprints(sql, accountIds, prints.join(' union all '));
  }

  /** How many rows each table has of them, and a fingerprint of those. */
  async read(): Promise<Record<string, string>> {
    const rows = await this.sql.unsafe<{ name: string; rows: number; print: string }[]>(this.statement, [
      [...this.accountIds],
    ]);
    return Object.fromEntries(rows.map(({ name, rows: count, print }) => [name, `${count} ${print}`]));
  }
}
