import { expect } from 'vitest';
import { schedule } from '../../src/jobs/schedule.js';
import { runDue } from '../../src/jobs/run-due.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { ask, at } from './request.js';
import type { TestServer, TestTenant } from './server.js';

/** Does all that is due by the server's clock, as `numex jobs run --once` does. */
export async function doDueWork(server: TestServer): Promise<Map<string, number>> {
  return runDue(schedule, { sql: server.sql, clock: server.clock });
}

/** Moves the server's clock to an instant. */
export function moveTo(server: TestServer, instant: string): void {
  server.clock.advance((Date.parse(instant) - server.clock.now().getTime()) / 1000);
}

/** Buys numbers in one order through the own API; gives the rental ids as the API spells them. */
export async function buyAll(
  server: TestServer,
  tenant: TestTenant,
  numbers: readonly string[],
  currency?: string,
): Promise<string[]> {
  const lines = numbers.map((number) => ({ number }));
  const answer = await ask(server.url, tenant.apiKey, 'POST', '/numex/v1/orders', {
    lines,
    ...(currency === undefined ? {} : { currency }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return numbers.map((_, index) => String(at(answer.body, `results.${index}.rental_id`)));
}

/** The charges of the account's rentals, oldest first: number, cycle, amount and the time it is dated by. */
export async function chargesOf(server: TestServer, tenant: TestTenant): Promise<string[]> {
  const rows = await server.sql<{ line: string }[]>`
    select concat_ws(' ', t.reference, t.cycle_number, t.amount_minor,
                     to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as line
    from transfer t join rental r on r.id = t.rental_id
    where t.kind = 'rental' and r.account_id = ${tenant.account.id}
    order by t.created_at, t.id`;
  return rows.map((row) => row.line);
}

/** The account's events of these types, oldest first, with their times. */
export async function eventsOf(
  server: TestServer,
  tenant: TestTenant,
  types: readonly string[],
): Promise<{ type: string; at: string; payload: Record<string, unknown> }[]> {
  const rows = await server.sql<{ type: string; at: Date; payload: Record<string, unknown> }[]>`
    select type, at, payload from event
    where account_id = ${tenant.account.id} and type = any(${types as string[]}::text[]) order by id`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** The books are in order by the server's clock. */
export async function expectOrderlyBooks(server: TestServer): Promise<void> {
  const { checks } = await verifyBooks({ ctx: server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
}
