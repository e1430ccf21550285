import { Type } from 'typebox';
import type { Plain } from '../../../core/idempotency/index.js';
import type { LedgerLine, WalletRow } from '../../../core/ledger/index.js';
import { spellId } from '../ids.js';
import { named, oneOf, Timestamp } from '../schemas.js';
import { spellTime } from '../times.js';

export const WalletShape = named(
  'Wallet',
  Type.Object({
    currency: Type.String(),
    balance_minor: Type.Integer(),
    credit_limit_minor: Type.Integer(),
    created_at: Timestamp,
  }),
);

export function renderWallet(wallet: WalletRow | Plain<WalletRow>) {
  return {
    currency: wallet.currency,
    balance_minor: wallet.balanceMinor,
    credit_limit_minor: wallet.creditLimitMinor,
    created_at: spellTime(wallet.createdAt),
  };
}

export const TransferShape = named(
  'Transfer',
  Type.Object({
    id: Type.Integer(),
    kind: Type.String(),
    direction: oneOf(['debit', 'credit']),
    amount_minor: Type.Integer(),
    currency: Type.String(),
    rental_id: Type.Union([Type.String(), Type.Null()]),
    cycle_number: Type.Union([Type.Integer(), Type.Null()]),
    reference: Type.Union([Type.String(), Type.Null()]),
    created_at: Timestamp,
  }),
);

export function renderTransfer(row: LedgerLine) {
  return {
    id: row.id,
    kind: row.kind,
    direction: row.direction,
    amount_minor: row.amountMinor,
    currency: row.currency,
    rental_id: row.rentalId === null ? null : spellId('rental', row.rentalId),
    cycle_number: row.cycleNumber,
    reference: row.reference,
    created_at: row.createdAt.toISOString(),
  };
}
