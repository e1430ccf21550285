import { hotPathSettings, openPool } from './connection.js';
import type { Pool } from './connection.js';

/** What one kind of work may take of the database; ADR 10 has the reasons. */
interface Limits {
  readonly applicationName: string;
  /** Of one process. */
  readonly connectionsMax: number;
  /** How long one statement may run; 0 is without end. */
  readonly statementSeconds: number;
  /** How long a statement may wait for one lock. */
  readonly lockSeconds: number;
  /** How long a transaction may stand open between two statements; 0 is without end. */
  readonly idleInTransactionSeconds: number;
  /** Statements that are the same each time are planned once: for a single row, planning takes longer than the work. */
  readonly plansOnce?: boolean;
}

/** Each kind of work has a pool of its own, so that none waits for connections that another holds. */
const limitsOf = {
  /** Keys, health, and look-ups by id that the requests of one turn share: short, and never behind a row lock. */
  lookUps: {
    applicationName: 'numex-lookups',
    connectionsMax: 4,
    statementSeconds: 5,
    lockSeconds: 2,
    idleInTransactionSeconds: 5,
    plansOnce: true,
  },
  /** Requests that read. */
  reads: {
    applicationName: 'numex-reads',
    connectionsMax: 12,
    statementSeconds: 15,
    lockSeconds: 3,
    idleInTransactionSeconds: 15,
  },
  /** Requests that write. */
  writes: {
    applicationName: 'numex-writes',
    connectionsMax: 8,
    statementSeconds: 15,
    lockSeconds: 3,
    idleInTransactionSeconds: 15,
  },
  /** The purchase desk: a batch waits for other processes' batches, and for renewals that hold a wallet. */
  desk: {
    applicationName: 'numex-desk',
    connectionsMax: 1,
    statementSeconds: 30,
    lockSeconds: 5,
    idleInTransactionSeconds: 30,
    plansOnce: true,
  },
  /** Work that falls due; what runs into a limit is tried again. */
  jobs: {
    applicationName: 'numex-jobs',
    connectionsMax: 2,
    statementSeconds: 120,
    lockSeconds: 10,
    idleInTransactionSeconds: 60,
  },
  /** Commands, the schema and demo stock: imports and `verify` take as long as there are rows; the second reads beside. */
  commands: {
    applicationName: 'numex-cli',
    connectionsMax: 2,
    statementSeconds: 0,
    lockSeconds: 600,
    idleInTransactionSeconds: 0,
  },
} as const satisfies Readonly<Record<string, Limits>>;

/** A plan that is kept must hold for tables of any size: what is met is looked up row by row in an index. */
const plannedOnceSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
};

export type KindOfWork = keyof typeof limitsOf;

export function connectionsOf(kind: KindOfWork): number {
  return limitsOf[kind].connectionsMax;
}

/** Opens the pool of one kind of work, with its limits. Commands plan as the server sees fit, all else for hot paths. */
export function openPoolFor(kind: KindOfWork, url: string): Pool {
  const limits: Limits = limitsOf[kind];
  return openPool({
    url,
    connectionsMax: limits.connectionsMax,
    applicationName: limits.applicationName,
    settings: {
      ...(kind === 'commands' ? {} : hotPathSettings),
      ...(limits.plansOnce ? plannedOnceSettings : {}),
      statement_timeout: limits.statementSeconds * 1000,
      lock_timeout: limits.lockSeconds * 1000,
      idle_in_transaction_session_timeout: limits.idleInTransactionSeconds * 1000,
    },
  });
}
