/** Where time comes from. The core never asks the machine or the database for it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const secondsPerDay = 86_400;

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

/** The whole second that an instant is in: ends of holds are promised on wires that show no fractions. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

/** ISO 8601 in UTC with whole seconds: `2026-03-04T09:30:00Z`. */
export function isoSeconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/**
 * The instant `months` calendar months after `anchor`, on the anchor's day of the month, clipped to the last day of
 * shorter months (31 January plus one is 28 or 29 February, plus two is 31 March).
 */
export function addMonthsClipped(anchor: Date, months: number): Date {
  const first = new Date(anchor.getTime());
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(anchor.getUTCDate(), lastDay));
  return first;
}
