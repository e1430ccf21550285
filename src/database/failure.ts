import postgres from 'postgres';

/** What a failed statement means, in terms a caller can act on. The codes are PostgreSQL's (appendix A). */
export type DatabaseFailure =
  | { readonly kind: 'constraint'; readonly constraint: string }
  | { readonly kind: 'retry' }
  /** The database is away or took too long, and nothing was changed. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The answer to a commit, or to a statement without a transaction, was lost: it may have happened. */
  | { readonly kind: 'outcome_unknown' }
  | { readonly kind: 'unstorable_text' }
  | { readonly kind: 'bug' };

const retryCodes = new Set(['40001', '40P01']);
/** No connection could be made, so no statement was sent. */
const neverConnectedCodes = new Set(['CONNECT_TIMEOUT', 'CONNECT_CLOSED', 'ECONNREFUSED', 'ENOENT']);
/** A connection was lost; what had been sent over it may have been carried out. */
const connectionLostCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNRESET',
  'EPIPE',
]);

/** A transaction whose connection was lost; `committed` says what is known of its end. */
export class TransactionLostError extends Error {
  override readonly name = 'TransactionLostError';

  constructor(
    readonly committed: 'no' | 'unknown',
    cause: unknown,
  ) {
    super(committed === 'no' ? 'The transaction was lost' : 'The answer to a commit was lost', { cause });
  }
}

/** Statements that change nothing of a request's: a lost answer to one leaves everything as it was. */
export function changesNothing<T>(statement: Promise<T>): Promise<T> {
  return statement.catch((error: unknown) => {
    throw isConnectionLoss(error) ? new TransactionLostError('no', error) : error;
  });
}

/** Whether an error means that the connection, or the server behind it, went away while it was in use. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return (
    connectionLostCodes.has(error.code) || (error instanceof postgres.PostgresError && isShutdown(error.code))
  );
}

/** 57P01 to 57P03: the server is ending; 08: its side of the connection failed. */
function isShutdown(code: string): boolean {
  return /^(08|57P0[1-3])/.test(code);
}

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
  if (error instanceof TransactionLostError) {
    return error.committed === 'no' ? away : { kind: 'outcome_unknown' };
  }
  if (neverConnectedCodes.has(code)) return away;
  if (connectionLostCodes.has(code)) return { kind: 'outcome_unknown' };
  if (!(error instanceof postgres.PostgresError)) return { kind: 'bug' };
  if (limitCodes.has(code)) return tookTooLong;
  if (retryCodes.has(code)) return { kind: 'retry' };
  // Class 23: integrity. Class 53: out of disk, memory or connections. Classes 08, 57P, 58: server gone or its I/O failed.
  if (code.startsWith('23')) return { kind: 'constraint', constraint: error.constraint_name ?? '' };
  if (code === '08007' || code === '57P01' || code === '57P02') return { kind: 'outcome_unknown' };
  if (/^(08|53|57P|58)/.test(code) || code === '25006') return away;
  // A text with a NUL, or bytes that are no UTF-8: what a caller sent cannot be stored or compared.
  if (code === '22021' || code === '22P05') return { kind: 'unstorable_text' };
  return { kind: 'bug' };
}
