import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import { until } from '../support/process.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Tables that grow with every sale or with the stock; one walk through them per purchase would end the speed. */
const growing = [
  'number',
  'rental',
  'reservation',
  'purchase_order',
  'transfer',
  'wallet',
  'audit_entry',
  'event',
  'idempotency',
  'address',
];

async function scans(): Promise<{ sequential: Record<string, number>; byIndex: number }> {
  const rows = await server.sql<{ name: string; sequential: number; byIndex: number }[]>`
    select relname as name, seq_scan as sequential, coalesce(idx_scan, 0) as "byIndex"
    from pg_stat_user_tables where relname = any(${growing})`;
  return {
    sequential: Object.fromEntries(rows.map((row) => [row.name, row.sequential])),
    byIndex: rows.find((row) => row.name === 'wallet')?.byIndex ?? 0,
  };
}

/** Rows of the catalogue read so far, by whatever scan; groups are many, and a sale concerns a few. */
async function groupsRead(): Promise<number> {
  const [row] = await server.sql<{ rows: number }[]>`
    select t.seq_tup_read + (select sum(i.idx_tup_read)::bigint from pg_stat_user_indexes i where i.relid = t.relid) as rows
    from pg_stat_user_tables t where t.relname = 'number_group'`;
  return row?.rows ?? 0;
}

/** Rows of accounts, wallets and key records read by each index so far. */
async function rowsByIndex(): Promise<Record<string, number>> {
  const rows = await server.sql<{ name: string; rows: number }[]>`
    select indexrelname as name, idx_tup_read as rows from pg_stat_user_indexes
    where relname = any(${['account', 'wallet', 'idempotency']})`;
  return Object.fromEntries(rows.map(({ name, rows: read }) => [name, read]));
}

/** Tables that were nearly empty when the desk's plans were made. */
async function grow(): Promise<void> {
  await server.sql`
    with made as (
      insert into account (public_id, environment, name, price_list_id, created_at)
      select 'GROWN_' || n, 'live', 'Grown', 1, now() from generate_series(1, 5000) n returning id)
    insert into wallet (environment, kind, account_id, currency, created_at)
    select 'live', 'tenant', id, 'USD', now() from made`;
  await server.sql`
    insert into idempotency (account_id, key, request_hash, created_at)
    select a.id, 'grown', ''::bytea, now() from account a`;
}

it('a sale, a hold and a look at a rental walk through no table that grows, nor through all groups', async () => {
  const { account, apiKey } = await server.createTenant({ balances: { USD: 100_000 } });
  const numbers = Array.from({ length: 40 }, (_, n) => `+1213558${1000 + n}`);
  await server.addNumbers(numbers);
  // A shelf of its own for "any of the group", so that it takes no number that a later line names.
  await server.addNumbers(Array.from({ length: 20 }, (_, n) => `+1907558${1000 + n}`));
  const [shelf] = await server.sql<{ publicId: string }[]>`
    select public_id as "publicId" from number_group join number on number.group_id = number_group.id
    where number.id = 19075581000`;
  // Numbers that need registration, and an address that meets it.
  const registered = Array.from({ length: 10 }, (_, n) => `+3120558${1000 + n}`);
  await server.addNumbers(registered);
  await server.sql`
    insert into address (account_id, street_address, city, postal_code, country, contact_name, contact_email,
                         contact_phone, status, created_at, updated_at, submitted_at, decided_at)
    values (${account.id}, 'Dam 1', 'Amsterdam', '1012', 'NL', 'Jan', 'jan@example.com', '+31205551234', 'verified',
            now(), now(), now(), now())`;
  await server.sql`analyze`;
  const call = (method: string, path: string, body?: unknown, key?: string) =>
    ask(
      server.url,
      apiKey,
      method,
      `/numex/v1${path}`,
      body,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  // The first calls prepare their statements; what is counted are the ones after them.
  const rounds = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 4) {
      const [exact, held, later] = [numbers[n], numbers[n + 1], numbers[n + 2]];
      const order = await call(
        'POST',
        '/orders',
        { lines: [{ number: exact }, { group_id: shelf?.publicId }] },
        `key-${n}`,
      );
      expect(order.status).toBe(201);
      const needing = await call('POST', '/orders', { lines: [{ number: registered[n / 4] }] });
      expect(at(needing.body, 'results.0.state')).toBe('active');
      const hold = await call('POST', '/reservations', { number: held });
      await call('POST', '/orders', { lines: [{ reservation_id: at(hold.body, 'id') }] });
      const cancelled = await call('POST', '/reservations', { number: later });
      await call('DELETE', `/reservations/${String(at(cancelled.body, 'id'))}`);
      const rental = String(at(order.body, 'results.0.rental_id'));
      expect((await call('GET', `/rentals/${rental}`)).status).toBe(200);
      expect((await call('DELETE', `/rentals/${rental}`)).status).toBe(200);
    }
  };
  await rounds(0, 20);
  const settled = async (floor: number): Promise<void> => {
    // Backends report their counts when they are next idle for a second.
    await until(20, async () => (await scans()).byIndex >= floor);
  };
  await settled(1);
  const before = await scans();
  const groupsBefore = await groupsRead();
  await grow();
  await settled(before.byIndex + 1);
  const rowsBefore = await rowsByIndex();
  const lookedUp = (await scans()).byIndex;
  await rounds(20, 40);
  await settled(lookedUp + 1);
  expect((await scans()).sequential).toEqual(before.sequential);
  expect((await groupsRead()) - groupsBefore).toBeLessThan(1000);
  // A plan that was made for a handful of rows would read all 5,000 at every call.
  const rowsAfter = await rowsByIndex();
  const walked = Object.keys(rowsAfter).filter(
    (name) => (rowsAfter[name] ?? 0) - (rowsBefore[name] ?? 0) > 5000,
  );
  expect(walked).toEqual([]);
});
