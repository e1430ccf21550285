import { addSeconds, secondsPerDay } from '../../lib/clock.js';
import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { e164Of } from '../number-id.js';
import { countByPeriod, findHolder } from './listing-store.js';
import type { HealthRow } from './listing-store.js';

export const healthDaysMax = 366;

export interface HealthFigures {
  readonly totalCalls: number;
  readonly answeredCalls: number;
  /** Share of all calls, 0 to 1, to four decimals. */
  readonly answerRate: number;
  /** To two decimals. */
  readonly totalMinutes: number;
  /** Over the calls that have ended, to two decimals. */
  readonly avgDurationSeconds: number;
}

/** One UTC day or hour in which there were calls. */
export interface HealthSnapshot extends HealthFigures {
  readonly startsAt: Date;
  /** Ended without an answer. */
  readonly failedCalls: number;
  readonly totalDurationSeconds: number;
}

export interface NumberHealth {
  readonly summary: HealthFigures & { readonly periodDays: number };
  /** Oldest first; days or hours without calls are left out. */
  readonly snapshots: readonly HealthSnapshot[];
}

/**
 * How the calls of a number went on the last `days` UTC days, today included, by the time of their start: those since
 * its present holder rents it. For that holder and its parent account.
 * Raises not_found (number), invalid_input (days), forbidden, account_blocked.
 */
export async function numberHealth({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly granularity: 'daily' | 'hourly'; readonly days: number };
}): Promise<NumberHealth> {
  const account = actingAccount(ctx);
  const { numberId, days, granularity } = input;
  if (!Number.isInteger(days) || days < 1 || days > healthDaysMax) {
    throw domainError('invalid_input', { field: 'days', reason: `must be 1 to ${healthDaysMax}` });
  }
  const now = ctx.clock.now();
  const holder = await findHolder(ctx.sql, numberId, now);
  if (!holder || (holder.accountId !== account.id && holder.parentId !== account.id)) {
    throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
  }
  const firstDay = addSeconds(startOfDay(now), -(days - 1) * secondsPerDay);
  const rows = await countByPeriod(ctx.sql, {
    numberId,
    accountId: holder.accountId,
    from: holder.since > firstDay ? holder.since : firstDay,
    unit: granularity === 'daily' ? 'day' : 'hour',
  });
  return {
    summary: { periodDays: days, ...figuresOf(rows) },
    snapshots: rows.map((row) => ({
      startsAt: row.startsAt,
      ...figuresOf([row]),
      failedCalls: row.failedCalls,
      totalDurationSeconds: row.totalDurationSeconds,
    })),
  };
}

function startOfDay(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
}

function figuresOf(rows: readonly HealthRow[]): HealthFigures {
  const sum = (pick: (row: HealthRow) => number): number => rows.reduce((all, row) => all + pick(row), 0);
  const totalCalls = sum((row) => row.totalCalls);
  const answeredCalls = sum((row) => row.answeredCalls);
  const endedCalls = sum((row) => row.endedCalls);
  const seconds = sum((row) => row.totalDurationSeconds);
  return {
    totalCalls,
    answeredCalls,
    answerRate: totalCalls === 0 ? 0 : rounded(answeredCalls / totalCalls, 4),
    totalMinutes: rounded(seconds / 60, 2),
    avgDurationSeconds: endedCalls === 0 ? 0 : rounded(seconds / endedCalls, 2),
  };
}

function rounded(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
