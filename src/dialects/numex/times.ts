import { domainError } from '../../core/errors.js';

/**
 * An instant out of a query that its schema has let pass: that one allows times that no calendar of ours has, such as the
 * year 0 and leap seconds. Raises invalid_input (field).
 */
export function readTime(field: string, text: string): Date;
export function readTime(field: string, text: string | undefined): Date | undefined;
export function readTime(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) {
    throw domainError('invalid_input', { field, reason: 'must be a time such as 2026-03-04T09:30:00Z' });
  }
  return at;
}

/** ISO 8601; what was remembered with an idempotency key is text already. */
export function spellTime(at: Date | string): string {
  return typeof at === 'string' ? at : at.toISOString();
}

export function spellTimeOrNull(at: Date | string | null | undefined): string | null {
  return at === null || at === undefined ? null : spellTime(at);
}
