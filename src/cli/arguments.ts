import { InvalidArgumentError } from 'commander';
import type { Environment } from '../core/context.js';
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

/** An amount in major units; how many decimals it may have depends on the currency, which is another option. */
export function readAmount(field: string, text: string, currency: string): number {
  const amountMinor = parseMajor(text, currency);
  if (amountMinor === undefined || amountMinor < 0) {
    throw domainError('invalid_input', { field, reason: `must be an amount of ${currency} such as 50.00` });
  }
  return amountMinor;
}

export function readInstant(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new InvalidArgumentError('It must be a time in ISO 8601.');
  return instant;
}
