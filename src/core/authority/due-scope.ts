/** Whose work falls due: the accounts on a test clock, or all accounts that live by the server's time. */
export interface DueScope {
  readonly clockId: number | null;
}

/** What one batch of due work came to. */
export interface DueBatch {
  readonly done: number;
  /** Since when the first of it had been due; null when nothing was. */
  readonly oldestDueAt: Date | null;
}

/** Things done in one transaction at most. */
export const dueBatchMax = 500;

/** Sums up rows in order of their due times. */
export function batchOf(rows: readonly { readonly dueAt: Date }[]): DueBatch {
  return { done: rows.length, oldestDueAt: rows[0]?.dueAt ?? null };
}
