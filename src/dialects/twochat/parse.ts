import { domainError } from '../../core/errors.js';
import { parseE164 } from '../../lib/e164.js';
import { textFault } from '../../lib/text.js';
import { isNumberType, numberTypes } from '../../core/catalogue/index.js';
import type { NumberType } from '../../core/catalogue/index.js';
import type { Body } from '../../http/body.js';
import type { Query } from '../../http/wire.js';

/** Readers of this wire's parameters. Each raises missing_input (400) or invalid_input (422) by the contract. */

/** A query parameter as text; of a repeated one the last counts. Undefined when absent or empty. */
export function textOf(query: Query, name: string): string | undefined {
  const raw = query[name];
  const value: unknown = Array.isArray(raw) ? raw.at(-1) : raw;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function requiredText(query: Query, name: string): string {
  const value = textOf(query, name);
  if (value === undefined) throw domainError('missing_input', { field: name });
  return value;
}

export function requiredCountry(query: Query): string {
  const value = requiredText(query, 'country').trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(value)) {
    throw domainError('invalid_input', { field: 'country', reason: 'must be a two-letter ISO country code' });
  }
  return value;
}

const idMax = 2_147_483_647;

/** An integer id in a query string. */
export function idOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text.trim())) {
    throw domainError('invalid_input', { field: name, reason: 'must be an integer id' });
  }
  return Math.min(Number(text), idMax);
}

/** Ids of number types on this wire (contract 4): clients read them from did-types. */
export const didTypeIds: Readonly<Record<NumberType, number>> = {
  local: 1,
  mobile: 2,
  tollfree: 3,
  national: 4,
  global: 5,
  sharedcost: 6,
};

/** A number type by name or by id: the wire uses both under one parameter (contract 14.1). */
export function didTypeOf(query: Query): NumberType | undefined {
  const text = textOf(query, 'did_type')?.trim().toLowerCase();
  if (text === undefined || text === 'all') return undefined;
  const byId = numberTypes.find((type) => String(didTypeIds[type]) === text);
  const type = byId ?? (isNumberType(text) ? text : undefined);
  if (!type) {
    throw domainError('invalid_input', {
      field: 'did_type',
      reason: `must be one of ${numberTypes.join(', ')}, or an id from did-types`,
    });
  }
  return type;
}

/**
 * A field that is text when it is there. Null is another type, a wrong structure (400): a client that sends null for a
 * number must not be sold another one.
 */
export function textField(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') {
    throw domainError('invalid_input', { field: 'body', reason: `${name} must be a string` });
  }
  return value;
}

/** The public id of a group, when it is there. */
export function groupField(body: Body): string | undefined {
  const group = textField(body, 'group_id');
  return group === undefined ? undefined : storable('group_id', group);
}

const searchedLengthMax = 200;

/** A text that is only looked for. Raises invalid_input for one that no stored text can equal. */
export function storable(field: string, text: string): string {
  const reason = text === '' ? undefined : textFault(text, searchedLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field, reason });
  return text;
}

/** A number field in E.164, as its digits. */
export function numberField(body: Body, name: string): number | undefined {
  const text = textField(body, name);
  if (text === undefined) return undefined;
  const digits = parseE164(text);
  if (digits === undefined) {
    throw domainError('invalid_input', {
      field: name,
      reason: 'must be an E.164 number such as +12135551234',
    });
  }
  return digits;
}
