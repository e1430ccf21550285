import type { Context } from '../core/context.js';

/**
 * Work that falls due without a request. A job finds what is due by an index on the row's own due time, does a bounded
 * batch of it with `for update skip locked`, and says how much it did; the runner calls again at once while there is
 * more. Any number of processes run the same jobs: a crash in the middle repeats and loses nothing.
 */
export interface Job {
  /** For logs and metrics, such as `expire_reservations`. */
  readonly name: string;
  /** How long to wait after a call that found nothing more to do, in seconds. */
  readonly idleSeconds: number;
  /** Does one batch; the number of things done, 0 when nothing was due. `ctx.actor` is the system. */
  readonly run: (ctx: Context) => Promise<number | Batch>;
}

/** A batch that also tells since when its oldest thing had been due, so that one can see how late the work is. */
export interface Batch {
  readonly done: number;
  readonly oldestDueAt: Date | null;
}
