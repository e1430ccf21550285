import { requireOperator } from '../../authority/index.js';
import { recordChange } from '../../audit/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { e164Of, environmentOf } from '../../number-id.js';
import { isHoldOver } from '../../number-life.js';
import { lockNumber } from './store.js';
import type { StockedNumber } from './store.js';

const reasonLengthMax = 500;

/** Which number an operator changes, and why: up to 500 characters for the audit trail. */
export interface NumberChange {
  readonly numberId: number;
  readonly reason: string;
}

/** A number's state in the words of docs/number-states.md; `rented` stands for every state of a rental. */
export type RowState = 'in_stock' | 'reserved' | 'rented' | 'quarantined' | 'withdrawn';

/** What an operator's change of one number is made of. */
interface ChangeSteps<T> {
  readonly action: string;
  readonly allowed: readonly RowState[];
  /** Does it, the number being locked, and says what the audit row tells beside number, state and reason. */
  readonly work: (ctx: Context) => Promise<{ readonly result: T; readonly details?: object }>;
}

/**
 * Locks a number, checks its state, changes it and leaves an audit row, in one transaction. A purchase locks the number
 * too, so that it comes before the change and is seen, or after it.
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*, and what `work` raises.
 */
export async function changeNumber<T>(
  ctx: Context,
  { numberId, reason }: NumberChange,
  { action, allowed, work }: ChangeSteps<T>,
): Promise<T> {
  requireOperator(ctx);
  checkReason(reason);
  return idempotently(ctx, async (inner) => {
    const number = await lockNumber(inner.sql, numberId);
    if (!number) throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
    const state = stateOf(number, inner.clock.now());
    if (!allowed.includes(state)) {
      throw domainError('wrong_state', { kind: 'number', id: e164Of(numberId), state, allowed });
    }
    const { result, details } = await work(inner);
    await recordChange(inner, {
      environment: environmentOf(numberId),
      accountId: null,
      action,
      subjectKind: 'number',
      subjectId: numberId,
      numberId,
      details: { number: e164Of(numberId), from: state, reason, ...details },
    });
    return { result, subject: { kind: 'number', id: numberId } };
  });
}

/** Raises invalid_input (reason). */
export function checkReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= reasonLengthMax) return;
  const rule = `must have 1 to ${reasonLengthMax} characters`;
  throw domainError('invalid_input', { field: 'reason', reason: rule });
}

function stateOf({ status, heldUntil }: StockedNumber, at: Date): RowState {
  switch (status) {
    case 's':
      return isHoldOver(heldUntil, at) ? 'in_stock' : 'reserved';
    case 'q':
      return 'quarantined';
    case 'w':
      return 'withdrawn';
    case 'r':
      return 'rented';
  }
}
