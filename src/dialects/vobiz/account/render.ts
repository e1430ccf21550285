import type { WalletRow } from '../../../core/ledger/index.js';
import { callsPerSecondLimit, concurrentCallsLimit } from '../../../core/routing/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { majorNumber } from '../../../lib/money.js';
import { spellAccountId, spellWalletId } from '../ids.js';
import { redacted } from '../secrets.js';
import type { Me } from './verbs.js';

/** What an account without a wallet is told. */
const usualCurrency = 'USD';

/** What limits nothing here: Numex carries no calls. */
const callLimits = {
  cps_limit: callsPerSecondLimit,
  concurrent_calls_limit: concurrentCallsLimit,
  base_cps_limit: callsPerSecondLimit,
  base_concurrent_calls_limit: concurrentCallsLimit,
  purchased_cps: 0,
  purchased_concurrent_calls: 0,
};

/** Members of the vendor's account that Numex has nothing for, in the types that its SDKs name (contract 11.4). */
const nothingKnown = {
  auth_token_expire_time: null,
  city: '',
  state: '',
  address: '',
  zip_code: '',
  company: '',
  auto_recharge: false,
  auto_recharge_config: null,
  carrier_type: null,
  customer_type: null,
  risk_rating: 0,
  risk_status: null,
  features: { call_queue: false },
  ip_auth_enabled: false,
  ip_whitelist_rules: {},
  allow_aws_ips: false,
  last_login: '',
};

/** The calling account, with every member that the SDKs' types name (contract 11.4). */
export function renderMe({ profile, wallet, currency = usualCurrency }: Me, asked: Asked) {
  const account = accountAsked(asked);
  const creditLimitMinor = wallet?.creditLimitMinor ?? 0;
  const isActive = account.status === 'active';
  const createdAt = account.createdAt.toISOString();
  return {
    type: 'account',
    id: spellAccountId(account.id),
    api_id: asked.requestId,
    auth_id: account.publicId,
    auth_secret: redacted,
    name: account.name,
    email: profile.email ?? '',
    phone: profile.phone ?? '',
    description: profile.description ?? '',
    country: '',
    timezone: 'UTC',
    account_type: account.parentId === null ? 'master' : 'sub',
    postpaid: creditLimitMinor > 0,
    enabled: isActive,
    credit_limit: majorNumber(creditLimitMinor, wallet?.currency ?? currency),
    ...callLimits,
    ...nothingKnown,
    role: 'user',
    is_active: isActive,
    is_verified: true,
    is_trial_account: false,
    created_at: createdAt,
    updated_at: createdAt,
    pricing_tier_id: String(account.priceListId),
    pricing_tier: {
      id: String(account.priceListId),
      name: `Price list ${account.priceListId}`,
      description: '',
      currency,
      rate_per_minute: 0,
      billing_increment_seconds: 60,
      minimum_duration_seconds: 0,
      is_active: true,
      is_default: account.priceListId === 1,
    },
  };
}

/** One of the account's own wallets. */
export function renderBalance(wallet: WalletRow, asked: Asked) {
  const { currency, balanceMinor, creditLimitMinor } = wallet;
  const createdAt = wallet.createdAt.toISOString();
  const balance = majorNumber(balanceMinor, currency);
  return {
    id: spellWalletId(wallet.id),
    account_id: accountAsked(asked).publicId,
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
