import type { Sql } from '../../database/connection.js';

/** What a number's row says of whether it may be sold: s in stock, r rented, q quarantined, w withdrawn. */
export interface StockedNumber {
  readonly status: 's' | 'r' | 'q' | 'w';
  readonly heldUntil: Date | null;
}

/** Locks a number and gives what its row says of it. */
export async function lockNumber(sql: Sql, numberId: number): Promise<StockedNumber | undefined> {
  const [row] = await sql<StockedNumber[]>`
    select status, held_until as "heldUntil" from number where id = ${numberId} for no key update`;
  return row;
}

/** Takes a locked number out of sale, or puts it on its shelf; a hold that is over and a rest end with it. */
export async function setNumberStatus(sql: Sql, numberId: number, status: 's' | 'w'): Promise<void> {
  await sql`
    update number
    set status = ${status}::text::"char", held_until = null, reservation_id = null, rests_until = null, rest_clock_id = null
    where id = ${numberId}`;
}
