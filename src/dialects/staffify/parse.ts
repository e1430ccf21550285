import { domainError } from '../../core/errors.js';
import { invalid, textField } from '../../http/body.js';
import type { Body } from '../../http/body.js';
import type { Query } from '../../http/wire.js';

/** Readers of this wire's parameters; what cannot be meant is 400 with the field in `details`. */

/** A query parameter as text; one that is repeated must say the same each time. An empty one is absent. */
export function textOf(query: Query, name: string): string | undefined {
  const raw = query[name];
  const values: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (values.some((value) => value !== values[0])) throw invalid(name, 'is given more than once');
  return typeof values[0] === 'string' && values[0] !== '' ? values[0] : undefined;
}

/** A country code. Raises invalid_input. */
export function countryCodeOf(field: string, text: string): string {
  if (!/^[A-Za-z]{2}$/.test(text)) throw invalid(field, 'must be a two-letter country code such as US');
  return text.toUpperCase();
}

export function requiredText(body: Body, name: string): string {
  const value = textField(body, name);
  if (value === undefined || value.trim() === '') throw domainError('missing_input', { field: name });
  return value;
}

/** A positive integer when it is there. */
export function idField(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw invalid(name, 'must be a positive integer');
  }
  return value;
}
