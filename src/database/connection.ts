import { Socket } from 'node:net';
import postgres from 'postgres';
import { assert } from '../lib/assert.js';
import { arrayTypes } from './array-types.js';

/** A pool, or a transaction of one: what a store function needs to run its SQL. */
export type Sql = postgres.Sql<{ int8: number }> | postgres.TransactionSql<{ int8: number }>;
export type Pool = postgres.Sql<{ int8: number }>;
export type Transaction = postgres.TransactionSql<{ int8: number }>;

export interface PoolOptions {
  readonly url: string;
  /** Connections held at most. */
  readonly connectionsMax: number;
  readonly applicationName: string;
  /** Session settings, such as planner switches for one lane. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Every table the hot statements touch is indexed for them; a plan made on empty tables must not forget that. Stock
 * lives in memory or on flash: with the cost of a spinning disk, a server that is not ours sorts whole groups.
 */
export const hotPathSettings = {
  enable_seqscan: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  random_page_cost: 1.1,
};

const connectTimeoutSeconds = 10;

/** A URL that names a socket's folder as libpq does (`?host=/folder`), spelled for the driver, which has no word for it. */
export function addressOf(url: string): { url: string; options: { host?: string; port?: number } } {
  const parts = new URL(url);
  const folder = parts.searchParams.get('host');
  if (!folder?.startsWith('/')) return { url, options: {} };
  const port = Number(parts.searchParams.get('port') ?? parts.port);
  parts.searchParams.delete('host');
  parts.searchParams.delete('port');
  return { url: parts.toString(), options: { host: folder, port: port > 0 ? port : 5432 } };
}

/** Where the driver says a connection is to go. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string;
}

/** What is sent in one turn of the event loop leaves in one system call: the driver sends a pipeline in pieces of 1 kB. */
class GatheringSocket extends Socket {
  #isGathering = false;

  override write: Socket['write'] = (...piece: unknown[]): boolean => {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return super.write(...(piece as Parameters<Socket['write']>));
  };
}

/** More bytes than a pipeline has: a socket that calls itself full makes the driver send one statement at a time. */
const sendBufferBytes = 16 * 1024 * 1024;

/**
 * Sockets without Nagle's algorithm: with it, what a pipeline sends second waits in the kernel until the server has
 * answered to the first. The driver's types do not know the option.
 */
const promptSockets: object = {
  socket: ({ host: [host], port: [port], path }: Target): Socket => {
    const socket = new GatheringSocket({ writableHighWaterMark: sendBufferBytes } as object);
    socket.setNoDelay(true);
    // The driver takes the name of a server with TLS from here.
    Object.assign(socket, { host, port });
    // Before the socket ends its own side, which says that it was not us who ended it.
    socket.prependOnceListener('end', () => {
      if (!socket.writableEnded) socket.destroy(closedByServer(socket.bytesRead === 0));
    });
    return path ? socket.connect(path) : socket.connect(port ?? 5432, host ?? 'localhost');
  },
};

/**
 * The driver connects again without end, and tells nobody, when a connection is closed without an error before it could
 * be used: as by a proxy whose server is gone. With an error the statement that waits for it fails.
 */
function closedByServer(unheard: boolean): Error {
  const code = unheard ? 'CONNECT_CLOSED' : 'CONNECTION_CLOSED';
  return Object.assign(new Error('The server closed the connection'), { code });
}

const closedListeners = new WeakMap<Pool, (() => void)[]>();

/** Tells when a connection of a pool has closed, for whatever reason. */
export function onConnectionClosed(pool: Pool, listener: () => void): void {
  const listeners = closedListeners.get(pool);
  assert(listeners !== undefined, 'the pool was opened by openPool');
  listeners.push(listener);
}

/** Opens a pool. Eight-byte integers arrive as numbers, checked to be safe: ids and minor units stay below 2^53. */
export function openPool(options: PoolOptions): Pool {
  const listeners: (() => void)[] = [];
  const address = addressOf(options.url);
  const pool: Pool = postgres(address.url, {
    ...address.options,
    max: options.connectionsMax,
    connect_timeout: connectTimeoutSeconds,
    idle_timeout: 0,
    ...promptSockets,
    max_lifetime: null,
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => undefined,
    onclose: () => {
      for (const listener of listeners) listener();
    },
    connection: { application_name: options.applicationName, TimeZone: 'UTC', ...options.settings },
    fetch_types: false,
    types: {
      ...arrayTypes,
      int8: {
        to: 20,
        from: [20],
        serialize: (value: number) => String(value),
        parse: (text: string) => {
          const value = Number(text);
          assert(Number.isSafeInteger(value), `int8 ${text} is not a safe integer`);
          return value;
        },
      },
    },
  });
  closedListeners.set(pool, listeners);
  return pool;
}
