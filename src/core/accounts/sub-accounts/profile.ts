import { textFault } from '../../../lib/text.js';
import { domainError } from '../../errors.js';
import type { InvalidField } from '../../errors.js';
import type { SubAccountProfile } from './store.js';

export const requestsPerMinuteMax = 1_000_000;
export const profileTextLengthMax = 500;
const permissionsMax = 20;
const permissionLengthMax = 100;

/** Raises invalid_input, which names every field that is wrong; missing_input (email: a customer has to be reachable). */
export function cleanProfile(profile: SubAccountProfile): SubAccountProfile {
  const { email, phone, description, businessType, requestsPerMinute, permissions, endUser } = profile;
  const whole = Number.isInteger(requestsPerMinute);
  const inBounds = whole && requestsPerMinute >= 1 && requestsPerMinute <= requestsPerMinuteMax;
  const reasons = {
    email: email === null ? undefined : emailFault(email),
    phone: lineFault(phone),
    description: lineFault(description),
    business_type: lineFault(businessType),
    rate_limit: inBounds ? undefined : `must be a whole number from 1 to ${requestsPerMinuteMax}`,
    permissions: permissionsFault(permissions),
  };
  const [first, ...others] = Object.entries(reasons).flatMap(([field, reason]): InvalidField[] =>
    reason === undefined ? [] : [{ field, reason }],
  );
  const missing = endUser === 'customer' && email === null;
  if (missing)
    throw domainError('missing_input', { field: 'email', ...(first ? { invalid: [first, ...others] } : {}) });
  if (first) throw domainError('invalid_input', { ...first, ...(others.length > 0 ? { others } : {}) });
  return { email, phone, description, businessType, requestsPerMinute, permissions, endUser };
}

function lineFault(text: string | null): string | undefined {
  return text === null ? undefined : textFault(text, profileTextLengthMax);
}

/** Why a text cannot be an e-mail address, as a clause behind its field. */
export function emailFault(text: string): string | undefined {
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(text);
  return textFault(text, profileTextLengthMax) ?? (isAddress ? undefined : 'must be an e-mail address');
}

/** Why permissions cannot be kept, as a clause behind their field. */
export function permissionsFault(permissions: SubAccountProfile['permissions']): string | undefined {
  const names = Object.keys(permissions);
  if (names.length > permissionsMax) return `must have at most ${permissionsMax} entries`;
  const reason = names.map((name) => textFault(name, permissionLengthMax)).find(Boolean);
  return reason === undefined ? undefined : `has a name that ${reason}`;
}
