import type { Account } from './account.js';

/**
 * Who acts: the holder of an account's key, the operator, or Numex itself. `actsFor` is the account acted for where that
 * is another one: a sub-account of the key's own, or any account for the operator.
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

/** The account that is acted for; none when the operator or Numex acts for itself. */
export function accountOf(actor: Actor): Account | undefined {
  if (actor.kind === 'key') return actor.actsFor ?? actor.account;
  return actor.kind === 'operator' ? actor.actsFor : undefined;
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
