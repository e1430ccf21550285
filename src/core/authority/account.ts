import type { Clock } from '../../lib/clock.js';

export type Environment = 'live' | 'test';
export type KeyScope = 'full' | 'read' | 'admin';

/**
 * What an account may do now, in one word: the worst of what its `deleted_at`, `blocked_at` (by the operator) and
 * `disabled_at` (by its parent) say, in this order.
 */
export type AccountStatus = 'active' | 'blocked' | 'disabled' | 'deleted';

/** An account's standing, and that of the parent that pays for it; null where it pays for itself. */
export interface Standing {
  readonly status: AccountStatus;
  readonly payerStatus: AccountStatus | null;
}

/** An account as every verb needs it. */
export interface Account extends Standing {
  readonly id: number;
  readonly publicId: string;
  readonly environment: Environment;
  readonly name: string;
  readonly parentId: number | null;
  readonly priceListId: number;
  /** Taken off every price, in basis points: 1000 is 10 %. */
  readonly priceDiscountBp: number;
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
