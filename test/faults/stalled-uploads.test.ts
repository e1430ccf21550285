import { readdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import { freePort, ServerProcess, until } from '../support/process.js';

const uploads = 100;
const megabyte = 1024 * 1024;
const bodyBytes = 14 * megabyte;
/** They stop here, shortly before the end; as base64 it is less than a document may have. */
const sentBytes = 13 * megabyte;
const rssMax = 400 * megabyte;
/** It stood still for six seconds before. */
const silenceMaxMilliseconds = 2000;

let folder: string;
let server: ServerProcess;
let key: string;
let otherKey: string;
const sockets: { destroy: () => void }[] = [];

const berlin = {
  street_address: 'Unter den Linden 1',
  city: 'Berlin',
  postal_code: '10117',
  country: 'DE',
  contact_name: 'Erika Mustermann',
  contact_email: 'erika@example.com',
  contact_phone: '+493012345678',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-uploads-'));
  server = new ServerProcess(folder, await freePort());
  await server.start();
  const open = async (name: string) =>
    String((await server.cli('account', 'create', '--name', name, '--currency', 'USD'))['api_key']);
  key = await open('Staller');
  otherKey = await open('Other');
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

async function draft(owner: string): Promise<string> {
  const made = await ask(server.url, owner, 'POST', '/numex/v1/addresses', berlin);
  return `/numex/v1/addresses/${String(at(made.body, 'id'))}/documents`;
}

/** Sends most of an upload and then nothing more; resolves with the status of the answer. */
function stall(path: string): Promise<number> {
  const start = `{"document_type":"government_id","filename":"id.pdf","content_base64":"${Buffer.from('%PDF-1').toString('base64')}`;
  const filler = Buffer.alloc(65_536, 'A');
  return new Promise((resolve) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let sent = 0;
    const pour = (): void => {
      while (sent < sentBytes && !socket.destroyed) {
        sent += filler.length;
        if (!socket.write(filler)) return;
      }
    };
    socket.on('connect', () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: numex\r\nauthorization: Bearer ${key}\r\n` +
          `content-type: application/json\r\ncontent-length: ${bodyBytes}\r\n\r\n${start}`,
      );
      pour();
    });
    socket.on('drain', pour);
    socket.on('data', (data: Buffer) =>
      resolve(Number(/^HTTP\/1.1 (\d{3})/.exec(data.toString())?.[1] ?? 0)),
    );
    socket.on('error', () => resolve(0));
    socket.on('close', () => resolve(0));
  });
}

async function rss(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

it('100 stalled uploads of 14 MB neither fill the memory nor hold up the server, and are ended', async () => {
  const [path, otherPath] = [await draft(key), await draft(otherKey)];
  let mostBytes = 0;
  let longestSilence = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const askedAt = performance.now();
      await (await fetch(`${server.url}/health`)).text();
      longestSilence = Math.max(longestSilence, performance.now() - askedAt);
      mostBytes = Math.max(mostBytes, await rss());
    }
  })();
  const stalled = Array.from({ length: uploads }, () => stall(path));
  const refusedFirst = await Promise.race(stalled);
  const document = { document_type: 'government_id', filename: 'id.pdf' };
  const content_base64 = Buffer.from('%PDF-1.7\n').toString('base64');
  const other = await ask(server.url, otherKey, 'POST', otherPath, { ...document, content_base64 });
  const statuses = await Promise.all(stalled);
  isOver = true;
  await watching;
  expect(refusedFirst).toBe(429);
  expect(other.status).toBe(201);
  expect([...new Set(statuses)].sort()).toEqual([400, 429]);
  expect(mostBytes).toBeGreaterThan(0);
  expect(mostBytes).toBeLessThan(rssMax);
  expect(longestSilence).toBeLessThan(silenceMaxMilliseconds);
  await until(5, async () => (await readdir(join(folder, 'documents'))).length === 1);
}, 90_000);
