import { domainError } from '../../errors.js';

/** A calendar month in UTC: from its first instant up to that of the next one, which is not included. */
export interface Month {
  readonly name: string;
  readonly from: Date;
  readonly until: Date;
}

/** Reads `2026-03`. Raises invalid_input (field). */
export function readMonth(field: string, text: string): Month {
  const match = /^([1-9]\d{3})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match) throw domainError('invalid_input', { field, reason: 'must be a month such as 2026-03' });
  const [, year, month] = match;
  return monthAt(Number(year), Number(month) - 1);
}

/** The month that an instant is in. */
export function monthOf(at: Date): Month {
  return monthAt(at.getUTCFullYear(), at.getUTCMonth());
}

function monthAt(year: number, month: number): Month {
  const from = new Date(Date.UTC(year, month, 1));
  return { name: from.toISOString().slice(0, 7), from, until: new Date(Date.UTC(year, month + 1, 1)) };
}
