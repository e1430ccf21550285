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
 * repeat shows the same plain data, with null for what a verb does not let be remembered. The record points at what the
 * first of the verbs made. Raises what the verbs raise, idempotency_*.
 */
export async function asOneWrite<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<Plain<T>> {
  return idempotently<Plain<T>>(ctx, async (inner) => {
    const subjects: Subject[] = [];
    const secrets = new Set<string>();
    const made = await work({
      ...inner,
      noteSubject: (subject) => subjects.push(subject),
      noteSecret: (secret) => secrets.add(secret),
    });
    const text = JSON.stringify(made);
    return {
      result: JSON.parse(text) as Plain<T>,
      remembered: withoutSecrets(text, secrets) as Plain<T>,
      subject: subjects[0] ?? severalSubjects,
    };
  });
}
