import type { Sql } from '../../../database/connection.js';
import type { Price } from '../../billing/index.js';

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

/** The group of the longest prefix with which the digits begin. */
export async function findGroupOfDigits(sql: Sql, digits: string): Promise<number | undefined> {
  const prefixes = Array.from(digits, (_, index) => digits.slice(0, index + 1));
  const [row] = await sql<{ groupId: number }[]>`
    select group_id as "groupId" from group_prefix where prefix = any(${prefixes}::text[])
    order by length(prefix) desc limit 1`;
  return row?.groupId;
}

/** What a number's row has from its group. */
export interface GroupColumns {
  readonly groupId: number;
  readonly cityId: number | null;
  readonly regionId: number | null;
  readonly countryNo: number;
  readonly type: string;
}

/** Puts a locked number into a group; gives the public id of the one that it was in. */
export async function setNumberGroup(sql: Sql, numberId: number, group: GroupColumns): Promise<string> {
  const [before] = await sql<{ group: string }[]>`
    select g.public_id as "group" from number n join number_group g on g.id = n.group_id where n.id = ${numberId}`;
  await sql`
    update number
    set group_id = ${group.groupId}, city_id = ${group.cityId}::int, region_id = ${group.regionId}::int,
        country_no = ${group.countryNo}, type = ${group.type}::text::"char"
    where id = ${numberId}`;
  return before?.group ?? '';
}

/** The number is locked, so that a purchase sees both changes or none. */
export async function setOwnPrice(sql: Sql, numberId: number, price: Price): Promise<void> {
  await sql`
    insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
    values (${numberId}, ${price.currency}, ${price.setupMinor}, ${price.recurringMinor}, ${price.cycle})
    on conflict (number_id, currency) do update
    set setup_minor = excluded.setup_minor, recurring_minor = excluded.recurring_minor, cycle = excluded.cycle`;
  await sql`update number set has_own_price = true where id = ${numberId}`;
}

export async function clearOwnPrice(sql: Sql, numberId: number, currency: string): Promise<void> {
  await sql`delete from number_price where number_id = ${numberId} and currency = ${currency}`;
  await sql`
    update number
    set has_own_price = exists (select 1 from number_price where number_id = ${numberId})
    where id = ${numberId}`;
}

/** Whether a number was ever rented, or had a call. */
export async function hasPast(sql: Sql, numberId: number): Promise<boolean> {
  const [row] = await sql<{ past: boolean }[]>`
    select exists (select 1 from rental where number_id = ${numberId})
      or exists (select 1 from call_party where number_id = ${numberId}) as past`;
  return row?.past ?? false;
}

/** Deletes a locked number that has no past. */
export async function deleteNumberRow(sql: Sql, numberId: number): Promise<void> {
  await sql`delete from number_price where number_id = ${numberId}`;
  await sql`delete from reservation where number_id = ${numberId}`;
  await sql`delete from number where id = ${numberId}`;
}
