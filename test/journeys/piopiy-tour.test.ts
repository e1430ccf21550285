import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setQuarantine } from '../support/policies.js';
import { at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

/**
 * The vendor's page "Piopiy Numbers", command by command as it is printed: a shell runs each one with the base URL and
 * the key in its environment, as the page has its readers set them.
 */

const run = promisify(execFile);
let server: TestServer;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  server = await startTestServer();
  await setQuarantine(server, 0);
  const { apiKey } = await server.createTenant({ balances: { EUR: 1_000 } });
  await server.addNumbers(['+19499800001']);
  await server.sql`update number set features = 1`;
  environment = {
    ...process.env,
    PIOPIY_API_KEY: apiKey,
    PIOPIY_API_BASE: `${server.url}/v1`,
    no_proxy: '127.0.0.1',
  };
});

afterAll(() => server.close());

async function shell(command: string): Promise<unknown> {
  const { stdout } = await run('/bin/sh', ['-c', command], { env: environment });
  return JSON.parse(stdout) as unknown;
}

const search = `curl --request GET \\
  --url "$PIOPIY_API_BASE/list-available-numbers?region=US" \\
  --header "Authorization: Bearer $PIOPIY_API_KEY"`;

const buy = `curl --request POST \\
  --url "$PIOPIY_API_BASE/buy-phone-number" \\
  --header "Authorization: Bearer $PIOPIY_API_KEY" \\
  --header "Content-Type: application/json" \\
  --data '{
    "number": "+19499800001"
  }'`;

const list = `curl --request GET \\
  --url "$PIOPIY_API_BASE/purchased-phone-numbers" \\
  --header "Authorization: Bearer $PIOPIY_API_KEY"`;

const release = `curl --request DELETE \\
  --url "$PIOPIY_API_BASE/release-phone-number/NUMBER_ID" \\
  --header "Authorization: Bearer $PIOPIY_API_KEY"`;

it('searches, buys, lists and releases as the page does, and gets the answers it shows', async () => {
  const found = await shell(search);
  const id = String(at(found, 'data.0.id'));
  expect(found).toEqual({
    data: [{ id, number: '+19499800001', region: 'US', capabilities: ['voice'] }],
    next_cursor: null,
  });
  expect(id).toMatch(/^num_[0-9a-z]+$/);
  const owned = { id, number: '+19499800001', status: 'active' };
  expect(await shell(buy)).toEqual(owned);
  expect(await shell(search)).toEqual({ data: [], next_cursor: null });
  expect(await shell(list)).toEqual({ data: [owned] });
  // The page's checklist asks for retries: none of them costs or breaks anything.
  expect(await shell(buy)).toEqual(owned);
  const releaseIt = release.replace('NUMBER_ID', id);
  expect(await shell(releaseIt)).toEqual({ id, status: 'released' });
  expect(await shell(releaseIt)).toEqual({ id, status: 'released' });
  expect(await shell(list)).toEqual({ data: [] });
  expect(await shell(search)).toEqual(found);
  const [wallet] = await server.sql<{ minor: number }[]>`
    select balance_minor as minor from wallet where kind = 'tenant'`;
  expect(wallet?.minor).toBe(500);
});
