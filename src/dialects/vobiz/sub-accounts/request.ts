import type { SubAccountFields } from '../../../core/accounts/index.js';
import { invalid, textField } from '../../../http/body.js';
import { flagField, given, integerField, wordField } from '../parse.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';

/** What a new sub-account has where nothing is said (contract 7.3). */
export const usualFields = {
  email: null,
  phone: null,
  description: null,
  businessType: null,
  requestsPerMinute: 1000,
  permissions: { calls: true, cdr: true },
  endUser: 'self',
  enabled: true,
} as const;

/** What is given of a sub-account, in core words. A password is for a console that is not here. */
export function readSubAccount(body: Body): Partial<SubAccountFields> {
  return given(
    readAll({
      name: () => textField(body, 'name'),
      email: () => clearableField(body, 'email'),
      phone: () => clearableField(body, 'phone'),
      description: () => clearableField(body, 'description'),
      businessType: () => clearableField(body, 'business_type'),
      requestsPerMinute: () => integerField(body, 'rate_limit'),
      permissions: () => permissionsField(body),
      endUser: () => endUserField(body),
      enabled: () => flagField(body, 'enabled'),
    }),
  );
}

function endUserField(body: Body): 'self' | 'customer' | undefined {
  const mode = wordField(body, 'kyc_mode', ['personal_use', 'customer_use']);
  return mode && (mode === 'personal_use' ? 'self' : 'customer');
}

/** null and the empty text take away what is there. */
function clearableField(body: Body, name: string): string | null | undefined {
  if (body[name] === null) return null;
  const text = textField(body, name);
  return text === '' ? null : text;
}

function permissionsField(body: Body): Record<string, boolean> | undefined {
  const value = body['permissions'];
  if (value === undefined || value === null) return undefined;
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (!isObject || Object.values(value).some((allowed) => typeof allowed !== 'boolean')) {
    throw invalid('permissions', 'must be an object of true and false');
  }
  return value as Record<string, boolean>;
}
