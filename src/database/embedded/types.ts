/** The part of a pino logger that the embedded server speaks to. */
export interface EmbeddedLogger {
  info(obj: object, msg: string): void;
  warn(obj: object, msg: string): void;
}

export interface EmbeddedServerOptions {
  /** Numex's data folder, e.g. ./data; the cluster lives in `postgres` below it. */
  dataFolder: string;
  logger: EmbeddedLogger;
  /** Further postgresql.conf settings, which win over ours, e.g. `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
}

export interface EmbeddedServer {
  /**
   * `postgres://user:password@localhost:5432/numex?host=%2Ffolder` of a socket, `postgres://user:password@127.0.0.1:port/numex`
   * elsewhere: for our pools (`addressOf`), psql and pgbench. It never changes.
   */
  readonly url: string;
  /** Changes when the postmaster had to be restarted. */
  readonly postmasterPid: number;
  /** Ends this use of the cluster, and the cluster itself if nobody else uses it. May be called twice. */
  stop(): Promise<void>;
}
