import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { at } from '../support/request.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'numex-prices-'));
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    openDatabase: () =>
      Promise.resolve({ url: database.url, pool: database.sql, close: () => Promise.resolve() }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

async function told(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

const json = async (...args: string[]): Promise<unknown> =>
  JSON.parse(await told(...args, '--json')) as unknown;

it('a price list is made, priced, edited as a file and explained at the command line', async () => {
  expect(await told('price', 'list')).toBe('1  standard: 6 rules of its own in EUR, INR, USD\n');
  expect(
    await told(
      'price',
      'create',
      'resellers',
      '--inherit',
      'standard',
      '--amount',
      '0.50',
      '--currency',
      'USD',
    ),
  ).toBe(
    '2  resellers: 0 rules of its own; inherits from standard, 0.50 USD added per cycle, 0.00 for set-up\n',
  );
  expect(
    await json('price', 'change', 'resellers', '--inherit', 'standard', '--percent', '-10'),
  ).toMatchObject({
    inherits: { name: 'standard', percent: -10 },
  });
  expect(
    await told('price', 'currency', 'add', 'GBP', '--from', 'USD', '--rate', '0.79', '--dry-run'),
  ).toContain('+ local: 1.98 GBP per month, 0.79 for set-up');
  expect(await json('price', 'currency', 'add', 'GBP', '--from', 'USD', '--rate', '0.79')).toMatchObject({
    added: 4,
  });
  expect(
    await told('price', 'set', 'resellers', '--currency', 'USD', '--prefix', '+1212', '--recurring', '9.90'),
  ).toContain('resellers: 1 added, 0 changed, 0 removed, 0 as they were.');

  const file = join(folder, 'prices.csv');
  await writeFile(file, (await told('price', 'export', 'resellers')).replace('9.90', '8.80'));
  expect(await told('price', 'import', 'resellers', file, '--dry-run')).toMatch(
    /^- \+1212…: 9\.90 USD .*\n\+ \+1212…: 8\.80 USD .*\nresellers: 0 added, 1 changed, .*dry run/,
  );
  expect(await json('price', 'import', 'resellers', file)).toMatchObject({ dry_run: false, changed: 1 });
  const history = await json('price', 'show', 'resellers', '--history');
  expect(history).toMatchObject({
    rules: [
      { state: 'ended', recurring: '9.90' },
      { state: 'in_force', recurring: '8.80' },
    ],
  });

  await told('stock', 'add-range', '+12125550100', '+12125550100');
  const account = String(
    at(await json('account', 'create', '--name', 'Acme', '--currency', 'USD'), 'account_id'),
  );
  expect(await told('price', 'assign', account, '--list', 'resellers', '--discount', '2.5')).toBe(
    `${account} pays by list resellers, less 2.5 %.\n`,
  );
  const why = await told('price', 'explain', account, '+12125550100');
  expect(why).toContain(`${account} would pay 8.58 USD per month, 0.00 for set-up for +12125550100`);
  expect(why).toMatch(/By rule \d+ of list resellers: \+1212…: 8\.80 USD per month/);
  await json('price', 'remove', 'resellers', String(at(history, 'rules.1.id')));
  expect(await json('price', 'explain', account, '+12125550100')).toMatchObject({
    price: { recurring: '2.19' },
    source: {
      rule: { type: 'local' },
      steps: [{ price_list: { name: 'standard' } }, { price_list: { name: 'resellers' } }],
    },
  });
  expect(await json('price', 'change', 'resellers', '--no-inherit')).toMatchObject({ inherits: null });
  expect(await told('price', 'explain', account, '+12125550100')).toContain('is not sold to');
});

it('what cannot be meant is refused with what to do', async () => {
  expect(await run('price', 'show', 'nobodys')).toMatchObject({
    code: 1,
    err: 'numex: No price list nobodys was found\n',
  });
  expect(await run('price', 'currency', 'add', 'GBP', '--from', 'CHF', '--rate', '1')).toMatchObject({
    code: 1,
  });
  expect((await run('price', 'create', 'x', '--percent', '5')).err).toContain('has to be named');
  expect(await run('price', 'set', 'standard', '--currency', 'USD')).toMatchObject({ code: 2 });
});
