import { domainError } from '../errors.js';
import { idRangeOf } from '../number-id.js';
import { holdsOverBy } from '../holds.js';
import type { Context, Environment } from '../context.js';
import {
  firstLoadedAt,
  findGroupByPublicId,
  findGroups,
  listCityRows,
  listCountryRows,
  listGroupRows,
  listRegionRows,
  listServedCountryRows,
} from './store.js';
import type { City, CityFilters, Country, Group, GroupFilters, Region } from './store.js';

/** Every country of the numbering plan, by name. */
export async function listCountries({ ctx }: { ctx: Context }): Promise<Country[]> {
  return listCountryRows(ctx.sql);
}

/** The countries that numbers can be sold of: those with a shelf, whether or not anything is on it. By name. */
export async function listServedCountries({ ctx }: { ctx: Context }): Promise<Country[]> {
  return listServedCountryRows(ctx.sql);
}

/** The regions of a country, by name; empty for countries without regions. */
export async function listRegions({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly country: string };
}): Promise<Region[]> {
  return listRegionRows(ctx.sql, input.country);
}

/** Cities that one answer lists at most: more than any country has. */
export const citiesMax = 50_000;

/** The cities of a country, or of one of its regions, by name; `afterId` is the last city of the page before. */
export async function listCities({
  ctx,
  input,
}: {
  ctx: Context;
  input: CityFilters & { readonly afterId?: number | undefined; readonly limit?: number | undefined };
}): Promise<City[]> {
  const { afterId, limit = citiesMax } = input;
  return listCityRows(ctx.sql, input, { afterId, limit });
}

/** Most groups that one answer lists: more than any country has. */
export const groupsMax = 20_000;

/** Searches groups that have something to sell, in a stable order by id. */
export async function searchGroups({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly environment: Environment;
    readonly filters: GroupFilters;
    readonly afterId?: number;
    readonly limit?: number;
  };
}): Promise<Group[]> {
  const { first: firstId, last: lastId } = idRangeOf(input.environment);
  return listGroupRows(
    ctx.sql,
    input.filters,
    { firstId, lastId, now: holdsOverBy(ctx) },
    { afterId: input.afterId ?? 0, limit: input.limit ?? groupsMax },
  );
}

/** A group by its public id. Raises not_found (group). */
export async function getGroup({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly group: string };
}): Promise<Group> {
  const group = await findGroupByPublicId(ctx.sql, input.group);
  if (!group) throw domainError('not_found', { kind: 'group', id: input.group });
  return group;
}

/** Groups by their ids, keyed by id. */
export async function getGroups({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly ids: readonly number[] };
}): Promise<Map<number, Group>> {
  const groups = await findGroups(ctx.sql, [...new Set(input.ids)]);
  return new Map(groups.map((group) => [group.id, group]));
}

/** When this exchange took in its first catalogue: nothing in its stock is older. */
export async function catalogueLoadedAt({ ctx }: { ctx: Context }): Promise<Date> {
  return (await firstLoadedAt(ctx.sql)) ?? ctx.clock.now();
}
