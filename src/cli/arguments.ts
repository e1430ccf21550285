import { InvalidArgumentError } from 'commander';
import type { Environment } from '../core/context.js';
import { idempotencyKeyRule, isIdempotencyKey } from '../lib/idempotency-key.js';
import { isCurrency, parseMajor } from '../lib/money.js';
import { domainError } from '../core/errors.js';

/** Readers of arguments: what they refuse is wrong usage. */

export function readCurrency(text: string): string {
  const currency = text.toUpperCase();
  if (!isCurrency(currency)) throw new InvalidArgumentError('It must be an ISO 4217 code such as EUR.');
  return currency;
}

export function readEnvironments(text: string): Environment[] {
  if (text === 'both') return ['live', 'test'];
  if (text === 'live' || text === 'test') return [text];
  throw new InvalidArgumentError('It must be live, test or both.');
}

export function readId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id === 0) throw new InvalidArgumentError('It must be an id, a whole number.');
  return id;
}

/** An instant in ISO 8601; a date alone is its midnight in UTC. */
export function readInstant(text: string): Date {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? new Date(text)
    : undefined;
  if (!at || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError('It must be an instant such as 2026-03-04T09:30:00Z.');
  }
  return at;
}

/** An idempotency key, as the HTTP header takes it. */
export function readKey(text: string): string {
  if (!isIdempotencyKey(text)) throw new InvalidArgumentError(`It ${idempotencyKeyRule}.`);
  return text;
}

/** A whole number from 1 to a maximum. */
export function readCount(maximum: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > maximum) throw new InvalidArgumentError(`It must be from 1 to ${maximum}.`);
    return count;
  };
}

/** An amount in major units; how many decimals it may have depends on the currency, which is another option. */
export function readAmount(field: string, text: string, currency: string): number {
  const amountMinor = parseMajor(text, currency);
  if (amountMinor === undefined || amountMinor < 0) throw noAmount(field, currency);
  return amountMinor;
}

/** The same for an amount that may be negative. Raises invalid_input. */
export function readSignedAmount(field: string, text: string, currency: string): number {
  const amountMinor = parseMajor(text, currency);
  if (amountMinor === undefined) throw noAmount(field, currency);
  return amountMinor;
}

function noAmount(field: string, currency: string) {
  return domainError('invalid_input', { field, reason: `must be an amount of ${currency} such as 50.00` });
}
