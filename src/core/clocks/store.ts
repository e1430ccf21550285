import type { Sql } from '../../database/connection.js';

export interface ClockRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly now: Date;
  readonly createdAt: Date;
}

const clockColumns = (sql: Sql) => sql`
  id, account_id as "accountId", name, now_at as now, created_at as "createdAt"`;

export async function insertClock(sql: Sql, accountId: number, name: string, at: Date): Promise<ClockRow> {
  const [made] = await sql<ClockRow[]>`
    insert into test_clock (account_id, name, now_at, created_at) values (${accountId}, ${name}, ${at}, ${at})
    returning ${clockColumns(sql)}`;
  return made as ClockRow;
}

/** How many clocks an account has, counted no further than `atMost`. */
export async function countClocks(sql: Sql, accountId: number, atMost: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from (select from test_clock where account_id = ${accountId} limit ${atMost}) own`;
  return row?.count ?? 0;
}

export async function findClock(sql: Sql, id: number): Promise<ClockRow | undefined> {
  const [row] = await sql<ClockRow[]>`select ${clockColumns(sql)} from test_clock where id = ${id}`;
  return row;
}

export async function listClockRows(
  sql: Sql,
  accountId: number,
  afterId: number,
  limit: number,
): Promise<ClockRow[]> {
  return sql<ClockRow[]>`
    select ${clockColumns(sql)} from test_clock
    where account_id = ${accountId} and id > ${afterId} order by id limit ${limit}`;
}

/** What the clock shows, with nobody else moving it until the transaction ends. */
export async function lockClock(sql: Sql, id: number): Promise<Date | undefined> {
  const [row] = await sql<{ now: Date }[]>`
    select now_at as now from test_clock where id = ${id} for no key update`;
  return row?.now;
}

export async function setClock(sql: Sql, id: number, at: Date): Promise<void> {
  await sql`update test_clock set now_at = ${at} where id = ${id}`;
}

/** Puts an account on a clock, unless it is on one; what it holds is from now on held by that clock. */
export async function putOnClock(
  sql: Sql,
  accountId: number,
  clockId: number,
  heldUntil: Date,
): Promise<boolean> {
  await sql`
    with held as (
      select n.id, r.id as reservation_id
      from reservation r join number n on n.id = r.number_id and n.reservation_id = r.id
      where r.account_id = ${accountId} and r.state = 'active'
      order by n.id for no key update of n)
    update number n set held_until = ${heldUntil}
    from held where n.id = held.id and n.reservation_id = held.reservation_id`;
  const rows = await sql`
    update account set clock_id = ${clockId} where id = ${accountId} and clock_id is null returning 1`;
  return rows.length === 1;
}
