import type { SubAccountFields } from '../../../core/accounts/index.js';

/** What a new sub-account has where its parent says nothing. */
export const defaults = {
  email: null,
  phone: null,
  description: null,
  businessType: null,
  requestsPerMinute: 1000,
  permissions: {},
  endUser: 'self',
  enabled: true,
} as const;

interface WireProfile {
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly description?: string | null;
  readonly business_type?: string | null;
  readonly requests_per_minute?: number;
  readonly end_user?: 'self' | 'customer';
  readonly enabled?: boolean;
}

/** Only what is given, in core words. */
export function readProfile(body: WireProfile): Partial<SubAccountFields> {
  const given = {
    email: body.email,
    phone: body.phone,
    description: body.description,
    businessType: body.business_type,
    requestsPerMinute: body.requests_per_minute,
    endUser: body.end_user,
    enabled: body.enabled,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
