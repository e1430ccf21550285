import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { importCalls } from '../../src/core/usage/index.js';
import type { CallImport } from '../../src/core/usage/index.js';
import { actAs, idOf, rentNew } from '../support/calls.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

const number = '+12135571001';
const header = 'call_id,direction,from,to,started_at,answered_at,ended_at,duration,billable,hangup_cause';

let server: TestServer;
let tenant: TestTenant;
let folder: string;
let file: string;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant();
  await rentNew(server, tenant, number);
  folder = await mkdtemp(join(tmpdir(), 'numex-calls-'));
  file = join(folder, 'calls.csv');
});

beforeEach(async () => {
  await server.sql`truncate call, call_party`;
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function importText(text: string | Buffer[], format?: 'csv' | 'jsonl'): Promise<CallImport> {
  const source = Readable.from(typeof text === 'string' ? [text] : text);
  return importCalls({
    ctx: server.operator(),
    input: { source, environment: 'live', format, rejectFile: `${file}.rejects.csv` },
  });
}

function lineOf(
  callId: string,
  rest = `2026-03-04T08:00:00Z,2026-03-04T08:00:10Z,2026-03-04T08:02:00Z,120,110,OK`,
) {
  return `${callId},inbound,+4915112345678,${number},${rest}`;
}

const rejects = async (): Promise<string> => readFile(`${file}.rejects.csv`, 'utf8');

async function storedIds(): Promise<string[]> {
  const rows = await server.sql<{ callId: string }[]>`select call_id as "callId" from call order by call_id`;
  return rows.map(({ callId }) => callId);
}

test('a file is taken in once, however often it is imported', async () => {
  const text = `${header}\n${lineOf('a')}\n${lineOf('b')}\n`;
  expect(await importText(text)).toEqual({
    lines: 2,
    recorded: 2,
    repeated: 0,
    updated: 0,
    refused: 0,
    rejectFile: null,
    rejectSamples: [],
  });
  const before = await server.sql`select * from call order by id`;
  expect(await importText(text)).toMatchObject({
    lines: 2,
    recorded: 0,
    repeated: 2,
    updated: 0,
    refused: 0,
  });
  expect(await server.sql`select * from call order by id`).toEqual(before);
});

test('a later file completes the calls that were in progress', async () => {
  await importText(`${header}\n${lineOf('a', '2026-03-04T08:00:00Z,,,,,')}\n`);
  expect(await importText(`${header}\n${lineOf('a')}\n`)).toMatchObject({
    recorded: 0,
    updated: 1,
    refused: 0,
  });
});

test('columns come in any order, and only four of them must be there', async () => {
  const text = `\ufeffStarted_At;TO;direction;call_id\r\n2026-03-04T08:00:00+01:00;${number};INBOUND;a\r\n`;
  expect(await importText(text)).toMatchObject({ lines: 1, recorded: 1 });
  const [row] = await server.sql`select direction, from_digits, started_at from call`;
  expect(row).toEqual({
    direction: 'inbound',
    from_digits: null,
    started_at: new Date('2026-03-04T07:00:00Z'),
  });
});

test('a JSON object per line is read without being told so', async () => {
  const call = {
    call_id: 'a',
    direction: 'inbound',
    from: null,
    to: number,
    started_at: '2026-03-04T08:00:00Z',
  };
  const lines = [
    JSON.stringify({ ...call, ended_at: '2026-03-04T08:01:00Z', duration: 60, billable: 0 }),
    JSON.stringify({ ...call, call_id: 'b', anwsered_at: '2026-03-04T08:00:01Z' }),
    '{"call_id":',
    '[1,2]',
    'null',
    '['.repeat(4000),
    JSON.stringify({ ...call, call_id: 'c' }),
  ];
  const result = await importText(`${lines.join('\n')}\n`);
  expect(result).toMatchObject({ lines: 7, recorded: 2, refused: 5 });
  expect(await storedIds()).toEqual(['a', 'c']);
  expect(result.rejectSamples.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'has the unknown field "anwsered_at"'],
    [3, 'is not JSON'],
    [4, 'is not an object'],
    [5, 'is not an object'],
    [6, 'is not JSON'],
  ]);
  // By its name the file is known to be JSON, whatever its first line looks like.
  const told = await importText(`garbage\n${lines[0] ?? ''}\n`, 'jsonl');
  expect(told).toMatchObject({ lines: 2, repeated: 1, refused: 1 });
});

test('hostile lines are refused one by one, with their place and reason, and good ones around them are kept', async () => {
  const lines = [
    header,
    lineOf('good-1'),
    lineOf('nul\u0000byte'),
    lineOf('"quoted'),
    lineOf('x'.repeat(200)),
    lineOf(`escape\u001b[31m`),
    lineOf('extra') + ',cell',
    lineOf('date', '2026-13-45T99:00:00Z,,,,,'),
    lineOf('huge', `${'9'.repeat(5000)},,,,,`),
    lineOf('cause', `2026-03-04T08:00:00Z,,2026-03-04T08:00:10Z,,,"<script>\u0000"`),
    lineOf('count', `2026-03-04T08:00:00Z,,2026-03-04T08:00:10Z,1e99,,`),
    `'; drop table call; --,inbound,,${number},2026-03-04T08:00:00Z,,,,,`,
    '',
    lineOf('good-2'),
  ];
  const result = await importText(lines.join('\n'));
  expect(result).toMatchObject({ lines: 12, recorded: 2, refused: 10 });
  expect(await storedIds()).toEqual(['good-1', 'good-2']);
  const written = await rejects();
  expect(written).not.toMatch(/[^\x20-\x7e\n]/);
  expect(written.split('\n').map((line) => line.split(',')[0])).toEqual([
    'line',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12',
    '',
  ]);
  expect(written).toContain('is longer than 4096 characters');
  expect(written).toContain('8,date,"has a started_at that is not a time with its offset');
});

test('a line that never ends takes no memory and spoils only itself', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const chunks = [
    Buffer.from(`${header}\n${lineOf('a')}\n`),
    ...Array.from({ length: 200 }, () => piece),
    Buffer.from(`\n${lineOf('b')}`),
  ];
  const result = await importText(chunks);
  expect(result).toMatchObject({ lines: 3, recorded: 2, refused: 1 });
  expect(result.rejectSamples).toEqual([{ line: 3, call_id: '', reason: 'is longer than 4096 characters' }]);
});

test.each([
  ['that is empty', '', 'is empty'],
  ['without a needed column', 'call_id,direction,started_at\n', 'has no column "to"'],
  ['with a column that is not known', `${header},colour\n`, 'must name the columns'],
])('a file %s is refused as a whole', async (_, text, reason) => {
  await expect(importText(text)).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'file', reason: expect.stringContaining(reason) as string },
  });
});

test('only the operator imports', async () => {
  const source = Readable.from([header]);
  const ctx = actAs(server, tenant.account);
  await expect(importCalls({ ctx, input: { source, environment: 'live' } })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    openDatabase: () =>
      Promise.resolve({ url: server.databaseUrl, pool: server.sql, close: () => Promise.resolve() }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

test('the command counts what it did, and puts refused lines beside the file', async () => {
  const many = Array.from({ length: 2500 }, (_, n) => lineOf(`call-${n}`));
  await writeFile(file, [header, ...many, lineOf('bad', 'yesterday,,,,,')].join('\n'));
  const ran = await run('calls', 'import', file, '--json');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(ran.out)).toMatchObject({
    lines: 2501,
    recorded: 2500,
    repeated: 0,
    updated: 0,
    refused: 1,
    environment: 'live',
    reject_file: `${file}.rejects.csv`,
    reject_samples: [{ line: 2502, call_id: 'bad' }],
  });
  expect(await rejects()).toMatch(/^line,call_id,reason\n2502,bad,"has a started_at/);
  await writeFile(file, [header, ...many].join('\n'));
  const again = await run('calls', 'import', file);
  expect(again.out).toBe(
    '2500 lines: 0 calls are new (live), 0 were completed, 2500 were known, 0 lines were refused.\n',
  );
  await expect(stat(`${file}.rejects.csv`)).rejects.toMatchObject({ code: 'ENOENT' });
  const [last] = await server.sql<{ count: number }[]>`
    select count(*) from call_party where number_id = ${idOf(number)}`;
  expect(last?.count).toBe(2500);
});

test('the command takes the numbers of one environment, and says when the file is not there', async () => {
  await writeFile(file, `${header}\n${lineOf('a')}\n`);
  expect(
    JSON.parse((await run('calls', 'import', file, '--environment', 'test', '--json')).out),
  ).toMatchObject({
    refused: 1,
    environment: 'test',
  });
  expect((await run('calls', 'import', file, '--environment', 'both')).code).toBe(2);
  expect((await run('calls', 'import', join(folder, 'none.csv'))).code).toBe(1);
});
