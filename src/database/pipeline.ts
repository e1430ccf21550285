import postgres from 'postgres';
import { onConnectionClosed } from './connection.js';
import type { Pool, Sql } from './connection.js';
import { isConnectionLoss, TransactionLostError } from './failure.js';

/** What a transaction has decided after its reads. */
export interface Decision<T> {
  readonly result: T;
  /** Sends all its statements before it awaits an answer; absent when there is nothing to write. */
  readonly write?: ((tx: Sql) => Promise<unknown>) | undefined;
}

/** The commit has happened, and then the work failed: a mistake of the program, since all was sent before the commit. */
export class FailedAfterCommit extends Error {}

type ReservedConnection = Awaited<ReturnType<Pool['reserve']>>;

const settled = (): void => undefined;
/** What work waits for whose connection is gone: the race that it is part of has been lost already, or is about to be. */
const untilLost = new Promise<never>(settled);

/** How a transaction fares: whether its connection is lost, and whether its commit may have arrived. */
interface Course {
  reason: Error | undefined;
  commitSent: boolean;
}

/**
 * Transactions one after the other on a connection of their own, each in as few round trips as it has phases: `begin`
 * travels with the first reads, `commit` with the writes. Meant for a pool of one connection that nobody else uses.
 */
export class Pipeline {
  readonly #pool: Pool;
  #connected = false;
  #lose: (error: Error) => void = settled;

  constructor(pool: Pool) {
    this.#pool = pool;
    onConnectionClosed(pool, () => {
      this.#connected = false;
      this.#lose(connectionClosed());
    });
  }

  /**
   * Runs one transaction, tried once. Raises FailedAfterCommit, TransactionLostError when the connection goes, and what
   * the server raises.
   */
  async transaction<T>(decide: (tx: Sql) => Promise<Decision<T>>): Promise<T> {
    // The driver loses a reservation that waits for a second attempt to connect; a plain statement it does not.
    if (!this.#connected) await this.#pool`select 1`;
    const connection = await this.#pool.reserve();
    this.#connected = true;
    const gone: Course = { reason: undefined, commitSent: false };
    const lost = new Promise<never>((_, reject) => {
      this.#lose = (error) => {
        gone.reason = error;
        reject(error);
      };
    });
    lost.catch(settled);
    try {
      return await Promise.race([this.#phases(connection, decide, gone), lost]);
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      // The socket may fail some turns before it closes.
      if (isSocketGone(error)) {
        gone.reason ??= error as Error;
        this.#connected = false;
      }
      throw new TransactionLostError(gone.commitSent ? 'unknown' : 'no', error);
    } finally {
      this.#lose = settled;
      // A connection that was lost has left the reservation by itself; giving it back would offer a dead one.
      if (gone.reason === undefined) connection.release();
    }
  }

  async #phases<T>(
    connection: ReservedConnection,
    decide: (tx: Sql) => Promise<Decision<T>>,
    gone: Course,
  ): Promise<T> {
    const begun = connection.unsafe('begin').execute();
    begun.catch(settled);
    const state = { ended: undefined as string | undefined };
    const tx = refusingWhen(
      connection,
      () => gone.reason ?? (state.ended ? new Error(state.ended) : undefined),
    );
    let decision: Decision<T>;
    try {
      [decision] = await Promise.all([decide(tx), begun]);
    } catch (error) {
      state.ended = 'The transaction was rolled back';
      if (isSocketGone(error)) return untilLost;
      await connection.unsafe('rollback');
      throw error;
    }
    const writing = decision.write?.(tx) ?? Promise.resolve();
    let failure: { readonly error: unknown } | undefined;
    writing.catch((error: unknown) => (failure = { error }));
    if (decision.write) await microtasksDone();
    if (gone.reason !== undefined || isSocketGone(failure?.error)) return untilLost;
    state.ended = 'A statement came after the commit: the writes of a pipeline have to be sent in one go';
    gone.commitSent = failure === undefined;
    const ending = connection.unsafe(failure ? 'rollback' : 'commit').execute();
    const [written, ended] = await Promise.allSettled([writing, ending]);
    if (ended.status === 'rejected') throw written.status === 'rejected' ? written.reason : ended.reason;
    if (ended.value.command !== 'COMMIT') {
      throw written.status === 'rejected'
        ? written.reason
        : new Error('The commit was answered by a rollback');
    }
    if (written.status === 'rejected') throw new FailedAfterCommit('', { cause: written.reason });
    return decision.result;
  }
}

/** The driver sends a statement some microtasks after it was made; when none is left, all of them are on their way. */
function microtasksDone(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** On a socket that is gone nothing more may be sent, not even a rollback; a server that is ending still answers. */
function isSocketGone(error: unknown): boolean {
  return isConnectionLoss(error) && !(error instanceof postgres.PostgresError);
}

function connectionClosed(): Error {
  return Object.assign(new Error('The connection was closed'), { code: 'CONNECTION_CLOSED' });
}

/** The statements of a transaction, refused from the moment there is a reason. */
function refusingWhen(connection: ReservedConnection, reason: () => Error | undefined): Sql {
  return new Proxy(connection, {
    apply: (target, thisArg, args) => {
      const error = reason();
      if (error !== undefined) throw error;
      return Reflect.apply<unknown, unknown[], unknown>(target, thisArg, args);
    },
  });
}
