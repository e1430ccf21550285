import { domainError } from '../../core/errors.js';
import { parseE164Lenient } from '../../lib/e164.js';
import type { Query } from '../../http/wire.js';

/** Readers of this wire's parameters; what cannot be meant is 400, whatever it is. Unknown parameters are ignored. */

function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}

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
  const region = countryCode(query, 'region');
  const country = countryCode(query, 'country');
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

export type Body = Readonly<Record<string, unknown>>;

export function objectBody(body: unknown): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('body', 'must be a JSON object');
  }
  return body as Body;
}

/** A field that is text when it is there; null and absence are the same. */
export function textField(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(name, 'must be a string');
  return value;
}

export function requiredField(body: Body, name: string): string {
  const value = textField(body, name);
  if (value === undefined) throw domainError('missing_input', { field: name });
  return value;
}
