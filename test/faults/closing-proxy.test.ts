import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PurchaseDesk } from '../../src/core/sales/index.js';
import type { DeskRequest } from '../../src/core/ports.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { classifyFailure } from '../../src/database/failure.js';

/** What a proxy before a dead server does with a connection. */
const behaviours: readonly [name: string, (client: Socket) => void][] = [
  ['accepts and closes at once', (client) => client.end()],
  ['closes when it is spoken to', (client) => client.once('data', () => client.end())],
  ['says something and closes', (client) => client.end(Buffer.from([0x53, 0, 0, 0, 9, 0x61, 0, 0x62, 0, 0]))],
];

let proxy: Server | undefined;
let pool: Pool | undefined;

afterEach(async () => {
  await pool?.end({ timeout: 0 });
  await new Promise((resolve) => proxy?.close(resolve));
});

async function poolBehind(treat: (client: Socket) => void): Promise<Pool> {
  proxy = createServer((client) => {
    client.on('error', () => undefined);
    client.resume();
    treat(client);
  });
  await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  pool = openPool({
    url: `postgres://nobody@127.0.0.1:${port}/none`,
    connectionsMax: 1,
    applicationName: 'numex-test',
  });
  return pool;
}

describe.each(behaviours)('a proxy before a dead server that %s', (_name, treat) => {
  it('makes a statement fail instead of waiting without end', async () => {
    const sql = await poolBehind(treat);
    const failure = await sql`select 1`.catch((error: unknown) => error);
    expect(['unavailable', 'outcome_unknown']).toContain(classifyFailure(failure).kind);
  });

  it('makes the desk say that the service is unavailable', async () => {
    const desk = new PurchaseDesk(await poolBehind(treat));
    const account = { id: 1, clock: null } as unknown as DeskRequest['account'];
    const request: DeskRequest = {
      kind: 'reserve',
      account,
      actor: 'key:1',
      requestId: 'req_test',
      at: new Date('2026-03-04T09:30:00Z'),
      line: { numberId: 1 },
    };
    await expect(desk.submit(request)).rejects.toMatchObject({ code: 'unavailable' });
    await desk.close();
  });
});
