import type { Pool, Sql } from '../database/connection.js';
import type { Clock } from '../lib/clock.js';
import type { DocumentStore } from './compliance/document.js';
import type { DeskRequest, Verdict } from './numbers/desk/requests.js';

export type Environment = 'live' | 'test';
export type KeyScope = 'full' | 'read' | 'admin';

/** An account as every verb needs it. */
export interface Account {
  readonly id: number;
  readonly publicId: string;
  readonly environment: Environment;
  readonly name: string;
  readonly parentId: number | null;
  readonly priceListId: number;
  /** The operator blocks; a parent disables a sub-account of its own. Neither kind of key works then. */
  readonly status: 'active' | 'blocked' | 'disabled' | 'deleted';
  readonly createdAt: Date;
  /** The test clock that the account lives by, and what it shows (ISO 8601); null for the server's time. */
  readonly clock: { readonly id: number; readonly at: string } | null;
}

/** The time that an account lives by: its test clock's, or the one given. */
export function clockOf(account: Pick<Account, 'clock'>, otherwise: Clock): Clock {
  if (!account.clock) return otherwise;
  const { at } = account.clock;
  return { now: () => new Date(at) };
}

/**
 * The instant up to which the hold on a number's row counts as over for whoever acts. By a test clock nobody's does: the
 * time of other accounts is not its own, and the holds on that clock are cleared as it moves.
 */
export function holdsOverBy({ actor, clock }: Pick<Context, 'actor' | 'clock'>): Date {
  return accountOf(actor)?.clock ? new Date(0) : clock.now();
}

/**
 * Who acts: the holder of an account's key, the operator, or Numex itself. `actsFor` is the account whose affairs these
 * are where that is another one: a sub-account of the key's own, or any account that the operator looks after.
 */
export type Actor =
  | {
      readonly kind: 'key';
      readonly keyId: number;
      readonly scope: 'full' | 'read';
      readonly account: Account;
      /** What a parent allows a sub-account; null where nobody has said so. */
      readonly requestsPerMinute?: number | null;
      readonly actsFor?: Account;
    }
  | { readonly kind: 'operator'; readonly keyId: number | null; readonly actsFor?: Account }
  | { readonly kind: 'system'; readonly name: string };

/** Whose affairs these are; the operator's own are nobody's. */
export function accountOf(actor: Actor): Account | undefined {
  if (actor.kind === 'key') return actor.actsFor ?? actor.account;
  return actor.kind === 'operator' ? actor.actsFor : undefined;
}

/** A retryable write: the caller's key, and a hash of the whole request that it stands for. */
export interface Idempotency {
  readonly key: string;
  readonly requestHash: Buffer;
}

/** What a verb is given beside its input: who acts, by which clock, in which transaction, under which request. */
export interface Context {
  /** The pool, or the transaction of a caller that wants several verbs to succeed or fail together. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly actor: Actor;
  readonly requestId: string;
  readonly idempotency?: Idempotency | undefined;
  /** The server's own time, for dealings with the world outside, where `clock` may be another. */
  readonly serverClock?: Clock | undefined;
  /** Whether webhooks may go to addresses that are not public: the operator's choice, no unless set. */
  readonly allowPrivateTargets?: boolean | undefined;
}

/** Where purchases and reservations are judged; see numbers/desk. */
export interface Desk {
  submit(request: DeskRequest): Promise<Verdict>;
}

/** A context whose `sql` is the pool itself, for verbs that use the purchase desk or the files of documents. */
export interface RootContext extends Context {
  readonly sql: Pool;
  readonly desk: Desk;
  readonly documents: DocumentStore;
}

/** The time by which things outside are done: sent, and tried again. */
export function serverTime(ctx: Pick<Context, 'clock' | 'serverClock'>): Date {
  return (ctx.serverClock ?? ctx.clock).now();
}

/** How an actor is written in audit rows. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'key':
      return `key:${actor.keyId}`;
    case 'operator':
      return actor.keyId === null ? 'operator' : `operator:${actor.keyId}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
