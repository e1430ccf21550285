import { Type } from 'typebox';
import type { Plain } from '../../../core/idempotency/index.js';
import type { WalletRow } from '../../../core/ledger/index.js';
import { named, Timestamp } from '../schemas.js';
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
