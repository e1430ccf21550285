import { holdsOverBy } from '../../holds.js';
import type { Context } from '../../context.js';
import { countryNo, countryOfNo } from '../number-row.js';
import { digitConditions, rankOf, type CountryScope } from './conditions.js';
import type { CleanFilters } from './filters.js';
import { hasPlace } from './plan.js';
import type { Scope } from './fragments.js';
import { callingCodes, countryOfPlace, stockedCountries, stockLengths } from './store.js';

/** The countries that a search has to go through, in the order of its results; those that cannot fit left out. */
export async function scopesOf(ctx: Context, filters: CleanFilters): Promise<Scope[]> {
  const now = holdsOverBy(ctx);
  const countries = await countriesOf(ctx, filters);
  return countries
    .sort((a, b) => rankOf(a) - rankOf(b))
    .flatMap((country) => {
      const conditions = digitConditions(filters, country);
      return conditions ? [{ filters, country, conditions, now }] : [];
    });
}

async function countriesOf(ctx: Context, filters: CleanFilters): Promise<CountryScope[]> {
  if (hasPlace(filters)) {
    const code = await countryOfPlace(ctx.sql, filters);
    const fits = code !== undefined && (filters.countries === null || filters.countries.includes(code));
    return fits ? withCallingCodes(ctx, [code], true) : [];
  }
  if (filters.countries !== null) return withCallingCodes(ctx, filters.countries, true);
  const stocked = await stockedCountries(ctx.sql);
  const countries = await withCallingCodes(ctx, stocked.map(countryOfNo), false);
  if (filters.contains === null && filters.pattern === null) return countries;
  const lengths = await stockLengths(ctx.sql, stocked, filters.environment);
  return countries.map((country) => ({ ...country, lengths: lengths.get(country.no) ?? [] }));
}

/** A country that the catalogue does not know has no numbers. */
async function withCallingCodes(
  ctx: Context,
  codes: readonly string[],
  named: boolean,
): Promise<CountryScope[]> {
  if (codes.length === 0) return [];
  const rows = await callingCodes(ctx.sql, codes);
  return rows.map(({ code, callingCode }) => ({
    no: countryNo(code),
    callingCode: callingCode.replace(/\D/g, ''),
    named,
  }));
}
