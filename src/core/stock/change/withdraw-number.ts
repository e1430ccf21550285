import type { Context } from '../../context.js';
import { changeNumber } from './change-number.js';
import type { NumberChange } from './change-number.js';
import { setNumberStatus } from './store.js';

/** A number that was taken out of sale or put back. Plain data: stored and replayed as JSON. */
export interface WithdrawnNumber {
  readonly numberId: number;
  readonly state: 'withdrawn' | 'in_stock';
}

interface Call {
  readonly ctx: Context;
  readonly input: NumberChange;
}

/**
 * Takes a number out of sale that nobody rents or holds; one that rests may be taken out too.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*.
 */
export function withdrawNumber({ ctx, input }: Call): Promise<WithdrawnNumber> {
  return changeNumber(ctx, input, {
    action: 'number.withdraw',
    allowed: ['in_stock', 'quarantined'],
    work: (inner) => setStatus(inner, input.numberId, 'withdrawn'),
  });
}

/**
 * Puts a withdrawn number back on its shelf, for sale at once.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*.
 */
export function returnNumber({ ctx, input }: Call): Promise<WithdrawnNumber> {
  return changeNumber(ctx, input, {
    action: 'number.return',
    allowed: ['withdrawn'],
    work: (inner) => setStatus(inner, input.numberId, 'in_stock'),
  });
}

/**
 * Ends a number's quarantine before its time: it is for sale at once.
 *
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, idempotency_*.
 */
export function endRest({ ctx, input }: Call): Promise<WithdrawnNumber> {
  return changeNumber(ctx, input, {
    action: 'number.end_rest',
    allowed: ['quarantined'],
    work: (inner) => setStatus(inner, input.numberId, 'in_stock'),
  });
}

async function setStatus({ sql }: Context, numberId: number, state: WithdrawnNumber['state']) {
  await setNumberStatus(sql, numberId, state === 'withdrawn' ? 'w' : 's');
  return { result: { numberId, state } };
}
