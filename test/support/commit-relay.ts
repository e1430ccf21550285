import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Pool } from '../../src/database/connection.js';

/** When an armed relay breaks a connection: with the next answer, once a transaction has begun, or once the server has committed it. */
export type Break = 'next answer' | 'before commit' | 'after commit' | 'after commit, for good';

/** A relay in front of the database that loses one commit on request. */
export interface CommitRelay {
  /** The URL of the database behind it. */
  readonly url: string;
  /** Breaks the next transaction's connection, and no other; for good means that nobody gets through any more. */
  breakNext(when: Break | undefined): void;
  close(): Promise<void>;
}

/** Opens a relay to the database of a pool. */
export async function relayCommits(sql: Pool, databaseUrl: string): Promise<CommitRelay> {
  const { host, port, path } = sql.options as unknown as { host: string[]; port: number[]; path?: string };
  const target = path ? { path } : { host: host[0] ?? '127.0.0.1', port: port[0] ?? 5432 };
  const open = new Set<Socket>();
  let armed: Break | undefined;
  let closed = false;
  const cut = (): void => {
    closed = true;
    for (const socket of open) socket.destroy();
    server.close();
  };
  const server = createServer((client) => {
    const database = connect(target);
    let broken = false;
    const breakBoth = (): void => {
      broken = true;
      client.destroy();
      database.destroy();
    };
    if (closed) breakBoth();
    client.on('data', (chunk) => {
      if (!broken) database.write(chunk);
    });
    database.on('data', (chunk) => {
      // Statements are prepared, so only the answers name them: by their command tags.
      const answer = chunk.toString('latin1');
      if (armed === 'next answer' || (armed === 'before commit' && answer.includes('BEGIN\0'))) {
        armed = undefined;
        return breakBoth();
      }
      if (armed !== undefined && armed !== 'before commit' && answer.includes('COMMIT\0')) {
        if (armed === 'after commit, for good') cut();
        armed = undefined;
        return breakBoth();
      }
      if (!broken) client.write(chunk);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.toString(),
    breakNext: (when) => (armed = when),
    close: () => {
      const isClosed = new Promise<void>((resolve) => server.once('close', () => resolve()));
      if (!server.listening) return Promise.resolve();
      cut();
      return isClosed;
    },
  };
}
