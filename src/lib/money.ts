import { assert } from './assert.js';

/** Integer minor units of an ISO 4217 currency: EUR 5.00 is `{ amountMinor: 500, currency: 'EUR' }`. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Decimal places of a currency by ISO 4217, as the platform's own tables give them. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}
const digitsByCurrency = new Map<string, number>();

const isoCurrencies = new Set(Intl.supportedValuesOf('currency'));

export function isCurrency(code: string): boolean {
  return isoCurrencies.has(code);
}

/** `500, 'EUR'` becomes `"5.00"`; the sign stays in front. */
export function formatMinor(amountMinor: number, currency: string): string {
  assert(Number.isSafeInteger(amountMinor), `an amount is a safe integer, not ${amountMinor}`);
  const digits = minorDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Reads `"100"`, `"100.5"` or `"100.50"` as minor units; undefined for anything else, for more decimals than the
 * currency has, and for amounts outside the safe integers. Never goes through a floating-point number.
 */
export function parseMajor(text: string, currency: string): number | undefined {
  const match = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = minorDigits(currency);
  if (fraction.length > digits) return undefined;
  const amountMinor = Number(whole + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(amountMinor)) return undefined;
  return sign === '-' && amountMinor !== 0 ? -amountMinor : amountMinor;
}

/** Major units as a JSON number, for wires that want one: `250, 'USD'` becomes `2.5`. */
export function majorNumber(amountMinor: number, currency: string): number {
  return Number(formatMinor(amountMinor, currency));
}
