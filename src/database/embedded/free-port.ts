import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems number outgoing connections: inside it, a pool that reconnects while
 * the server is down can be given the very port it dials, connect to itself and block the server's return.
 */
const PORT_FIRST = 15_000;
const PORT_AFTER_LAST = 32_000;
const ATTEMPTS_MAX = 100;

/** A port of the loopback address on which nobody listens right now. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(PORT_FIRST, PORT_AFTER_LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port on 127.0.0.1 between ${PORT_FIRST} and ${PORT_AFTER_LAST}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
