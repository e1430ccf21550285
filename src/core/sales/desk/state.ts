import type { AccountStatus } from '../../authority/index.js';
import type { Price, PriceBook } from '../../billing/index.js';
import type { NumberType } from '../../catalogue/index.js';
import type { AddressFacts, Requirement } from '../../compliance/index.js';
import type { Account, Environment } from '../../context.js';
import type { PolicyRow } from '../../policies/index.js';

/** What a judgement stands on: rows the desk has just read, with numbers and wallets locked until it has written. */

export interface NumberFacts {
  readonly id: number;
  readonly groupId: number;
  /** Bits; see catalogue/number-type. */
  readonly features: number;
  readonly hasOwnPrice: boolean;
  /** s in stock, r rented, q quarantined, w withdrawn. */
  status: string;
  heldUntil: Date | null;
  /** When its quarantine is over, and by which test clock that is meant; no clock is the server's time. */
  restsUntil: Date | null;
  readonly restClockId: number | null;
  reservationId: number | null;
  holderAccountId: number | null;
  /** The account that rents it; null once the window of its release is over. */
  renterAccountId: number | null;
  /** The state of that rental. */
  renterState: string | null;
}

export interface GroupFacts {
  readonly id: number;
  readonly publicId: string;
  readonly country: string;
  readonly type: NumberType;
  readonly location: string;
  readonly allowNumberSelection: boolean;
}

export interface WalletFacts {
  readonly id: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly currency: string;
  balanceMinor: number;
  readonly creditLimitMinor: number;
}

/** Facts of a judgement that seldom change. */
export interface Facts {
  /** General values and overrides; `valueFrom` picks the one that holds. */
  readonly policies: readonly PolicyRow[];
  /** Those in force, by country. */
  readonly requirements: ReadonlyMap<string, readonly Requirement[]>;
  /** By price list. */
  readonly prices: ReadonlyMap<number, PriceBook>;
}

export interface DeskState extends Facts {
  readonly numbers: ReadonlyMap<number, NumberFacts>;
  readonly groups: ReadonlyMap<number, GroupFacts>;
  /** Locked free numbers per shelf (`shelfKey`), for lines that want any of a group. */
  readonly candidates: ReadonlyMap<string, number[]>;
  /** A payer's wallets, first opened first. */
  readonly wallets: ReadonlyMap<number, WalletFacts[]>;
  readonly ownPrices: ReadonlyMap<number, readonly Price[]>;
  /** When the numbers of requests that ask for it were last given up for good. */
  readonly releases: ReadonlyMap<number, Date>;
  /** Addresses that requests name, whoever's, and those of accounts that need one, oldest first. */
  readonly addresses: readonly AddressFacts[];
  /** Of the countries that terms name, those with a shelf. */
  readonly servedCountries: ReadonlySet<string>;
  /** Of the accounts whose terms ask for one, those that have a verified address. */
  readonly verifiedAccounts: ReadonlySet<number>;
  /** The application that an account's new numbers point at, by account; most have none. */
  readonly applications: ReadonlyMap<number, number>;
  /** What buyers and payers stand at, kept so until the judgement is written. */
  readonly standings: ReadonlyMap<number, AccountStatus>;
  /** How many reservations a payer and its sub-accounts hold; changed as the judgement goes on. */
  readonly reservationCounts: Map<number, number>;
}

/** Who pays for an account's numbers, and whose holds are limited together. */
export function payerIdOf({ id, parentId }: Pick<Account, 'id' | 'parentId'>): number {
  return parentId ?? id;
}

export function shelfKey(environment: Environment, groupId: number): string {
  return `${environment}:${groupId}`;
}
