import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Pool } from '../../src/database/connection.js';

/** How long an answer is on its way, so that what a client sends without waiting for it is seen to come first. */
const answerMilliseconds = 20;

/** A relay in front of the database that counts how often a client has spoken after it was answered. */
export interface CountingRelay {
  /** The URL of the database behind it. */
  readonly url: string;
  /** Round trips of all connections so far. */
  count(): number;
  /** Breaks all connections, as a network does. */
  cut(): void;
  close(): Promise<void>;
}

export async function relayTo(sql: Pool, databaseUrl: string): Promise<CountingRelay> {
  const { host, port, path } = sql.options as unknown as { host: string[]; port: number[]; path?: string };
  const target = path ? { path } : { host: host[0] ?? '127.0.0.1', port: port[0] ?? 5432 };
  const open = new Set<Socket>();
  let trips = 0;
  const server: Server = createServer((client) => {
    const database = connect(target);
    let answered = true;
    client.on('data', (chunk) => {
      if (answered) trips++;
      answered = false;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      setTimeout(() => {
        answered = true;
        if (client.writable) client.write(chunk);
      }, answerMilliseconds);
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
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.toString(),
    count: () => trips,
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
