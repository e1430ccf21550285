import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';

/** Rows that break a promise, shown with its check at most. */
export const sampleMax = 10;

/** A piece of SQL to be put into a statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** A promise of the books, and how to find what breaks it from the rows alone. */
export interface Check {
  /** Short and stable: programs read it. */
  readonly name: string;
  /** The promise, for people. */
  readonly promise: string;
  /** Selects one number: how many things are looked at. */
  examined(sql: Sql): Fragment;
  /** Selects one row for everything that breaks the promise, with what is needed to find it. */
  violations(sql: Sql, now: Date): Fragment;
}

export interface CheckResult {
  readonly name: string;
  readonly promise: string;
  readonly ok: boolean;
  readonly examined: number;
  readonly violations: number;
  /** The first rows that break the promise; absent when none does. */
  readonly sample?: readonly Readonly<Record<string, unknown>>[];
}
