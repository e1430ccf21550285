import type { Account } from './authority/index.js';
import type { BillingCycle } from './billing-cycle.js';
import type { StoredDomainError } from './errors.js';

/** What core asks of the outside: the purchase desk and the files of documents. The clock is lib/clock. */

/** A retryable write: the caller's key, and a hash of the whole request that it stands for. */
export interface Idempotency {
  readonly key: string;
  readonly requestHash: Buffer;
  /** Told when the answer is the first one again. */
  readonly noteReplay?: (() => void) | undefined;
}

/** Where purchases and reservations are judged; `sales/desk` is one. */
export interface Desk {
  submit(request: DeskRequest): Promise<Verdict>;
}

/** A document that has come in whole and lies aside on disk until it is kept or discarded. */
export interface StagedDocument {
  /** The name that it is going to have where it is kept, without what goes before it. */
  readonly token: string;
  readonly byteCount: number;
  /** Hex. */
  readonly sha256: string;
  /** The first bytes, by which its format is known. */
  readonly head: Buffer;
}

/** A file of the store, kept or staged, with the time it was written. */
export interface StoredFile {
  readonly name: string;
  readonly isStaged: boolean;
  readonly writtenAt: Date;
}

/** Where the bytes of documents live. */
export interface DocumentStore {
  /** Sets room aside for so many bytes; gives what frees it again, or undefined when the disk has none left. */
  reserve(bytes: number): Promise<(() => void) | undefined>;
  /** Writes a document aside as it comes. Raises invalid_input (file) when it is too large. */
  stage(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StagedDocument>;
  /** Keeps a staged document for the database with this tag, and gives the name under which `get` finds it. */
  put(staged: StagedDocument, tag: string): Promise<string>;
  /** Drops a staged document, unless it has been kept. */
  discard(staged: StagedDocument): Promise<void>;
  get(name: string): Promise<Buffer>;
  /** All files, in no order. */
  files(): AsyncIterable<StoredFile>;
  remove(file: Pick<StoredFile, 'name' | 'isStaged'>): Promise<void>;
}

/** What the purchase desk is asked, and what it answers: plain data, so that an answer can be stored and replayed. */

/** One number to get: exactly this one, or any of a group, or this one if it is in that group. */
export interface DeskLine {
  /** Row id of the number. */
  readonly numberId?: number | undefined;
  readonly groupId?: number | undefined;
  /** Take the number only out of this hold of the caller's. */
  readonly reservationId?: number | undefined;
  /** Refuse when the first charge is above this, in minor units of the wallet used. */
  readonly maxPriceMinor?: number | undefined;
}

interface DeskRequestBase {
  readonly account: Account;
  readonly actor: string;
  readonly requestId: string;
  readonly at: Date;
  readonly idempotency?: Idempotency | undefined;
}

/**
 * What a wire demands of a purchase beside the desk's own rules. Judged in the order of the members, before those rules
 * and after the look for an earlier answer to the same key.
 */
export interface PurchaseTerms {
  /** What the buyer says of every number named: a country that has shelves, and the number's own country and type. */
  readonly described?: { readonly country: string; readonly type: string } | undefined;
  /** A verified address of the buyer's in any country; or the one named, usable, in the country and city described. */
  readonly address?: 'any_verified' | { readonly cityCode: string | undefined } | undefined;
  /** What the payer must be able to spend in this currency, whatever the numbers cost. */
  readonly minimumBalance?: { readonly currency: string; readonly amountMinor: number } | undefined;
}

/** How an order is to be bought, whatever its lines are. */
export interface OrderChoices {
  readonly mode: 'all_or_nothing' | 'best_effort';
  /** Pay from the wallet in this currency, and no other. */
  readonly currency?: string | undefined;
  /** Pay from the wallet in this currency if there is one, else from the account's first. */
  readonly preferCurrency?: string | undefined;
  /** Use the first wallet in whose currency a number named has a price of its own, if there is one. */
  readonly preferOwnPrice?: boolean | undefined;
  /** Refuse a number whose requirements are unmet, or rent it in state awaiting_registration. */
  readonly unmetRequirements: 'refuse' | 'await';
  /** Register the numbers with this address, which must be usable; without it, with any of the account's that fits. */
  readonly addressId?: number | undefined;
  /** Tell of the numbers named when they were last given up. */
  readonly tellsReleases?: boolean | undefined;
  readonly terms?: PurchaseTerms | undefined;
}

export interface BuyRequest extends DeskRequestBase, OrderChoices {
  readonly kind: 'buy';
  readonly lines: readonly DeskLine[];
}

export interface ReserveRequest extends DeskRequestBase {
  readonly kind: 'reserve';
  readonly line: DeskLine;
}

export type DeskRequest = BuyRequest | ReserveRequest;

/** A rental that a purchase has opened. Times are ISO 8601 text: this is stored and replayed as JSON. */
export interface BoughtLine {
  readonly ok: true;
  readonly numberId: number;
  readonly rentalId: number;
  readonly groupId: number;
  readonly country: string;
  readonly location: string;
  /** Bits; see catalogue/number-type. */
  readonly features: number;
  /** What the buyer's new numbers point at. */
  readonly applicationId?: number;
  /** When the number was last given up for good, if it ever was and the request asks for it. */
  readonly releasedAt?: string;
  readonly state: 'active' | 'awaiting_registration';
  readonly currency: string;
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
  readonly startedAt: string;
  readonly nextChargeAt: string;
}

export interface RefusedLine {
  readonly ok: false;
  /** The number asked for, where one was named. */
  readonly numberId: number | null;
  readonly error: StoredDomainError;
}

export type LineResult = BoughtLine | RefusedLine;

export interface OrderResult {
  readonly orderId: number;
  readonly mode: 'all_or_nothing' | 'best_effort';
  readonly placedAt: string;
  readonly results: readonly LineResult[];
}

export interface ReservationResult {
  readonly reservationId: number;
  readonly numberId: number;
  readonly groupId: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The desk's verdict on a request. A buy of several lines is `ok` when at least one was bought. */
export type Verdict =
  | { readonly kind: 'order'; readonly order: OrderResult }
  | { readonly kind: 'reservation'; readonly reservation: ReservationResult }
  | { readonly kind: 'refused'; readonly error: StoredDomainError };
