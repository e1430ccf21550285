import { accessTokenSeconds } from '../../../core/accounts/index.js';
import type { CreatedSubAccount, SubAccountRow } from '../../../core/accounts/index.js';
import type { Account, RootContext } from '../../../core/context.js';
import { spellAccountId } from '../ids.js';

/** What stands where a secret was. */
export const redacted = '<redacted>';

/** A sub-account; its secret is in clear only in the answer that makes it. */
export function renderSubAccount(
  { requestId }: Pick<RootContext, 'requestId'>,
  parent: Account,
  row: SubAccountRow,
  authToken: string = redacted,
) {
  const isActive = row.status === 'active';
  const [createdAt, updatedAt] = [row.createdAt.toISOString(), row.updatedAt.toISOString()];
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
    api_id: requestId,
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
 * The answer that makes a sub-account (contract 11.2): its secret, and two access tokens that work as Bearer. A replay
 * has neither any more.
 */
export function renderCreated(
  ctx: Pick<RootContext, 'requestId'>,
  parent: Account,
  row: SubAccountRow,
  { account, apiKey, accessTokens }: CreatedSubAccount,
) {
  const [accessToken, refreshToken] = accessTokens;
  const authToken = apiKey ?? redacted;
  return {
    message: 'Sub-account created successfully',
    sub_account: renderSubAccount(ctx, parent, row, authToken),
    auth_credentials: { auth_id: account, auth_token: authToken },
    tokens: {
      access_token: accessToken ?? redacted,
      refresh_token: refreshToken ?? redacted,
      token_type: 'bearer',
      expires_in: accessToken === undefined ? 0 : accessTokenSeconds,
    },
  };
}
