import { domainError } from '../../core/errors.js';
import { parseE164Lenient } from '../../lib/e164.js';
import { secondsPerDay } from '../../lib/clock.js';
import { textFault } from '../../lib/text.js';
import { invalid, textField } from '../../http/body.js';
import type { Body } from '../../http/body.js';
import type { Query } from '../../http/wire.js';

/** Readers of this wire's parameters and bodies. Unknown ones are ignored. */

/** A query parameter as text; of one that is repeated the first counts, and an empty one is none. */
export function textOf(query: Query, name: string): string | undefined {
  const raw = query[name];
  const first: unknown = Array.isArray(raw) ? raw[0] : raw;
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** A query parameter as text that can be stored and looked for. Raises invalid_input. */
export function printableOf(query: Query, name: string, lengthMax = 200): string | undefined {
  const text = textOf(query, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const reason = textFault(text, lengthMax);
  if (reason !== undefined) throw invalid(name, reason);
  return text;
}

/** A query parameter that may be repeated. */
export function textsOf(query: Query, name: string): string[] {
  const raw = query[name];
  const values: unknown[] = Array.isArray(raw) ? raw : [raw];
  return values.filter((value): value is string => typeof value === 'string');
}

const flagWords: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

/** A flag in any spelling that clients use (contract 11.5); anything else is none. */
export function flagOf(query: Query, name: string): boolean | undefined {
  const text = textOf(query, name)?.toLowerCase() ?? '';
  return Object.hasOwn(flagWords, text) ? flagWords[text] : undefined;
}

/** Digits without the plus sign, which arrives as a blank where nobody has encoded it (contract 1.6). */
export function bareDigits(text: string): string {
  return text.trim().replace(/^\+/, '');
}

/** What is searched for in numbers: a run of digits, if anything. What no number has in it is not `possible`. */
export function searchOf(query: Query): { readonly possible: boolean; readonly digits?: string } {
  const text = textOf(query, 'search');
  if (text === undefined) return { possible: true };
  const digits = bareDigits(text);
  return { possible: /^\d{1,15}$/.test(digits), digits };
}

/** The digits of a number in a path: clients encode its plus sign once, twice, or not at all (contract 1.6). */
export function digitsInPath(text: string): number {
  return digitsNamed('number', text.replace(/^%2B/i, '+'));
}

export function digitsNamed(field: string, text: string): number {
  const digits = parseE164Lenient(text.trim());
  if (digits === undefined) throw invalid(field, 'must be an E.164 number such as +918041234567');
  return digits;
}

export interface Stretch {
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
}

/** The UTC day or the instant that a date stands for. Raises invalid_input. */
export function stretchOf(query: Query, name: string): Stretch | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const [, day = '', time] = /^(\d{4}-\d\d-\d\d)(?:[T ](.+))?$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  const zoned =
    time !== undefined && /(?:Z|[+ -]\d\d:\d\d)$/.test(time) ? time.replace(' ', '+') : `${time}Z`;
  const from = time === undefined ? midnight : new Date(`${day}T${zoned}`);
  // 30 February would roll over to March.
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (!isReal || Number.isNaN(from.getTime())) throw invalid(name, 'must be a date such as 2026-03-04');
  const length = time === undefined ? secondsPerDay * 1000 : 1;
  const until = new Date(from.getTime() + length);
  if (from.getUTCFullYear() < 1 || until.getUTCFullYear() > 9999) {
    throw invalid(name, 'must be in the years 1 to 9999');
  }
  return { from, until };
}

export function flagField(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalid(name, 'must be true or false');
  return value;
}

/** A whole number from `min`, which is 0 unless given, to `max`. */
export function boundedField(body: Body, name: string, max: number, min = 0): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalid(name, `must be a whole number from ${min} to ${max}`);
}

/** A text that can be stored and shown; null and the empty text take away what is there. */
export function printableField(body: Body, name: string, lengthMax: number): string | null | undefined {
  if (body[name] === null) return null;
  const text = textField(body, name);
  if (text === undefined) return undefined;
  if (text === '') return null;
  const reason = textFault(text, lengthMax);
  if (reason !== undefined) throw invalid(name, reason);
  return text;
}

/** A name, with the blanks around it taken away. Raises invalid_input. */
export function nameField(body: Body, name: string, lengthMax: number): string | undefined {
  const text = textField(body, name)?.trim();
  const reason = text === undefined ? undefined : textFault(text, lengthMax);
  if (reason !== undefined) throw invalid(name, reason);
  return text;
}

/** As nameField, of what must be there. Raises missing_input too. */
export function requiredName(body: Body, name: string, lengthMax: number): string {
  const text = nameField(body, name, lengthMax);
  if (text === undefined) throw domainError('missing_input', { field: name });
  return text;
}

/** A word of a short list, in any case of letters. */
export function wordField<T extends string>(body: Body, name: string, words: readonly T[]): T | undefined {
  const text = textField(body, name);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (!word) throw invalid(name, `must be one of ${words.join(', ')}`);
  return word;
}

/** Drops the fields that were not given, so that what is left can be laid over what is there. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
