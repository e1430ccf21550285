import type { LimitedKind } from '../errors.js';

/** How many things of a kind one account may have: a policy each, the same everywhere. */
export interface Limit {
  readonly kind: LimitedKind;
  readonly standard: number;
  /** The highest value that the operator can set. */
  readonly maximum: number;
  readonly meaning: string;
}

/** The closed list of them, by the name of the policy. */
export const limits = {
  trunks_per_account: {
    kind: 'trunk',
    standard: 1000,
    maximum: 100_000,
    meaning: 'Trunks that an account may have',
  },
  applications_per_account: {
    kind: 'application',
    standard: 1000,
    maximum: 100_000,
    meaning: 'Applications that an account may have',
  },
  agents_per_account: {
    kind: 'agent',
    standard: 1000,
    maximum: 100_000,
    meaning: 'Agents that an account may have',
  },
  keys_per_account: {
    kind: 'key',
    standard: 100,
    maximum: 10_000,
    meaning:
      'Keys that an account may have in force; access tokens, which end by themselves, are not counted',
  },
  test_clocks_per_account: {
    kind: 'test_clock',
    standard: 20,
    maximum: 1000,
    meaning: 'Test clocks that an account may have',
  },
  sub_accounts_per_account: {
    kind: 'sub_account',
    standard: 10_000,
    maximum: 100_000,
    meaning: 'Sub-accounts that an account may have open',
  },
  // An event finds its endpoints in one step, which reads as many as two accounts may have.
  webhook_endpoints_per_account: {
    kind: 'webhook_endpoint',
    standard: 20,
    maximum: 100,
    meaning: 'Webhook endpoints that an account may have',
  },
  // The purchase desk reads all addresses of an account when it looks for one that fits.
  addresses_per_account: {
    kind: 'address',
    standard: 1000,
    maximum: 1000,
    meaning: 'Addresses that an account may have',
  },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limits;
