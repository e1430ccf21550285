import type { Price, PriceRule } from '../../billing/index.js';
import type { NumberType } from '../../catalogue/index.js';
import type { AddressFacts, Requirement } from '../../compliance/index.js';
import type { Environment } from '../../context.js';
import type { PolicyRow } from '../../policies/index.js';

/** What a judgement stands on: rows the desk has just read, with numbers and wallets locked until it has written. */

export interface NumberFacts {
  readonly id: number;
  readonly groupId: number;
  readonly hasOwnPrice: boolean;
  /** s in stock, r rented, q quarantined, w withdrawn. */
  status: string;
  heldUntil: Date | null;
  /** When its quarantine is over, and by which test clock that is meant; no clock is the server's time. */
  restsUntil: Date | null;
  readonly restClockId: number | null;
  reservationId: number | null;
  holderAccountId: number | null;
  /** Whose open rental it is in; nobody's once the window of its release is over. */
  renterAccountId: number | null;
  /** The state of that rental. */
  renterState: string | null;
}

export interface GroupFacts {
  readonly id: number;
  readonly publicId: string;
  readonly country: string;
  readonly type: NumberType;
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

export interface DeskState {
  readonly numbers: ReadonlyMap<number, NumberFacts>;
  readonly groups: ReadonlyMap<number, GroupFacts>;
  /** Locked free numbers per shelf (`shelfKey`), for lines that want any of a group. */
  readonly candidates: ReadonlyMap<string, number[]>;
  /** A payer's wallets, first opened first. */
  readonly wallets: ReadonlyMap<number, WalletFacts[]>;
  readonly priceRules: readonly PriceRule[];
  readonly ownPrices: ReadonlyMap<number, readonly Price[]>;
  readonly requirements: readonly Requirement[];
  /** Addresses that requests name, whoever's, and those of accounts that need one, oldest first. */
  readonly addresses: readonly AddressFacts[];
  /** Of the countries that terms name, those with a shelf. */
  readonly servedCountries: ReadonlySet<string>;
  /** Of the accounts whose terms ask for one, those that have a verified address. */
  readonly verifiedAccounts: ReadonlySet<number>;
  /** The application that an account's new numbers point at, by account; most have none. */
  readonly applications: ReadonlyMap<number, number>;
  /** General values and overrides; `valueFrom` picks the one that holds. */
  readonly policies: readonly PolicyRow[];
  /** How many reservations an account holds; changed as the judgement goes on. */
  readonly reservationCounts: Map<number, number>;
}

export function shelfKey(environment: Environment, groupId: number): string {
  return `${environment}:${groupId}`;
}
