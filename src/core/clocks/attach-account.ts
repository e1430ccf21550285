import { getAccount } from '../accounts/index.js';
import { keepStanding } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { heldByClock } from '../holds.js';
import { clockShown, loadClock } from './clocks.js';
import type { TestClock } from './clocks.js';
import { lockClock, putOnClock } from './store.js';

/**
 * Puts an account of the test environment on a clock: its owner, or a sub-account of the owner. From then on its time is
 * the clock's. It stays there: another clock would make its time jump. Doing it again changes nothing.
 * Raises forbidden, account_blocked, not_found (clock, account), wrong_state, idempotency_*.
 */
export async function attachAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly clockId: number; readonly account: string };
}): Promise<TestClock> {
  const { clockId } = input;
  await loadClock(ctx, clockId);
  const attach = async (inner: Context) => {
    // Accounts are locked before the numbers that the clock comes to hold.
    const named = await getAccount({ ctx: inner, input });
    await keepStanding(inner, named, 'alone');
    await lockClock(inner.sql, clockId);
    const clock = await loadClock(inner, clockId);
    const account = await getAccount({ ctx: inner, input });
    requireOwned(account, clock.accountId);
    if (account.clock?.id !== clockId) {
      if (!(await putOnClock(inner.sql, account.id, clockId, heldByClock))) throw onAnotherClock(account);
      await recordChange(inner, {
        environment: account.environment,
        accountId: account.id,
        action: 'clock.attach',
        subjectKind: 'account',
        subjectId: account.id,
        numberId: null,
        details: { clock_id: clockId, now: clock.now.toISOString() },
      });
    }
    return { result: clockShown(clock), subject: { kind: 'clock', id: clockId } };
  };
  return idempotently(ctx, attach, { lock: 'alone' });
}

function requireOwned(account: Account, ownerId: number): void {
  if (account.id !== ownerId && account.parentId !== ownerId) {
    throw domainError('not_found', { kind: 'account', id: account.publicId });
  }
}

function onAnotherClock({ publicId }: Account) {
  const allowed = ['without a clock'];
  return domainError('wrong_state', { kind: 'account', id: publicId, state: 'on another clock', allowed });
}
