import type { AccountLock } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import type { TargetKind } from './store.js';

interface DatedRow {
  readonly id: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type StoredRow<T extends DatedRow> = Omit<T, 'createdAt' | 'updatedAt'> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};

/**
 * Runs a verb that makes or changes a row, once per idempotency key, and gives the row. A remembered answer is JSON, so
 * the row's times are spelled out in it and read back.
 */
export async function changeRow<T extends DatedRow>(
  ctx: Context,
  kind: TargetKind,
  change: (ctx: Context) => Promise<T>,
  how: { readonly lock?: AccountLock } = {},
): Promise<T> {
  const work = async (inner: Context) => {
    const { createdAt, updatedAt, ...rest } = await change(inner);
    const result = { ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
    return { result: result as unknown as StoredRow<T>, subject: { kind, id: rest.id } };
  };
  const stored = await idempotently<StoredRow<T>>(ctx, work, how);
  const { createdAt, updatedAt, ...rest } = stored;
  return { ...rest, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) } as unknown as T;
}
