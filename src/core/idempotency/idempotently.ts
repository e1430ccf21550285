import type { Sql } from '../../database/connection.js';
import { inSavepoint, inTransaction } from '../../database/transaction.js';
import { keepActingStanding } from '../authority/index.js';
import type { AccountLock } from '../authority/index.js';
import { DomainError, domainError, restoreError } from '../errors.js';
import type { Context, Idempotency } from '../context.js';
import type { IdempotencyRecord, Subject } from './record.js';
import { secretsOf } from './secrets.js';
import { claimKey, loadRecord, settleKey } from './store.js';

/** The account column of keys used by the operator, who has no account. */
const operatorAccount = 0;

export function idempotencyOwner(ctx: Context): number {
  const { actor } = ctx;
  if (actor.kind === 'key') return (actor.actsFor ?? actor.account).id;
  return actor.kind === 'operator' && actor.actsFor ? actor.actsFor.id : operatorAccount;
}

/** Gives the first answer again, or refuses a key that stands for another request. */
export function replay(record: IdempotencyRecord, asked: Idempotency): unknown {
  if (!record.requestHash.equals(asked.requestHash)) {
    throw domainError('idempotency_key_reused', { key: asked.key });
  }
  asked.noteReplay?.();
  if ('error' in record.outcome) throw restoreError(record.outcome.error);
  return record.outcome.ok;
}

/**
 * Runs a writing verb once per idempotency key, recorded with the change; refusals are remembered, faults are not.
 * `work` gives plain JSON; `remembered` replaces its result in the record when that shows a secret. The acting account
 * and its payer keep their standing; `lock: 'alone'` is for work that changes the account or counts what it has.
 */
export async function idempotently<T>(
  ctx: Context,
  work: (ctx: Context) => Promise<{ result: T; subject: Subject | null; remembered?: T }>,
  { lock = 'share' }: { readonly lock?: AccountLock } = {},
): Promise<T> {
  const { idempotency, precondition, ...rest } = ctx;
  const perform = async (sql: Sql) => {
    // What the work calls belongs to this key, and is judged once.
    const inner: Context = { ...rest, sql };
    await precondition?.(inner);
    return work(inner);
  };
  if (!idempotency) {
    return inTransaction(ctx.sql, async (tx) => {
      await keepActingStanding({ ...ctx, sql: tx }, lock);
      const { result, subject, remembered } = await perform(tx);
      if (subject) ctx.noteSubject?.(subject);
      if (ctx.noteSecret && remembered !== undefined) secretsOf(result, remembered).forEach(ctx.noteSecret);
      return result;
    });
  }
  const owner = idempotencyOwner(ctx);
  const settled = await inTransaction(ctx.sql, async (tx) => {
    const claimed = await claimKey(tx, owner, idempotency, ctx.clock.now());
    if (!claimed) {
      const first = await loadRecord(tx, owner, idempotency.key);
      if (!first) throw domainError('idempotency_in_progress', { key: idempotency.key });
      return { replayed: first };
    }
    // What an account may do now is not remembered: the refusal takes the claim of the key back.
    await keepActingStanding({ ...ctx, sql: tx }, lock);
    try {
      const made = await inSavepoint(tx, perform);
      await settleKey(tx, owner, idempotency.key, { ok: made.remembered ?? made.result }, made.subject);
      return { result: made.result };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await settleKey(tx, owner, idempotency.key, { error: error.failure }, null);
      return { refused: error };
    }
  });
  if (settled.refused) throw settled.refused;
  if (settled.replayed) return replay(settled.replayed, idempotency) as T;
  return settled.result;
}
