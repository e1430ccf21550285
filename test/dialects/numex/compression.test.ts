import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 100_000 } });
});

afterAll(() => server.close());

interface RawAnswer {
  readonly encoding: string | undefined;
  readonly vary: string | undefined;
  readonly bytes: Buffer;
}

/** Asks without a client that decompresses by itself. */
function askRaw(method: string, path: string, accepts: string, body?: unknown): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${tenant.apiKey}`,
      'x-user-api-key': tenant.apiKey,
      'accept-encoding': accepts,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = request(`${server.url}${path}`, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { 'content-encoding': encoding, vary } = answer.headers;
        resolve({ encoding, vary, bytes: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

it('a long list is compressed for whoever accepts it, and says the same', async () => {
  const path = '/open/numbers/cities?country=US';
  const plain = await askRaw('GET', path, 'identity');
  expect(plain.encoding).toBeUndefined();
  expect(plain.bytes.length).toBeGreaterThan(500_000);
  const zipped = await askRaw('GET', path, 'gzip');
  expect(zipped).toMatchObject({
    encoding: 'gzip',
    vary: expect.stringMatching(/accept-encoding/i) as unknown,
  });
  expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  const brotli = await askRaw('GET', path, 'br, gzip');
  expect(brotli.encoding).toBe('br');
  expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
  expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 4);
});

it('a short answer is sent as it is', async () => {
  const answer = await askRaw('GET', '/numex/v1/account', 'br, gzip');
  expect(answer.encoding).toBeUndefined();
  expect(JSON.parse(answer.bytes.toString())).toMatchObject({ id: tenant.account.publicId });
});

it('no answer to a write is compressed: purchases stay quick, and secrets are in such answers only', async () => {
  const numbers = Array.from({ length: 60 }, (_, n) => `+1213558${1000 + n}`);
  await server.addNumbers(numbers);
  const lines = numbers.map((number) => ({ number }));
  const order = await askRaw('POST', '/numex/v1/orders', 'br, gzip', { lines });
  expect(order.bytes.length).toBeGreaterThan(8192);
  expect(order.encoding).toBeUndefined();
});

it('cities are found by a part of their name, page by page', async () => {
  const names: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 100; pages++) {
    const path = `/numex/v1/cities?country=US&name=SPRING&limit=20${cursor && `&cursor=${cursor}`}`;
    const answer = await askRaw('GET', path, 'identity');
    const { data, next_cursor: next } = JSON.parse(answer.bytes.toString()) as {
      data: { name: string }[];
      next_cursor: string | null;
    };
    expect(data.length).toBeLessThanOrEqual(20);
    names.push(...data.map(({ name }) => name));
    if (next === null) break;
    cursor = encodeURIComponent(next);
  }
  const rows = await server.sql<{ name: string }[]>`
    select name from city where country = 'US' and name ilike '%spring%' order by name, id`;
  expect(rows.length).toBeGreaterThan(20);
  expect(names).toEqual(rows.map(({ name }) => name));
});
