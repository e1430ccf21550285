import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  availableAnswer,
  citiesAnswer,
  groupsAnswer,
  purchaseAnswer,
  regionsAnswer,
} from '../dialects/twochat/contract.js';
import type { Schema } from '../dialects/twochat/contract.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

/** "Quick example: Buy a local number in Los Angeles" of the Numbers API Overview, word for word. */
const tour = {
  regions: `curl 'https://api.p.2chat.io/open/numbers/regions?country=US' \\
-H 'X-User-API-Key: YOUR_KEY'`,
  cities: `curl 'https://api.p.2chat.io/open/numbers/cities?country=US&region=123' \\
-H 'X-User-API-Key: YOUR_KEY'`,
  groups: `curl 'https://api.p.2chat.io/open/numbers/groups?country=US&city_id=456&did_type=local' \\
-H 'X-User-API-Key: YOUR_KEY'`,
  available: `curl 'https://api.p.2chat.io/open/numbers/available?group_id=abc-123' \\
-H 'X-User-API-Key: YOUR_KEY'`,
  purchase: `curl -X POST 'https://api.p.2chat.io/open/numbers/purchase' \\
-H 'X-User-API-Key: YOUR_KEY' \\
-H 'Content-Type: application/json' \\
-d '{"group_id": "abc-123", "number": "+12135551234"}'`,
};

/** The cURL invocation of the page "Purchase Numbers", word for word. */
const purchasePage = `curl --location --request POST 'https://api.p.2chat.io/open/numbers/purchase' \\
--header 'Content-Type: application/json' \\
--header 'X-User-API-Key: your_api_key_here' \\
--data '{
"group_id": "abc-123",
"number": "+12135551234"
}'`;

const number = '+12135551234';
const run = promisify(execFile);
let server: TestServer;
let home: string;

beforeAll(async () => {
  server = await startTestServer();
  // Beside the command line: no progress bar, the status on a line of its own, no proxy, no config of the machine.
  home = await mkdtemp(join(tmpdir(), 'numex-curl-'));
  await writeFile(
    join(home, '.curlrc'),
    'silent\nshow-error\nnoproxy = "*"\nwrite-out = "\\n%{http_code}"\n',
  );
});

afterAll(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

/** Runs a printed command with nothing replaced but the base URL and the key. */
async function shell<T>(command: string, apiKey: string, status: number, schema: Schema<T>): Promise<T> {
  const script = command
    .replace('https://api.p.2chat.io', server.url)
    .replace(/YOUR_KEY|your_api_key_here/, apiKey);
  const { stdout } = await run('sh', ['-c', script], { env: { PATH: process.env['PATH'], CURL_HOME: home } });
  const end = stdout.lastIndexOf('\n');
  const text = stdout.slice(0, end);
  expect(`${stdout.slice(end + 1)} ${text}`).toMatch(new RegExp(`^${status} `));
  const body: unknown = JSON.parse(text);
  expect(schema(body, 'body')).toEqual([]);
  return body as T;
}

describe('the vendor’s tour', () => {
  it('runs as printed, each step giving what the next one uses', async () => {
    await server.addNumbers([number, '+12135551235']);
    const { apiKey } = await server.createTenant();

    const { regions } = (await shell(tour.regions, apiKey, 200, regionsAnswer)).data;
    expect(regions.find((region) => region.region_name === 'California')?.id).toBe(123);

    const { cities } = (await shell(tour.cities, apiKey, 200, citiesAnswer)).data;
    expect(cities.find((city) => city.city_name === 'Los Angeles')?.id).toBe(456);

    const { groups } = (await shell(tour.groups, apiKey, 200, groupsAnswer)).data;
    expect(groups.map((group) => group.id)).toEqual(['abc-123']);
    expect(groups[0]).toMatchObject({ allow_number_selection: true, requirements: [] });

    const { numbers } = (await shell(tour.available, apiKey, 200, availableAnswer)).data;
    expect(numbers.map((row) => row.number)).toContain(number);

    const bought = await shell(tour.purchase, apiKey, 201, purchaseAnswer);
    expect(bought).toEqual({ success: true, purchased: [number], failed: [] });

    const left = (await shell(tour.available, apiKey, 200, availableAnswer)).data.numbers;
    expect(left.map((row) => row.number)).toEqual(['+12135551235']);
  });

  it('buys by the command of the purchase page too', async () => {
    await server.addNumbers([number], 'test');
    const { apiKey } = await server.createTenant({ environment: 'test' });
    const bought = await shell(purchasePage, apiKey, 201, purchaseAnswer);
    expect(bought).toEqual({ success: true, purchased: [number], failed: [] });
  });
});
