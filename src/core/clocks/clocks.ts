import { textFault } from '../../lib/text.js';
import { actingAccount, keepStanding, writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { requireRoom } from '../limits/index.js';
import { countClocks, findClock, insertClock, listClockRows } from './store.js';
import type { ClockRow } from './store.js';

export const clockNameLengthMax = 100;

/** A test clock; plain data, stored and replayed as JSON. */
export interface TestClock {
  readonly id: number;
  readonly name: string;
  /** What it shows, and since when it exists: ISO 8601. */
  readonly now: string;
  readonly createdAt: string;
}

export function clockShown({ id, name, now, createdAt }: ClockRow): TestClock {
  return { id, name, now: now.toISOString(), createdAt: createdAt.toISOString() };
}

/**
 * Makes a clock for an account of the test environment. It shows the time of its making and stands still until it is
 * advanced; it means nothing until an account is put on it.
 * Raises forbidden, account_blocked, invalid_input (name), limit_reached, idempotency_*.
 */
export async function createClock({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly owner: Account; readonly name: string };
}): Promise<TestClock> {
  const { owner } = input;
  if (ctx.actor.kind === 'key' && writingAccount(ctx).id !== owner.id) {
    throw domainError('forbidden', { reason: 'A clock is made by the account that it is for' });
  }
  if (owner.environment !== 'test') {
    throw domainError('forbidden', { reason: 'Only accounts of the test environment have clocks' });
  }
  const name = input.name.trim();
  const reason = textFault(name, clockNameLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'name', reason });
  const create = async (inner: Context) => {
    await keepStanding(inner, owner, 'alone');
    await requireRoom(inner.sql, owner, 'test_clocks_per_account', countClocks);
    const clock = clockShown(await insertClock(inner.sql, owner.id, name, inner.clock.now()));
    await recordChange(inner, {
      environment: owner.environment,
      accountId: owner.id,
      action: 'clock.create',
      subjectKind: 'clock',
      subjectId: clock.id,
      numberId: null,
      details: { name, now: clock.now },
    });
    return { result: clock, subject: { kind: 'clock', id: clock.id } };
  };
  return idempotently(ctx, create, { lock: 'alone' });
}

/** The account's clocks, oldest first. */
export async function listClocks({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<TestClock[]> {
  const rows = await listClockRows(ctx.sql, actingAccount(ctx).id, input.afterId, input.limit);
  return rows.map(clockShown);
}

/** A clock that the actor may move: the operator any, a key its account's own. Raises not_found (clock). */
export async function loadClock(ctx: Context, id: number): Promise<ClockRow> {
  const row = await findClock(ctx.sql, id);
  if (!row || (ctx.actor.kind === 'key' && writingAccount(ctx).id !== row.accountId)) {
    throw domainError('not_found', { kind: 'clock', id });
  }
  return row;
}
