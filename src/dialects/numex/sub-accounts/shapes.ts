import { Type } from 'typebox';
import { requestsPerMinuteMax } from '../../../core/accounts/index.js';
import type { SubAccountRow } from '../../../core/accounts/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { named, oneOf, Timestamp } from '../schemas.js';
import { spellTime } from '../times.js';

export const tag = 'Sub-accounts';
export const path = '/sub-accounts/:account';

const Text = Type.Union([Type.String({ maxLength: 500 }), Type.Null()]);
export const profileProperties = {
  email: Text,
  phone: Text,
  description: Text,
  business_type: Text,
  requests_per_minute: Type.Integer({ minimum: 1, maximum: requestsPerMinuteMax }),
  end_user: oneOf(['self', 'customer'], 'Who uses the numbers; a customer needs an e-mail address'),
  enabled: Type.Boolean({ description: 'A disabled one keeps its numbers, but its keys are refused' }),
};
export const SubAccountShape = named(
  'SubAccount',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    status: Type.String(),
    ...profileProperties,
    created_at: Timestamp,
    updated_at: Timestamp,
  }),
);

export function renderSubAccount(row: SubAccountRow | Plain<SubAccountRow>) {
  return {
    id: row.publicId,
    name: row.name,
    status: row.status,
    email: row.email,
    phone: row.phone,
    description: row.description,
    business_type: row.businessType,
    requests_per_minute: row.requestsPerMinute,
    end_user: row.endUser,
    enabled: row.status === 'active',
    created_at: spellTime(row.createdAt),
    updated_at: spellTime(row.updatedAt),
  };
}
