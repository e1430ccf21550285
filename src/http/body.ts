import { domainError } from '../core/errors.js';

/** Readers of JSON bodies that dialects share; what cannot be meant is invalid_input and names its field. */

export type Body = Readonly<Record<string, unknown>>;

export function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}

/** A body that must be an object. */
export function objectBody(body: unknown): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('body', 'must be a JSON object');
  }
  return body as Body;
}

/** A field that is text when it is there; null and absence are the same. */
export function textField(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(name, 'must be a string');
  return value;
}

/** A field that must be there, as text. */
export function requiredField(body: Body, name: string): string {
  const value = textField(body, name);
  if (value === undefined) throw domainError('missing_input', { field: name });
  return value;
}
