import type { SubAccountRow } from '../../../core/accounts/index.js';
import type { Account, RootContext } from '../../../core/context.js';
import { spellAccountId } from '../ids.js';

/** What stands where a secret was. */
export const redacted = '<redacted>';

/** A sub-account; its secret is in clear only in the answer that makes it. */
export function renderSubAccount(
  { requestId }: RootContext,
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
