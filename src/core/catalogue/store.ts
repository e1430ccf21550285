import type { Sql } from '../../database/connection.js';
import { holdIsOver } from '../number-life-store.js';
import type { NumberType } from './number-type.js';

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly callingCode: string;
  /** Whether local numbers are only for addresses whose city code begins the number. */
  readonly localPresence: boolean;
}

export interface Region {
  readonly id: number;
  readonly country: string;
  readonly code: string;
  readonly name: string;
}

export interface City {
  readonly id: number;
  readonly country: string;
  readonly regionId: number | null;
  readonly name: string;
  readonly timeZone: string | null;
}

/** A shelf of alike numbers. */
export interface Group {
  readonly id: number;
  readonly publicId: string;
  readonly country: string;
  readonly type: NumberType;
  readonly regionId: number | null;
  readonly cityId: number | null;
  readonly location: string;
  readonly prefix: string;
  readonly dialPrefix: string;
  readonly features: number;
  readonly allowNumberSelection: boolean;
  readonly timeZone: string | null;
}

const groupColumns = (sql: Sql) => sql`
  g.id, g.public_id as "publicId", g.country, g.type, g.region_id as "regionId", g.city_id as "cityId", g.location,
  g.prefix, g.dial_prefix as "dialPrefix", g.features, g.allow_number_selection as "allowNumberSelection",
  g.time_zone as "timeZone"`;

export async function listCountryRows(sql: Sql): Promise<Country[]> {
  return sql<Country[]>`
    select code, name, calling_code as "callingCode", local_presence as "localPresence" from country order by name`;
}

/** Countries of which there are shelves, by name. */
export async function listServedCountryRows(sql: Sql): Promise<Country[]> {
  return sql<Country[]>`
    select code, name, calling_code as "callingCode", local_presence as "localPresence"
    from country c where exists (select 1 from number_group g where g.country = c.code) order by name`;
}

/** Those of these countries (upper case) of which there are shelves. */
export async function findServedCountries(sql: Sql, codes: readonly string[]): Promise<{ code: string }[]> {
  return sql<{ code: string }[]>`
    select code from unnest(${codes as string[]}::text[]) as asked(code)
    where exists (select 1 from number_group g where g.country = asked.code)`;
}

/** Whether there is a country of that code (upper case). */
export async function isCountry(sql: Sql, code: string): Promise<boolean> {
  if (!/^[A-Z]{2}$/.test(code)) return false;
  const rows = await sql`select 1 from country where code = ${code}`;
  return rows.length > 0;
}

export async function listRegionRows(sql: Sql, country: string): Promise<Region[]> {
  return sql<
    Region[]
  >`select id, country, code, name from region where country = ${country} order by name, id`;
}

export interface CityFilters {
  readonly country: string;
  readonly regionId?: number | undefined;
  /** A run of letters anywhere in the name, in any case. */
  readonly name?: string | undefined;
}

/** Cities by name; a page of them begins behind the city `afterId`. */
export async function listCityRows(
  sql: Sql,
  { country, regionId, name }: CityFilters,
  page: { readonly afterId: number | undefined; readonly limit: number },
): Promise<City[]> {
  const { afterId, limit } = page;
  return sql<City[]>`
    select id, country, region_id as "regionId", name, time_zone as "timeZone"
    from city
    where country = ${country}
      ${regionId === undefined ? sql`` : sql`and region_id = ${regionId}::int`}
      ${name === undefined ? sql`` : sql`and strpos(lower(name), lower(${name})) > 0`}
      ${afterId === undefined ? sql`` : sql`and (name, id) > (select name, id from city where id = ${afterId}::int)`}
    order by name, id limit ${limit}`;
}

export interface GroupFilters {
  readonly country: string;
  readonly regionId?: number | undefined;
  readonly cityId?: number | undefined;
  readonly type?: NumberType | undefined;
  /** Start of the place's name, in any case. */
  readonly locationStartsWith?: string | undefined;
  /** Digits that the group's dialling prefix starts with or is started by, with or without the country code. */
  readonly prefixDigits?: string | undefined;
}

/**
 * Groups with something to sell in the environment's id range at `now`, in order of id after `afterId`. The probe of
 * the stock is one descent of the group index per group.
 */
export async function listGroupRows(
  sql: Sql,
  filters: GroupFilters,
  stock: { firstId: number; lastId: number; now: Date },
  page: { afterId: number; limit: number },
): Promise<Group[]> {
  const { country, regionId, cityId, type, locationStartsWith, prefixDigits } = filters;
  return sql<Group[]>`
    select ${groupColumns(sql)}
    from number_group g
    where g.country = ${country} and g.id > ${page.afterId}
      ${regionId === undefined ? sql`` : sql`and g.region_id = ${regionId}`}
      ${cityId === undefined ? sql`` : sql`and g.city_id = ${cityId}`}
      ${type === undefined ? sql`` : sql`and g.type = ${type}::text::number_type`}
      ${locationStartsWith === undefined ? sql`` : sql`and starts_with(lower(g.location), lower(${locationStartsWith}))`}
      ${prefixDigits === undefined ? sql`` : prefixMatches(sql, prefixDigits)}
      and exists (
        select 1 from number n
        where n.group_id = g.id and n.status = 's' and n.id between ${stock.firstId} and ${stock.lastId}
          and ${holdIsOver(sql, 'n', stock.now)})
    order by g.id
    limit ${page.limit}`;
}

/** `503`, `1503` and `15035` all find the group of `1503`. */
function prefixMatches(sql: Sql, digits: string) {
  return sql`and exists (
    select 1 from country c
    where c.code = g.country
      and (starts_with(g.dial_prefix, ${digits}) or starts_with(${digits}, g.dial_prefix)
        or starts_with(g.dial_prefix, c.calling_code || ${digits})
        or starts_with(c.calling_code || ${digits}, g.dial_prefix)))`;
}

export async function findGroupByPublicId(sql: Sql, publicId: string): Promise<Group | undefined> {
  const [row] = await sql<Group[]>`
    select ${groupColumns(sql)} from number_group g where g.public_id = ${publicId}`;
  return row;
}

export async function findGroupsNamed(sql: Sql, publicIds: readonly string[]): Promise<Group[]> {
  return sql<Group[]>`
    select ${groupColumns(sql)} from number_group g where g.public_id = any(${publicIds as string[]}::text[])`;
}

export async function findGroups(sql: Sql, ids: readonly number[]): Promise<Group[]> {
  return sql<Group[]>`
    select ${groupColumns(sql)} from number_group g where g.id = any(${ids as number[]}::int[])`;
}

export interface PrefixRow {
  readonly prefix: string;
  readonly groupId: number;
}

/** Every prefix with its group: what an import holds in memory to place numbers. */
export async function listPrefixRows(sql: Sql): Promise<PrefixRow[]> {
  return sql<PrefixRow[]>`select prefix, group_id as "groupId" from group_prefix`;
}

export async function listAllGroups(sql: Sql): Promise<Group[]> {
  return sql<Group[]>`select ${groupColumns(sql)} from number_group g`;
}

/** When the first catalogue was taken in; undefined in an empty database. */
export async function firstLoadedAt(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`select min(loaded_at) as at from catalogue_load`;
  return row?.at ?? undefined;
}
