import type { AccountLock } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from './idempotently.js';
import { severalSubjects } from './record.js';
import type { Subject } from './record.js';

/** Members whose text, or list of texts, is a secret which is shown by the first answer only. */
const shownOnce: ReadonlySet<string> = new Set(['secret', 'apiKey', 'api_key', 'token', 'accessTokens']);

/** What a value is once it has been stored as JSON: times are ISO 8601 text. */
export type Plain<T> = T extends Date
  ? string
  : T extends readonly (infer I)[]
    ? Plain<I>[]
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

/**
 * Several verbs as one write: they succeed or fail together, and what they give is remembered with the key, so that a
 * repeat shows the same plain data, with secrets as null. The record points at what the first of the verbs made. `lock` is
 * the strongest that one of the verbs asks for: taking it later could end in a deadlock.
 *
 * Raises what the verbs raise, idempotency_*.
 */
export async function asOneWrite<T>(
  ctx: Context,
  work: (ctx: Context) => Promise<T>,
  how: { readonly lock?: AccountLock } = {},
): Promise<Plain<T>> {
  const perform = async (inner: Context) => {
    const subjects: Subject[] = [];
    const made = await work({ ...inner, noteSubject: (subject) => subjects.push(subject) });
    const text = JSON.stringify(made);
    const result = JSON.parse(text) as Plain<T>;
    const remembered = JSON.parse(text, (key, value: unknown) =>
      shownOnce.has(key) && isSecret(value) ? null : value,
    ) as Plain<T>;
    return { result, remembered, subject: subjects[0] ?? severalSubjects };
  };
  return idempotently<Plain<T>>(ctx, perform, how);
}

/** A flag of the same name, such as a permission that a caller has named so, is none. */
function isSecret(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value);
}
