import type { TransferKind } from '../../../core/ledger/index.js';

/** What this wire calls the kinds of transfers (contract 8.2). */
export const referenceTypes: Readonly<Record<TransferKind, string>> = {
  rental: 'did_rental',
  release_fee: 'did_release',
  refund: 'refund',
  deposit: 'payment',
  adjustment: 'manual_adjustment',
  withdrawal: 'withdrawal',
};

/** How a description begins; the transfer's own reference follows. */
export const descriptionNames: Readonly<Record<TransferKind, string>> = {
  rental: 'Number rental',
  release_fee: 'Number release fee',
  refund: 'Refund',
  deposit: 'Payment',
  adjustment: 'Manual adjustment',
  withdrawal: 'Withdrawal',
};

export function kindsOf(referenceType: string): TransferKind[] {
  const kinds = Object.keys(referenceTypes) as TransferKind[];
  return kinds.filter((kind) => referenceTypes[kind] === referenceType);
}

/** A number's transfers are told by the number's id. */
export const numberReferencePrefix = 'did:';
