import type { NumberType } from '../catalogue/index.js';
import type { Environment } from '../context.js';
import { limits } from '../limits/index.js';
import type { Limit, LimitName } from '../limits/index.js';

/** What an operator may set, and within which bounds: the closed list of policies. */

export type PolicyUnit = 'seconds' | 'count' | 'bytes' | 'flag';

/** By what a policy may differ from its general value: by country, and by number type. */
export type Overridable = 'never' | 'by_country' | 'by_country_and_type';

export interface Policy {
  readonly unit: PolicyUnit;
  readonly minimum: number;
  readonly maximum: number;
  readonly overridable: Overridable;
  /** The value of an installation that has set none. */
  readonly standard: Readonly<Record<Environment, number>>;
  readonly meaning: string;
}

const minute = 60;
const day = 86_400;
const gibibyte = 1024 ** 3;

const inBoth = (value: number): Readonly<Record<Environment, number>> => ({ live: value, test: value });

function perAccount({ maximum, standard, meaning }: Limit): Policy {
  return { unit: 'count', minimum: 0, maximum, overridable: 'never', standard: inBoth(standard), meaning };
}

const limitPolicies = Object.fromEntries(
  Object.entries(limits).map(([name, limit]) => [name, perAccount(limit)]),
) as Readonly<Record<LimitName, Policy>>;

export const policies = {
  reservation_seconds: {
    unit: 'seconds',
    minimum: minute,
    maximum: 30 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(60 * minute),
    meaning: 'How long a reservation keeps a number',
  },
  reservations_per_account: {
    unit: 'count',
    minimum: 0,
    maximum: 10_000,
    overridable: 'never',
    standard: inBoth(50),
    meaning: 'Reservations that a paying account and its sub-accounts together may hold at a time',
  },
  ...limitPolicies,
  reservation_total_seconds: {
    unit: 'seconds',
    minimum: minute,
    maximum: 365 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(day),
    meaning: 'How long a reservation may last in all, however often it is extended',
  },
  reclaim_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 365 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(7 * day),
    meaning: 'How long a released number can be taken back by its renter',
  },
  quarantine_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 2 * 365 * day,
    overridable: 'by_country_and_type',
    standard: { live: 45 * day, test: 0 },
    meaning: 'How long a number rests after a rental before it is sold again',
  },
  cancel_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 30 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(day),
    meaning: 'How long a cancellable release can be called off',
  },
  cool_off_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 365 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(15 * day),
    meaning: 'How long after its last call a sub-account’s number may go back to its parent',
  },
  grace_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 365 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(7 * day),
    meaning: 'How long an unpaid number stays with its renter before it is released',
  },
  registration_seconds: {
    unit: 'seconds',
    minimum: 0,
    maximum: 365 * day,
    overridable: 'by_country_and_type',
    standard: inBoth(30 * day),
    meaning: 'How long a renter has to complete the registration that a number needs',
  },
  idempotency_seconds: {
    unit: 'seconds',
    minimum: 60 * minute,
    maximum: 365 * day,
    overridable: 'never',
    standard: inBoth(day),
    meaning: 'How long the answer of a keyed request is kept for repeats',
  },
  document_bytes_per_account: {
    unit: 'bytes',
    minimum: 0,
    maximum: 1024 * gibibyte,
    overridable: 'never',
    standard: { live: 2 * gibibyte, test: gibibyte / 4 },
    meaning: 'What the documents of an account and its sub-accounts may take on disk together',
  },
  address_auto_verify: {
    unit: 'flag',
    minimum: 0,
    maximum: 1,
    overridable: 'by_country',
    standard: { live: 0, test: 1 },
    meaning: 'Whether a new address counts as verified without anybody looking at it: 1 yes, 0 no',
  },
} as const satisfies Readonly<Record<string, Policy>>;

export type PolicyName = keyof typeof policies;

export const policyNames = Object.keys(policies) as PolicyName[];

export function isPolicyName(text: string): text is PolicyName {
  return Object.hasOwn(policies, text);
}

/** Where a value is asked for, or set: absent parts stand for all countries and all types. */
export interface PolicyScope {
  readonly country?: string | undefined;
  readonly type?: NumberType | undefined;
}

/** A stored value; an empty country or type stands for all. */
export interface PolicyRow {
  readonly name: string;
  readonly environment: Environment;
  readonly country: string;
  readonly type: NumberType | '';
  readonly value: number;
}

/**
 * The value that holds for a scope out of rows that may be of other names and scopes too. The most specific wins:
 * country and type, then country, then type, then the general one; without any, the standard value.
 */
export function valueFrom(
  rows: readonly PolicyRow[],
  name: PolicyName,
  environment: Environment,
  { country = '', type }: PolicyScope = {},
): number {
  let best: PolicyRow | undefined;
  for (const row of rows) {
    const fits =
      row.name === name &&
      row.environment === environment &&
      (row.country === '' || row.country === country) &&
      (row.type === '' || row.type === type);
    if (fits && (best === undefined || rankOf(row) > rankOf(best))) best = row;
  }
  return best?.value ?? policies[name].standard[environment];
}

function rankOf({ country, type }: PolicyRow): number {
  return (country === '' ? 0 : 2) + (type === '' ? 0 : 1);
}
