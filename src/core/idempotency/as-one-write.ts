import type { AccountLock } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from './idempotently.js';
import { severalSubjects } from './record.js';
import type { Subject } from './record.js';
import { withoutSecrets } from './secrets.js';

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
 * repeat shows the same plain data, with null for the verbs' secrets. The record points at what the first verb made. `lock`
 * is the strongest that a verb asks for: taking it later could deadlock. Raises what the verbs raise, idempotency_*.
 */
export async function asOneWrite<T>(
  ctx: Context,
  work: (ctx: Context) => Promise<T>,
  how: { readonly lock?: AccountLock } = {},
): Promise<Plain<T>> {
  const perform = async (inner: Context) => {
    const subjects: Subject[] = [];
    const secrets = new Set<string>();
    const made = await work({
      ...inner,
      noteSubject: (subject) => subjects.push(subject),
      noteSecret: (secret) => secrets.add(secret),
    });
    const text = JSON.stringify(made);
    const result = JSON.parse(text) as Plain<T>;
    const remembered = withoutSecrets(result, secrets) as Plain<T>;
    return { result, remembered, subject: subjects[0] ?? severalSubjects };
  };
  return idempotently<Plain<T>>(ctx, perform, how);
}
