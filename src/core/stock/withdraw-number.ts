import { requireOperator } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of, environmentOf } from '../number-id.js';
import { isHoldOver } from '../number-life.js';
import { lockNumber, setNumberStatus } from './store.js';
import type { StockedNumber } from './store.js';

const reasonLengthMax = 500;

/** A number that was taken out of sale or put back. Plain data: stored and replayed as JSON. */
export interface WithdrawnNumber {
  readonly numberId: number;
  readonly state: 'withdrawn' | 'in_stock';
}

interface WithdrawInput {
  readonly numberId: number;
  /** Why, for the audit trail; up to 500 characters. */
  readonly reason: string;
}

/**
 * Takes a number out of sale that nobody rents or holds; one that rests may be taken out too.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*.
 */
export function withdrawNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: WithdrawInput;
}): Promise<WithdrawnNumber> {
  return changeStatus(ctx, input, {
    to: 'withdrawn',
    action: 'number.withdraw',
    allowed: ['in_stock', 'quarantined'],
  });
}

/**
 * Puts a withdrawn number back on its shelf, for sale at once.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*.
 */
export function returnNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: WithdrawInput;
}): Promise<WithdrawnNumber> {
  return changeStatus(ctx, input, { to: 'in_stock', action: 'number.return', allowed: ['withdrawn'] });
}

interface StatusChange {
  readonly to: WithdrawnNumber['state'];
  readonly action: string;
  readonly allowed: readonly string[];
}

async function changeStatus(
  ctx: Context,
  { numberId, reason }: WithdrawInput,
  { to, action, allowed }: StatusChange,
): Promise<WithdrawnNumber> {
  requireOperator(ctx);
  if (reason.trim() === '' || reason.length > reasonLengthMax) {
    const rule = `must have 1 to ${reasonLengthMax} characters`;
    throw domainError('invalid_input', { field: 'reason', reason: rule });
  }
  return idempotently(ctx, async (inner) => {
    const number = await lockNumber(inner.sql, numberId);
    if (!number) throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
    const state = stateOf(number, inner.clock.now());
    if (!allowed.includes(state)) {
      throw domainError('wrong_state', { kind: 'number', id: e164Of(numberId), state, allowed });
    }
    await setNumberStatus(inner.sql, numberId, to === 'withdrawn' ? 'w' : 's');
    await recordChange(inner, {
      environment: environmentOf(numberId),
      accountId: null,
      action,
      subjectKind: 'number',
      subjectId: numberId,
      numberId,
      details: { number: e164Of(numberId), from: state, reason },
    });
    return { result: { numberId, state: to }, subject: { kind: 'number', id: numberId } };
  });
}

/** A number's state in the words of docs/number-states.md. */
function stateOf({ status, heldUntil }: StockedNumber, at: Date): string {
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
