import { parseE164Lenient } from '../../lib/e164.js';
import { invalid } from '../../http/body.js';
import { readAll } from '../../http/faults.js';
import type { Query } from '../../http/wire.js';

/** Readers of this wire's parameters; what cannot be meant is 400, whatever it is. Unknown parameters are ignored. */

/** A query parameter as text. One that is repeated must say the same each time. */
export function textOf(query: Query, name: string): string | undefined {
  const [first, ...others] = textsOf(query, name);
  if (others.some((other) => other !== first)) throw invalid(name, 'is given more than once');
  return first;
}

/** A query parameter that may be repeated. */
export function textsOf(query: Query, name: string): string[] {
  const raw = query[name];
  const values: unknown[] = Array.isArray(raw) ? raw : [raw];
  return values.filter((value): value is string => typeof value === 'string');
}

/** A plus sign in a query string arrives as a space (contract 12.5). */
function withPlus(text: string): string {
  return text.replace(/^ /, '+');
}

/** A country code, under either of its two names (contract 2). */
export function regionOf(query: Query): string | undefined {
  const { region, country } = readAll({
    region: () => countryCode(query, 'region'),
    country: () => countryCode(query, 'country'),
  });
  if (region !== undefined && country !== undefined && region !== country) {
    throw invalid('country', 'differs from region');
  }
  return region ?? country;
}

function countryCode(query: Query, name: string): string | undefined {
  const text = textOf(query, name);
  if (text !== undefined && !/^[A-Za-z]{2}$/.test(text)) {
    throw invalid(name, 'must be a two-letter country code such as US');
  }
  return text?.toUpperCase();
}

/** A run of 1 to 15 digits; a leading plus sign is allowed and says nothing. */
export function containsOf(query: Query): string | undefined {
  const text = textOf(query, 'contains');
  if (text === undefined) return undefined;
  const digits = withPlus(text).replace(/^\+/, '');
  if (!/^\d{1,15}$/.test(digits)) throw invalid('contains', 'must be 1 to 15 digits');
  return digits;
}

/** The digits of a number with or without its plus sign. */
export function digitsNamed(field: string, text: string): number {
  const digits = parseE164Lenient(withPlus(text));
  if (digits === undefined) throw invalid(field, 'must be an E.164 number such as +13035550117');
  return digits;
}
