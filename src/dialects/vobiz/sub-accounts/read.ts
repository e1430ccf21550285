import {
  accountNameLengthMax,
  emailFault,
  permissionsFault,
  profileTextLengthMax,
  requestsPerMinuteMax,
} from '../../../core/accounts/index.js';
import type { SubAccountFields } from '../../../core/accounts/index.js';
import { domainError } from '../../../core/errors.js';
import { invalid, objectBody, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { pageOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import {
  boundedField,
  flagField,
  flagOf,
  given,
  nameField,
  printableField,
  requiredName,
  wordField,
} from '../parse.js';

const pageSize: SizeRule = { name: 'size', usual: 25, max: 100, above: 'largest' };

/** What a new sub-account has where nothing is said (contract 7.3). */
const usualFields = {
  email: null,
  phone: null,
  description: null,
  businessType: null,
  requestsPerMinute: 1000,
  permissions: { calls: true, cdr: true },
  endUser: 'self',
  enabled: true,
} as const;

/** A new sub-account. Raises missing_input (name; email of a customer), invalid_input. */
export function newSubAccountOf({ body }: Asked): SubAccountFields {
  const asked = objectBody(body);
  const { name, fields } = readAll({
    name: () => requiredName(asked, 'name', accountNameLengthMax),
    fields: () => readFields(asked),
    reachable: () => mustBeReachable(asked),
  });
  return { ...usualFields, ...fields, name };
}

/** A sub-account's auth id. Raises not_found for what is none. */
export function subAccountNamed({ params }: Asked): { readonly account: string } {
  const account = params['account'] ?? '';
  if (!/^\w{1,64}$/.test(account)) throw domainError('not_found', { kind: 'account', id: account });
  return { account };
}

/** A sub-account and what is to change. Raises not_found, invalid_input. */
export function subAccountChangesOf(asked: Asked) {
  const body = objectBody(asked.body);
  const { name, fields } = readAll({
    name: () => nameField(body, 'name', accountNameLengthMax),
    fields: () => readFields(body),
  });
  return { ...subAccountNamed(asked), changes: { ...fields, ...given({ name }) } };
}

export function subAccountPageOf({ query }: Asked) {
  return { ...pageOf(query, pageSize), activeOnly: flagOf(query, 'active_only') ?? false };
}

/** What is given beside the name, in core words. A password is for a console that is not here. */
function readFields(body: Body): Partial<Omit<SubAccountFields, 'name'>> {
  const text = (name: string) => printableField(body, name, profileTextLengthMax);
  return given(
    readAll({
      email: () => emailField(body),
      phone: () => text('phone'),
      description: () => text('description'),
      businessType: () => text('business_type'),
      requestsPerMinute: () => boundedField(body, 'rate_limit', requestsPerMinuteMax, 1),
      permissions: () => permissionsField(body),
      endUser: () => endUserField(body),
      enabled: () => flagField(body, 'enabled'),
    }),
  );
}

function mustBeReachable(body: Body): void {
  const { kyc_mode: mode, email } = body;
  const isCustomer = typeof mode === 'string' && mode.toLowerCase() === 'customer_use';
  if (isCustomer && (email ?? '') === '') throw domainError('missing_input', { field: 'email' });
}

function endUserField(body: Body): 'self' | 'customer' | undefined {
  const mode = wordField(body, 'kyc_mode', ['personal_use', 'customer_use']);
  return mode && (mode === 'personal_use' ? 'self' : 'customer');
}

/** null and the empty text take away what is there. */
function emailField(body: Body): string | null | undefined {
  if (body['email'] === null) return null;
  const text = textField(body, 'email');
  if (text === undefined || text === '') return text === '' ? null : undefined;
  const reason = emailFault(text);
  if (reason !== undefined) throw invalid('email', reason);
  return text;
}

function permissionsField(body: Body): Record<string, boolean> | undefined {
  const value = body['permissions'];
  if (value === undefined || value === null) return undefined;
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (!isObject || Object.values(value).some((allowed) => typeof allowed !== 'boolean')) {
    throw invalid('permissions', 'must be an object of true and false');
  }
  const permissions = value as Record<string, boolean>;
  const reason = permissionsFault(permissions);
  if (reason !== undefined) throw invalid('permissions', reason);
  return permissions;
}
