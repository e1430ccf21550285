import { actingAccount } from '../../../core/authority/index.js';
import type { Price } from '../../../core/billing/index.js';
import { getGroups, listServedCountries } from '../../../core/catalogue/index.js';
import type { Country, Group } from '../../../core/catalogue/index.js';
import { cityDigits, listAddresses, usableStatuses } from '../../../core/compliance/index.js';
import type { Address } from '../../../core/compliance/index.js';
import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { describeRental, getRental, listRentals } from '../../../core/rentals/index.js';
import type { DescribeInput, RentalRow } from '../../../core/rentals/index.js';
import { agentNames, assignmentsOf } from '../../../core/routing/index.js';
import { priceNumbers, searchNumbers } from '../../../core/stock/index.js';
import type { FoundNumber, NumberFilters } from '../../../core/stock/index.js';
import { invalid } from '../../../http/body.js';
import { creditCurrency } from '../credits/verbs.js';
import { requiresAddress } from './city-code.js';
import type { Search } from './read.js';

/** A country that is sold; `field` names it where it is none. Raises invalid_input. */
export async function getServedCountry({
  ctx,
  input: { code, field },
}: {
  ctx: Context;
  input: { readonly code: string; readonly field: string };
}): Promise<Country> {
  const country = (await listServedCountries({ ctx })).find((candidate) => candidate.code === code);
  if (!country) throw invalid(field, `${code} is not a supported country`);
  return country;
}

/** A number for sale with what the answer shows of its shelf. */
export interface Offer {
  readonly number: FoundNumber;
  readonly group: Group;
  readonly callingCode: string;
  readonly price: Price;
}

/**
 * Numbers for sale. Where a country wants an address, there are none before the caller has one that is usable; where it
 * wants the buyer to be in the city, they are those of the address's city unless one is named.
 */
export async function searchOffers({ ctx, input }: { ctx: Context; input: Search }): Promise<Offer[]> {
  const country = await getServedCountry({ ctx, input: { code: input.country, field: 'country_code' } });
  const address = requiresAddress(country.code) ? await usableAddress(ctx, country.code) : undefined;
  if (requiresAddress(country.code) && !address) return [];
  const local = country.localPresence && input.type === 'local';
  const cityCode = input.cityCode ?? (local ? (address?.cityCode ?? undefined) : undefined);
  const filters = filtersOf(ctx, input, country, cityCode);
  const { numbers } = await searchNumbers({ ctx, input: { filters, limit: input.limit } });
  const [groups, prices] = await Promise.all([
    getGroups({ ctx, input: { ids: numbers.map((number) => number.groupId) } }),
    priceNumbers({ ctx, input: { numbers, currency: creditCurrency } }),
  ]);
  return numbers.flatMap((number) => {
    const [group, price] = [groups.get(number.groupId), prices.get(number.id)];
    return group && price ? [{ number, group, callingCode: country.callingCode, price }] : [];
  });
}

/** A usable address in a country, the newest first. */
async function usableAddress(ctx: Context, country: string): Promise<Address | undefined> {
  const [address] = await listAddresses({ ctx, input: { statuses: usableStatuses, country, limit: 1 } });
  return address;
}

/** The search in core words; `cityCode` is what the caller or the caller's address says. */
function filtersOf(
  ctx: Context,
  search: Search,
  country: Country,
  cityCode: string | undefined,
): NumberFilters {
  const place = search.areaCode ?? (cityCode === undefined ? '' : cityDigits(country.code, cityCode));
  return {
    environment: actingAccount(ctx).environment,
    country: country.code,
    type: search.type,
    contains: search.contains,
    startsWith: place === '' ? undefined : `${country.callingCode}${place}`,
  };
}

/** An owned number with the agent that it points at. */
export interface Owned {
  readonly rental: Pick<RentalRow, 'id' | 'numberId' | 'state' | 'tags' | 'reclaimUntil'>;
  readonly agent: { readonly id: number; readonly name: string | null } | null;
}

/** Raises not_found (rental). */
export async function getOwned({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number };
}): Promise<Owned> {
  const [owned] = await withAgents(ctx, [await getRental({ ctx, input })]);
  return owned as Owned;
}

/** A page of owned numbers, newest first, and one more where there is one. */
export async function listOwned({
  ctx,
  input: { beforeId, limit },
}: {
  ctx: Context;
  input: { readonly beforeId: number; readonly limit: number };
}): Promise<{ readonly rows: Owned[]; readonly limit: number }> {
  const rows = await listRentals({ ctx, input: { beforeId, limit: limit + 1 } });
  return { rows: await withAgents(ctx, rows), limit };
}

/** Changes what is noted of a number and gives the number as it is then. Raises what describeRental raises. */
export async function describeOwned({ ctx, input }: { ctx: Context; input: DescribeInput }) {
  return asOneWrite(ctx, async (inner) => {
    await describeRental({ ctx: inner, input });
    return getOwned({ ctx: inner, input });
  });
}

async function withAgents(ctx: Context, rows: readonly RentalRow[]): Promise<Owned[]> {
  const assignments = await assignmentsOf({ ctx, input: { rentalIds: rows.map((row) => row.id) } });
  const agentOf = (row: RentalRow): number | undefined =>
    assignments.get(row.id)?.find((assignment) => assignment.kind === 'agent')?.targetId;
  const agentIds = rows.flatMap((row) => agentOf(row) ?? []);
  const names = await agentNames({ ctx, input: { agentIds } });
  return rows.map((row) => {
    const { id, numberId, state, tags, reclaimUntil } = row;
    const agentId = agentOf(row);
    const agent = agentId === undefined ? null : { id: agentId, name: names.get(agentId) ?? null };
    return { rental: { id, numberId, state, tags, reclaimUntil }, agent };
  });
}
