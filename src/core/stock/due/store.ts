import type { Sql } from '../../../database/connection.js';
import { restIsOver } from '../../number-life-store.js';
import type { DueScope } from '../../authority/index.js';

export interface RestedNumber {
  readonly id: number;
  readonly dueAt: Date;
}

/** Puts numbers back into stock whose rest is over. */
export async function returnRestedNumbers(
  sql: Sql,
  { clockId }: DueScope,
  now: Date,
  limit: number,
): Promise<RestedNumber[]> {
  const mine = clockId === null ? sql`rest_clock_id is null` : sql`rest_clock_id = ${clockId}`;
  return sql<RestedNumber[]>`
    with rested as (
      select id, rests_until from number
      where ${restIsOver(sql, 'number', now)} and ${mine}
      order by rests_until limit ${limit}
      for no key update skip locked
    ), returned as (
      update number n set status = 's', rests_until = null, rest_clock_id = null
      from rested where n.id = rested.id
      returning n.id, rested.rests_until as due_at
    )
    select id, due_at as "dueAt" from returned order by due_at, id`;
}
