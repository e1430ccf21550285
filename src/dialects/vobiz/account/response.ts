import type { Account } from '../../../core/context.js';
import type { WalletRow } from '../../../core/ledger/index.js';
import { majorNumber } from '../../../lib/money.js';
import { spellAccountId, spellWalletId } from '../ids.js';
import { redacted } from '../sub-accounts/response.js';

/** What an account without a wallet is told. */
const usualCurrency = 'USD';

/** The calling account; what it is paid from is its parent's for a sub-account. */
export function renderMe(account: Account, [wallet]: readonly WalletRow[]) {
  const creditLimitMinor = wallet?.creditLimitMinor ?? 0;
  const currency = wallet?.currency ?? usualCurrency;
  return {
    type: 'account',
    id: spellAccountId(account.id),
    auth_id: account.publicId,
    auth_secret: redacted,
    name: account.name,
    email: null,
    phone: null,
    country: null,
    timezone: 'UTC',
    postpaid: creditLimitMinor > 0,
    auto_recharge: false,
    enabled: account.status === 'active',
    credit_limit: majorNumber(creditLimitMinor, currency),
    role: 'user',
    is_active: account.status === 'active',
    is_verified: true,
    is_trial_account: false,
    pricing_tier: { id: String(account.priceListId), currency },
    created_at: account.createdAt.toISOString(),
  };
}

export function renderBalance(payer: Account, wallet: WalletRow) {
  const { currency, balanceMinor, creditLimitMinor } = wallet;
  const createdAt = wallet.createdAt.toISOString();
  const balance = majorNumber(balanceMinor, currency);
  return {
    id: spellWalletId(wallet.id),
    account_id: payer.publicId,
    currency,
    balance,
    reserved_funds: 0,
    promotional_balance: 0,
    promotional_reserved_balance: 0,
    available_balance: balance,
    credit_limit: majorNumber(creditLimitMinor, currency),
    is_postpaid: creditLimitMinor > 0,
    credit_limit_type: 'hard',
    low_balance_threshold: 0,
    status: 'active',
    created_at: createdAt,
    updated_at: createdAt,
  };
}
