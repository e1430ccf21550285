import type { Pool, Sql } from '../database/connection.js';
import type { Clock } from '../lib/clock.js';
import type { Actor } from './authority/index.js';
import type { Desk, DocumentStore, Idempotency } from './ports.js';

export { accountOf, actorName, clockOf } from './authority/index.js';
export type { Account, Actor, Environment, KeyScope } from './authority/index.js';
export type { Desk, DocumentStore, Idempotency } from './ports.js';

/** What a verb is given beside its input: who acts, by which clock, in which transaction, under which request. */
export interface Context {
  /** The pool, or the transaction of a caller that wants several verbs to succeed or fail together. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly actor: Actor;
  readonly requestId: string;
  readonly idempotency?: Idempotency | undefined;
  /**
   * What must hold for a write beside the verb's own rules. Judged once the key is claimed, in the verb's transaction, so
   * that a repeat gets the first answer whatever has become of it.
   */
  readonly precondition?: ((ctx: Context) => Promise<void>) | undefined;
  /** Told of what a write made or changed, by a write of several verbs that is remembered as one. */
  readonly noteSubject?: ((subject: { readonly kind: string; readonly id: number }) => void) | undefined;
  /** Told of each secret of a verb's result that must not be remembered, by a write of several verbs. */
  readonly noteSecret?: ((secret: string) => void) | undefined;
  /** The server's own time, for dealings with the world outside, where `clock` may be another. */
  readonly serverClock?: Clock | undefined;
  /** Whether webhooks may go to addresses that are not public: the operator's choice, no unless set. */
  readonly allowPrivateTargets?: boolean | undefined;
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
