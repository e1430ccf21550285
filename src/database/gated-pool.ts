import type { Pool } from './connection.js';
import { changesNothing } from './failure.js';

/** Runs work when its turn has come. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Where the look-ups that requests share go, by the gated pool of one of them. */
const lookUpPools = new WeakMap<Pool, Pool>();

/** The pool for look-ups that requests share: the one that a gated pool was made with, any other pool itself. */
export function lookUpPoolOf(pool: Pool): Pool {
  return lookUpPools.get(pool) ?? pool;
}

/**
 * A pool as one caller sees it: every statement and every transaction waits for a turn of its own. Fragments and
 * values pass through; so do the driver's other ways to run a statement (cursors, `reserve`), which requests do not use.
 */
export function gatedPool(pool: Pool, takeTurn: TakeTurn, lookUps?: Pool): Pool {
  const gated = new Proxy(pool, {
    apply: (target, thisArg, args) => {
      const made = Reflect.apply<unknown, unknown[], unknown>(target, thisArg, args);
      return isTemplate(args[0]) ? inTurn(made as Promise<unknown>, turnFor(args[0], takeTurn)) : made;
    },
    get: (target, name, receiver) => {
      if (name === 'begin') return beginInTurn(target, takeTurn);
      if (name === 'unsafe') return unsafeInTurn(target, takeTurn);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  if (lookUps) lookUpPools.set(gated, lookUps);
  return gated;
}

function isTemplate(value: unknown): value is readonly string[] {
  return Array.isArray(value) && 'raw' in value;
}

/**
 * The driver sends a statement when it is first awaited, and never one that became a part of another: so the turn is
 * taken then, and not before.
 */
function inTurn<T extends Promise<unknown>>(statement: T, takeTurn: TakeTurn): T {
  const send = statement.then.bind(statement) as Promise<unknown>['then'];
  let sent: Promise<unknown> | undefined;
  const result = () => (sent ??= takeTurn(() => send((rows) => rows)));
  return Object.assign(statement, {
    then: (...args: Parameters<Promise<unknown>['then']>) => result().then(...args),
    catch: (...args: Parameters<Promise<unknown>['catch']>) => result().catch(...args),
    finally: (...args: Parameters<Promise<unknown>['finally']>) => result().finally(...args),
  });
}

function beginInTurn(pool: Pool, takeTurn: TakeTurn) {
  const begin = pool.begin.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  return (...args: unknown[]) => takeTurn(() => begin(...args));
}

function unsafeInTurn(pool: Pool, takeTurn: TakeTurn) {
  return (...args: Parameters<Pool['unsafe']>) => inTurn(pool.unsafe(...args), turnFor([args[0]], takeTurn));
}

/** A turn for a statement. A plain `select` changes nothing, so that a lost answer to it is no doubt about a change. */
function turnFor([text = '']: readonly string[], takeTurn: TakeTurn): TakeTurn {
  return /^\s*select\b/i.test(text) ? (work) => changesNothing(takeTurn(work)) : takeTurn;
}
