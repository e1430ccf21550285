import type { StoredDomainError } from '../errors.js';

/** What a key led to the first time; a repeat gets exactly this again. */
export type StoredOutcome = { readonly ok: unknown } | { readonly error: StoredDomainError };

export interface IdempotencyRecord {
  readonly requestHash: Buffer;
  readonly outcome: StoredOutcome;
}

/** The subject of a write of several things, or of none, each of which is found by itself. */
export const severalSubjects: Subject = { kind: 'several', id: 0 };

/** What a record points at: the kind and id of what the request made or changed. */
export interface Subject {
  readonly kind: string;
  readonly id: number;
}
