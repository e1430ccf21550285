import { setTimeout as pause } from 'node:timers/promises';
import { inTransaction } from '../../database/transaction.js';
import { addSeconds, secondsPerDay } from '../../lib/clock.js';
import { present } from '../../lib/assert.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { pruneRecords } from '../idempotency/index.js';
import { endQuarantines } from '../stock/index.js';
import {
  endReclaimWindows,
  findNextDue,
  recallPastDues,
  renewRentals,
  suspendUnregistered,
} from '../rentals/index.js';
import { expireReservations } from '../sales/index.js';
import type { DueBatch, DueScope } from '../authority/index.js';
import type { NextDue } from '../rentals/index.js';
import { recordChange } from '../audit/index.js';
import { clockShown, loadClock } from './clocks.js';
import type { TestClock } from './clocks.js';
import { lockClock, setClock } from './store.js';

/** How far a clock is moved in one go at most. */
export const advanceSecondsMax = 2 * 366 * secondsPerDay;
/** How often a row that somebody else is changing is waited for, and how long each time. */
const stalledStepsMax = 400;
const stalledMilliseconds = 25;

type DueVerb = (asked: { ctx: Context; input: DueScope }) => Promise<DueBatch>;

/** What happens by the clock, in the order in which it happens when several fall due at the same instant. */
const dueVerbs: readonly { readonly kind: keyof NextDue; readonly name: string; readonly run: DueVerb }[] = [
  { kind: 'expire', name: 'expire_reservations', run: expireReservations },
  { kind: 'registration', name: 'suspend_unregistered', run: suspendUnregistered },
  { kind: 'renewal', name: 'renew_rentals', run: renewRentals },
  { kind: 'window', name: 'end_reclaim_windows', run: endReclaimWindows },
  { kind: 'rest', name: 'end_quarantines', run: endQuarantines },
];

/**
 * Moves a test clock forward; everything that falls due for its accounts happens first, in order and by its own date.
 * Each step is a transaction with its move of the clock, so that a repeat after a crash goes on from there, with or
 * without a key. Raises forbidden, account_blocked, not_found (clock), invalid_input (to), unavailable.
 */
export async function advanceClock({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly clockId: number; readonly to: Date };
}): Promise<TestClock> {
  const { clockId, to } = input;
  const clock = await loadClock(ctx, clockId);
  checkTarget(clock.now, to);
  await inStep(ctx, clockId, 'recall_past_dues', async (inner) => {
    while ((await recallPastDues({ ctx: inner, input: { clockId } })).done > 0);
  });
  let stalledSteps = 0;
  for (;;) {
    const step = await inTransaction(ctx.sql, (tx) => moveOn({ ...ctx, sql: tx }, clockId, to));
    if (step === 'arrived') break;
    stalledSteps = step === 'moved' ? 0 : stalledSteps + 1;
    if (stalledSteps > stalledStepsMax) throw domainError('unavailable', { reason: 'too much contention' });
    if (stalledSteps > 0) await pause(stalledMilliseconds);
  }
  await inStep(ctx, clockId, 'prune_idempotency', async (inner) => {
    while ((await pruneRecords({ ctx: inner, input: { clockId } })) > 0);
  });
  await recordAdvance(ctx, clock.accountId, clockId, clock.now, to);
  return clockShown(await loadClock(ctx, clockId));
}

function checkTarget(now: Date, to: Date): void {
  const refuse = (reason: string) => domainError('invalid_input', { field: 'to', reason });
  if (Number.isNaN(to.getTime())) throw refuse('must be a time in ISO 8601');
  if (to < now) throw refuse(`must not be before what the clock shows, ${now.toISOString()}`);
  if (to > addSeconds(now, advanceSecondsMax)) {
    throw refuse(`must be within ${advanceSecondsMax / secondsPerDay} days of what the clock shows`);
  }
}

/** Does something at the time that the clock shows. */
async function inStep(
  ctx: Context,
  clockId: number,
  name: string,
  work: (ctx: Context) => Promise<void>,
): Promise<void> {
  await inTransaction(ctx.sql, async (tx) => {
    const now = present(await lockClock(tx, clockId), 'clocks are never deleted');
    await work(asSystem({ ...ctx, sql: tx }, name, now));
  });
}

function asSystem(ctx: Context, name: string, now: Date): Context {
  return { ...ctx, clock: { now: () => now }, actor: { kind: 'system', name } };
}

/** One step: to the next instant at which something falls due, or to the end. */
async function moveOn(ctx: Context, clockId: number, to: Date): Promise<'moved' | 'stalled' | 'arrived'> {
  const now = present(await lockClock(ctx.sql, clockId), 'clocks are never deleted');
  const next = await findNextDue(ctx.sql, clockId);
  const due = dueVerbs
    .flatMap((verb) => (next[verb.kind] === null ? [] : [{ ...verb, at: next[verb.kind] as Date }]))
    .filter(({ at }) => at <= to)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const [first] = due;
  if (!first) {
    if (to > now) await setClock(ctx.sql, clockId, to);
    return 'arrived';
  }
  const until = later(now, first.kind === 'renewal' ? renewUntil(first.at, due[1]?.at, to) : first.at);
  await setClock(ctx.sql, clockId, until);
  const { done } = await first.run({ ctx: asSystem(ctx, first.name, until), input: { clockId } });
  return done > 0 ? 'moved' : 'stalled';
}

/**
 * Renewals of a day go together, up to whatever else falls due: within a day none of them can be tried a second time, so
 * their order is kept.
 */
function renewUntil(first: Date, other: Date | undefined, to: Date): Date {
  const dayEnd = new Date(addSeconds(first, secondsPerDay).getTime() - 1);
  return [dayEnd, to, ...(other ? [other] : [])].reduce((a, b) => (a < b ? a : b));
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

async function recordAdvance(
  ctx: Context,
  accountId: number,
  clockId: number,
  from: Date,
  to: Date,
): Promise<void> {
  await recordChange(
    { ...ctx, clock: { now: () => to } },
    {
      environment: 'test',
      accountId,
      action: 'clock.advance',
      subjectKind: 'clock',
      subjectId: clockId,
      numberId: null,
      details: { from: from.toISOString(), to: to.toISOString() },
    },
  );
}
