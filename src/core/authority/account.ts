import type { Clock } from '../../lib/clock.js';

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
