import postgres from 'postgres';
import { addressOf } from '../../src/database/connection.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../src/core/context.js';
import { lastCallAt, listCalls } from '../../src/core/usage/index.js';
import type { Pool } from '../../src/database/connection.js';
import { actAs, idOf } from '../support/calls.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

const numbers = Array.from({ length: 50 }, (_, n) => `+1213557${1000 + n}`);
const callsEach = 1000;

let server: TestServer;
let tenant: TestTenant;
let seen: { text: string; parameters: unknown[] }[];
let listened: Pool;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: {} });
  await server.addNumbers(numbers);
  const ids = numbers.map((number) => idOf(number));
  // 50,000 calls of 50 numbers, of which the tenant has one in ten.
  await server.sql`
    insert into call (environment, call_id, direction, from_digits, to_digits, started_at, answered_at, ended_at,
      duration_seconds, billable_seconds, recorded_at, updated_at)
    select 'live', 'c' || i, 'inbound', 4915112345678, n.id, at, at, at + interval '60 s', 60, 60, at, at
    from unnest(${ids}::bigint[]) with ordinality as n(id, nth)
    cross join generate_series(n.nth * ${callsEach}, n.nth * ${callsEach} + ${callsEach} - 1) as i
    cross join lateral (select timestamptz '2026-01-01' + i * interval '50 s' as at) as time`;
  await server.sql`
    insert into call_party (call_id, number_id, account_id, direction, started_at, in_progress)
    select id, to_digits, ${tenant.account.id}::bigint + id % 10, 'inbound', started_at, false from call`;
  await server.sql`vacuum analyze call, call_party`;
  seen = [];
  listened = postgres(addressOf(server.databaseUrl).url, {
    ...addressOf(server.databaseUrl).options,
    max: 1,
    debug: (_connection, text, parameters) => seen.push({ text, parameters }),
    types: {
      int8: {
        to: 20,
        from: [20],
        serialize: (value: number) => String(value),
        parse: (text: string) => Number(text),
      },
    },
  });
});

afterAll(async () => {
  await listened.end();
  await server.close();
});

interface Node {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The plans of the statements over calls that some work sends, as a planner free to choose makes them. */
async function plansOf(work: (ctx: Context) => Promise<unknown>): Promise<Node[][]> {
  await listened`select 1`;
  seen = [];
  await work({ ...actAs(server, tenant.account), sql: listened });
  const asked = seen.filter(({ text }) => /\bcall_party\b/.test(text));
  const plans: Node[][] = [];
  for (const { text, parameters } of asked) {
    const [row] = await server.sql.unsafe<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `explain (analyze, format json) ${text}`,
      parameters as never[],
    );
    if (row) plans.push(nodesOf(row['QUERY PLAN'][0].Plan));
  }
  return plans;
}

const indexesOf = (plan: readonly Node[] | undefined): string[] =>
  [...new Set((plan ?? []).flatMap((node) => node['Index Name'] ?? []))].sort();

const rowsRead = (plan: readonly Node[] | undefined): number =>
  Math.max(...(plan ?? []).map((node) => node['Actual Rows'] * node['Actual Loops']));

test('the last call of a number is one look into an index, however many calls it had', async () => {
  const ids = numbers.slice(0, 3).map((number) => idOf(number));
  const plans = await plansOf((ctx) => lastCallAt(ctx, ids));
  expect(plans).toHaveLength(1);
  expect(plans[0]?.some((node) => node['Node Type'] === 'Seq Scan')).toBe(false);
  expect(indexesOf(plans[0])).toEqual(['call_party_by_number', 'call_party_in_progress']);
  expect(rowsRead(plans[0])).toBeLessThanOrEqual(ids.length);
});

test('a page of an account’s calls reads its own calls from the newest, and no more than it shows', async () => {
  const page = { offset: 0, limit: 50 };
  const plans = await plansOf((ctx) => listCalls({ ctx, input: { filters: {}, page } }));
  expect(plans).toHaveLength(2);
  const paged = plans.find((plan) => plan[0]?.['Node Type'] === 'Limit');
  expect(paged?.some((node) => node['Node Type'] === 'Seq Scan' && node['Actual Rows'] > 50)).toBe(false);
  expect(indexesOf(paged)).toEqual(expect.arrayContaining(['call_party_by_account', 'call_pkey']));
  expect(rowsRead(paged)).toBeLessThanOrEqual(page.limit);
});
