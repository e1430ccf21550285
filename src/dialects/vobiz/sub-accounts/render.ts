import { accessTokenSeconds } from '../../../core/accounts/index.js';
import type { SubAccountRow } from '../../../core/accounts/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { spellAccountId } from '../ids.js';
import { redacted } from '../secrets.js';
import type { NewSubAccount, SubAccountPage } from './verbs.js';

/** A sub-account; its times may have been stored as text. */
export function renderSubAccount(row: SubAccountRow | Plain<SubAccountRow>, asked: Asked) {
  return renderWithToken(row, redacted, asked);
}

/** A sub-account with its secret, which is in clear only in the answer that makes it. */
function renderWithToken(row: SubAccountRow | Plain<SubAccountRow>, authToken: string, asked: Asked) {
  const parent = accountAsked(asked);
  const isActive = row.status === 'active';
  const [createdAt, updatedAt] = [row.createdAt, row.updatedAt].map((at) => new Date(at).toISOString());
  const account = `/v1/Account/${parent.publicId}/`;
  return {
    id: spellAccountId(row.id),
    name: row.name,
    email: row.email,
    phone: row.phone,
    description: row.description,
    business_type: row.businessType,
    permissions: row.permissions,
    rate_limit: row.requestsPerMinute,
    parent_account_id: spellAccountId(parent.id),
    parent_auth_id: parent.publicId,
    auth_id: row.publicId,
    auth_token: authToken,
    api_id: asked.requestId,
    email_verified: false,
    enabled: isActive,
    is_active: isActive,
    created: createdAt,
    modified: updatedAt,
    created_at: createdAt,
    updated_at: updatedAt,
    last_used: null,
    account,
    resource_uri: `${account}Subaccount/${row.publicId}/`,
    kyc_mode: row.endUser === 'customer' ? 'customer_use' : 'personal_use',
    kyc_calls_blocked: false,
  };
}

/**
 * The answer that makes a sub-account (contract 11.2): its secret, and two access tokens that work as Bearer. A repeat
 * has neither any more.
 */
export function renderCreated({ row, apiKey, accessTokens }: Plain<NewSubAccount>, asked: Asked) {
  const [accessToken, refreshToken] = accessTokens ?? [];
  const authToken = apiKey ?? redacted;
  return {
    message: 'Sub-account created successfully',
    sub_account: renderWithToken(row, authToken, asked),
    auth_credentials: { auth_id: row.publicId, auth_token: authToken },
    tokens: {
      access_token: accessToken ?? redacted,
      refresh_token: refreshToken ?? redacted,
      token_type: 'bearer',
      expires_in: accessToken === undefined ? 0 : accessTokenSeconds,
    },
  };
}

export function renderSubAccounts({ rows, total, page, perPage }: SubAccountPage, asked: Asked) {
  return { sub_accounts: rows.map((row) => renderSubAccount(row, asked)), total, page, size: perPage };
}
