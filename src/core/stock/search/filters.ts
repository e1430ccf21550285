import type { Environment } from '../../context.js';
import { domainError } from '../../errors.js';
import {
  featureBits,
  featureMask,
  numberTypes,
  typeLetter,
  type Feature,
  type NumberType,
} from '../number-row.js';
import { readDigits, readPattern } from './pattern.js';

/** What to look for; all of it has to hold. Letters count as the digits of their telephone keys. */
export interface NumberFilters {
  environment: Environment;
  /** ISO 3166-1 alpha-2; any of them. */
  countries?: string[] | undefined;
  country?: string | undefined;
  regionId?: number | undefined;
  cityId?: number | undefined;
  groupId?: number | undefined;
  type?: NumberType | undefined;
  /** The number has all of them. */
  features?: Feature[] | undefined;
  /** Leading digits with the country code or, when a country or place is named, without it: both are tried. */
  startsWith?: string | undefined;
  /** A run of digits anywhere in the number, country code included. */
  contains?: string | undefined;
  endsWith?: string | undefined;
  /** The whole number, `?` for one digit and `*` for any run; the country code may be left out as in startsWith. */
  pattern?: string | undefined;
  /** Leading digits with the country code that rule a number out, whatever else holds. */
  exclude?: string[] | undefined;
}

/** Filters that have been checked and are written in one way only. */
export interface CleanFilters {
  readonly environment: Environment;
  readonly countries: readonly string[] | null;
  readonly regionId: number | null;
  readonly cityId: number | null;
  readonly groupId: number | null;
  readonly type: string | null;
  readonly featureMask: number;
  readonly startsWith: string | null;
  readonly contains: string | null;
  readonly endsWith: string | null;
  readonly pattern: string | null;
  readonly exclude: readonly string[];
}

export const countriesMax = 300;
export const excludedPrefixesMax = 100;

/** Checks filters; throws invalid_input naming the first that cannot be meant. */
export function cleanFilters(filters: NumberFilters): CleanFilters {
  return {
    environment: filters.environment,
    countries: cleanCountries(filters),
    regionId: cleanId('regionId', filters.regionId),
    cityId: cleanId('cityId', filters.cityId),
    groupId: cleanId('groupId', filters.groupId),
    type: cleanType(filters.type),
    featureMask: cleanFeatures(filters.features ?? []),
    startsWith: cleanDigits('startsWith', filters.startsWith),
    contains: cleanDigits('contains', filters.contains),
    endsWith: cleanDigits('endsWith', filters.endsWith),
    pattern: cleanPattern(filters.pattern),
    exclude: cleanExclude(filters.exclude ?? []),
  };
}

/** `country` and `countries` together mean both: what is in the list and is that country. */
function cleanCountries({ country, countries }: NumberFilters): string[] | null {
  const listed = countries?.map((code) => cleanCountry('countries', code));
  if (listed && listed.length > countriesMax) throw invalid('countries', `at most ${countriesMax} countries`);
  const single = country === undefined ? undefined : cleanCountry('country', country);
  if (single !== undefined) return listed === undefined || listed.includes(single) ? [single] : [];
  return listed ? [...new Set(listed)].sort() : null;
}

function cleanCountry(field: string, code: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) throw invalid(field, 'an ISO 3166-1 country code of two letters');
  return code.toUpperCase();
}

function cleanId(field: string, id: number | undefined): number | null {
  if (id === undefined) return null;
  if (!Number.isSafeInteger(id)) throw invalid(field, 'an integer');
  return id;
}

function cleanType(type: NumberType | undefined): string | null {
  if (type === undefined) return null;
  if (!numberTypes.includes(type)) throw invalid('type', `one of ${numberTypes.join(', ')}`);
  return typeLetter(type);
}

function cleanFeatures(features: readonly Feature[]): number {
  if (!features.every((name) => Object.hasOwn(featureBits, name))) {
    throw invalid('features', `only ${Object.keys(featureBits).join(', ')}`);
  }
  return featureMask(features);
}

function cleanDigits(field: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const digits = readDigits(text);
  if (digits === undefined) throw invalid(field, '1 to 15 digits or the letters of a phoneword');
  return digits;
}

function cleanPattern(text: string | undefined): string | null {
  if (text === undefined) return null;
  const pattern = readPattern(text);
  if (pattern === undefined)
    throw invalid('pattern', 'at most 15 digits, letters and ?, with * between them');
  return pattern;
}

function cleanExclude(prefixes: readonly string[]): string[] {
  if (prefixes.length > excludedPrefixesMax)
    throw invalid('exclude', `at most ${excludedPrefixesMax} prefixes`);
  const clean = prefixes.map((text) => {
    const digits = readDigits(text);
    if (digits === undefined) throw invalid('exclude', 'prefixes of 1 to 15 digits, with the country code');
    return digits;
  });
  return [...new Set(clean)].sort();
}

export function invalid(field: string, reason: string): Error {
  return domainError('invalid_input', { field, reason });
}
