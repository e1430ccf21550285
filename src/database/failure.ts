import postgres from 'postgres';

/** What a failed statement means, in terms a caller can act on. The codes are PostgreSQL's (appendix A). */
export type DatabaseFailure =
  | { readonly kind: 'constraint'; readonly constraint: string }
  | { readonly kind: 'retry' }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'unstorable_text' }
  | { readonly kind: 'bug' };

const retryCodes = new Set(['40001', '40P01']);
const connectionCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
]);

/** A statement, a wait for a lock or an idle transaction was ended by its limit; the server has rolled back. */
const limitCodes = new Set(['57014', '55P03', '25P03', '25P04']);

const away: DatabaseFailure = { kind: 'unavailable', reason: 'the database is away' };
const tookTooLong: DatabaseFailure = {
  kind: 'unavailable',
  reason: 'the database took longer than this kind of work may take',
};

/** Sorts an error of the driver or the server into what can be done about it. */
export function classifyFailure(error: unknown): DatabaseFailure {
  if (!(error instanceof Error)) return { kind: 'bug' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (connectionCodes.has(code)) return away;
  if (!(error instanceof postgres.PostgresError)) return { kind: 'bug' };
  if (limitCodes.has(code)) return tookTooLong;
  if (retryCodes.has(code)) return { kind: 'retry' };
  // Class 23: integrity. Class 53: out of disk, memory or connections. Classes 08, 57P, 58: server gone or its I/O failed.
  if (code.startsWith('23')) return { kind: 'constraint', constraint: error.constraint_name ?? '' };
  if (/^(08|53|57P|58)/.test(code) || code === '25006') return away;
  // A text with a NUL, or bytes that are no UTF-8: what a caller sent cannot be stored or compared.
  if (code === '22021' || code === '22P05') return { kind: 'unstorable_text' };
  return { kind: 'bug' };
}
