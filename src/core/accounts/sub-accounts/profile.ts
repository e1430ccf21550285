import { textFault } from '../../../lib/text.js';
import { domainError } from '../../errors.js';
import type { SubAccountProfile } from './store.js';

export const requestsPerMinuteMax = 1_000_000;
const textLengthMax = 500;
const permissionsMax = 20;
const permissionLengthMax = 100;

/** Raises invalid_input, missing_input (email: a customer has to be reachable). */
export function cleanProfile(profile: SubAccountProfile): SubAccountProfile {
  const { email, phone, description, businessType, requestsPerMinute, permissions, endUser } = profile;
  for (const [field, text] of Object.entries({ email, phone, description, business_type: businessType })) {
    const reason = text === null ? undefined : textFault(text, textLengthMax);
    if (reason !== undefined) throw invalid(field, reason);
  }
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', 'must be an e-mail address');
  if (endUser === 'customer' && email === null) throw domainError('missing_input', { field: 'email' });
  const whole = Number.isInteger(requestsPerMinute);
  if (!whole || requestsPerMinute < 1 || requestsPerMinute > requestsPerMinuteMax) {
    throw invalid('rate_limit', `must be a whole number from 1 to ${requestsPerMinuteMax}`);
  }
  if (Object.keys(permissions).length > permissionsMax) {
    throw invalid('permissions', `must have at most ${permissionsMax} entries`);
  }
  for (const name of Object.keys(permissions)) {
    const reason = textFault(name, permissionLengthMax);
    if (reason !== undefined) throw invalid('permissions', `has a name that ${reason}`);
  }
  return { email, phone, description, businessType, requestsPerMinute, permissions, endUser };
}

function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}
