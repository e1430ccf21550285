import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/server/config.js';
import { runCli } from '../../src/cli/main.js';
import { keyAuthenticator } from '../../src/core/accounts/index.js';
import { loadDemo } from '../../src/server/demo.js';
import { documentFolder } from '../../src/documents/document-folder.js';
import { systemClock } from '../../src/lib/clock.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let folder: string;
let served: { demo: boolean }[];
let closed: number;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'numex-cli-'));
  served = [];
  closed = 0;
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    openDatabase: () =>
      Promise.resolve({
        url: database.url,
        pool: database.sql,
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      }),
    runServer: (options) => {
      served.push(options);
      return Promise.resolve();
    },
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

async function runJson(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

async function createAccount(...args: string[]): Promise<{ id: string; key: string }> {
  const made = await runJson('account', 'create', ...args);
  return { id: made['account_id'] as string, key: made['api_key'] as string };
}

test('an account comes with a wallet and a key that works', async () => {
  const made = await runJson('account', 'create', '--name', 'Alice', '--balance', '100.00');
  expect(made).toMatchObject({
    account_id: expect.stringMatching(/^MA_/) as string,
    api_key: expect.stringMatching(/^nx_live_[0-9a-f]{48}$/) as string,
    name: 'Alice',
    currency: 'EUR',
    balance: '100.00',
    environment: 'live',
    parent: null,
  });
  const actor = await keyAuthenticator(database.sql)(made['api_key'] as string);
  expect(actor).toMatchObject({ kind: 'key', scope: 'full', account: { publicId: made['account_id'] } });
});

test('an account without money has its wallet all the same', async () => {
  const { id } = await createAccount('--name', 'Poor', '--currency', 'jpy', '--environment', 'test');
  const rows = await database.sql`
    select w.currency, w.balance_minor, a.environment from wallet w join account a on a.id = w.account_id
    where a.public_id = ${id}`;
  expect([...rows]).toEqual([{ currency: 'JPY', balance_minor: 0, environment: 'test' }]);
});

test('a sub-account is in the environment of its parent', async () => {
  const parent = await createAccount('--name', 'Parent', '--environment', 'test');
  const made = await runJson('account', 'create', '--name', 'Child', '--parent', parent.id);
  expect(made).toMatchObject({ environment: 'test', parent: parent.id });
  expect(made['account_id']).toMatch(/^SA_/);
});

test('an account that cannot be opened in full is not opened at all', async () => {
  const count = async () => (await database.sql`select count(*) from account`)[0]?.['count'] as number;
  const before = await count();
  expect((await run('account', 'create', '--name', 'Rich', '--balance', '999999999999.99')).code).toBe(1);
  expect(await count()).toBe(before);
});

test('keys are made and revoked', async () => {
  const { id } = await createAccount('--name', 'Keyed');
  const authenticate = keyAuthenticator(database.sql);
  const read = await runJson('key', 'create', '--account', id, '--scope', 'read');
  expect(await authenticate(read['api_key'] as string)).toMatchObject({ scope: 'read' });
  const admin = await runJson('key', 'create', '--scope', 'admin');
  expect(admin).toMatchObject({ scope: 'admin', account_id: null });
  expect(await authenticate(admin['api_key'] as string)).toMatchObject({ kind: 'operator' });
  await runJson('key', 'revoke', String(read['key_id']));
  await expect(authenticate(read['api_key'] as string)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await run('key', 'revoke', String(read['key_id']))).toMatchObject({ code: 1 });
});

test('deposits add up, in the decimals of their currency', async () => {
  const { id } = await createAccount('--name', 'Saver', '--balance', '1.50');
  const deposit = (amount: string, currency: string) =>
    runJson('wallet', 'deposit', '--account', id, '--amount', amount, '--currency', currency);
  expect(await deposit('50.00', 'EUR')).toMatchObject({ account_id: id, amount: '50.00', balance: '51.50' });
  expect(await deposit('7', 'JPY')).toMatchObject({ currency: 'JPY', amount: '7', balance: '7' });
  const refused = await run(
    ...['wallet', 'deposit', '--account', id, '--amount', '7.5', '--currency', 'JPY', '--json'],
  );
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'invalid_input' } });
});

test('money for a sub-account is refused, and money in a currency without prices comes with a warning', async () => {
  const parent = await createAccount('--name', 'Payer');
  const rich = await run(
    'account',
    'create',
    '--name',
    'Rich child',
    '--parent',
    parent.id,
    '--balance',
    '5',
  );
  expect(rich).toMatchObject({ code: 1, err: expect.stringContaining('its parent pays') as string });
  const deposit = ['wallet', 'deposit', '--account', parent.id, '--amount', '5', '--currency', 'GBP'];
  expect((await run(...deposit)).out).toContain('no price in GBP');
  expect(await runJson(...deposit)).toMatchObject({ warnings: [expect.stringContaining('no price in GBP')] });
  expect(await runJson('account', 'create', '--name', 'Euro')).not.toHaveProperty('warnings');
});

test('repair finds nothing to mend where no closed account has anything', async () => {
  expect(await runJson('repair', 'orphans')).toEqual({ accounts: [], numbers: [] });
  expect((await run('repair', 'orphans', '--release')).out).toContain('Closed accounts hold nothing');
});

test('a deposit with a key happens once, and the key stands for no other deposit', async () => {
  const { id } = await createAccount('--name', 'Twice', '--balance', '1.00');
  const args = (amount: string) => [
    ...[
      'wallet',
      'deposit',
      '--account',
      id,
      '--amount',
      amount,
      '--currency',
      'EUR',
      '--key',
      'march',
      '--json',
    ],
  ];
  const first = await run(...args('5.00'));
  expect(JSON.parse(first.out)).toMatchObject({ amount: '5.00', balance: '6.00' });
  expect((await run(...args('5.00'))).out).toBe(first.out);
  const other = await run(...args('7.00'));
  expect(other.code).toBe(1);
  expect(JSON.parse(other.err)).toMatchObject({ error: { code: 'idempotency_key_reused' } });
});

test('stock is imported from a file, with what is wrong beside it', async () => {
  const file = join(folder, 'stock.csv');
  await writeFile(file, 'number\n+12025550100\nnonsense\n');
  expect(await runJson('stock', 'import', file)).toMatchObject({
    lines: 2,
    imported: 1,
    already: 0,
    rejected: 1,
    reject_file: `${file}.rejects.csv`,
  });
  expect(await readFile(`${file}.rejects.csv`, 'utf8')).toContain('3,nonsense,');
  const range = await runJson('stock', 'add-range', '+12025550100', '+12025550109', '--environment', 'both');
  expect(range).toMatchObject({ lines: 10, imported: 19, already: 1, rejected: 0 });
  expect((await run('stock', 'import', join(folder, 'missing.csv'))).err).toContain('no such file');
});

test('verify exits 0 for honest books and 1 for others', async () => {
  const honest = await runJson('verify');
  expect(honest['ok']).toBe(true);
  await database.sql`update wallet set balance_minor = balance_minor + 1 where kind = 'deposits'`;
  const cooked = await run('verify');
  expect(cooked.code).toBe(1);
  expect(cooked.out).toContain('FAILED  The balance of every wallet is the sum of its transfers');
  await database.sql`update wallet set balance_minor = balance_minor - 1 where kind = 'deposits'`;
  expect((await run('verify')).out).toContain('The books are in order.');
});

test('wrong usage exits 2 and opens no database', async () => {
  const before = closed;
  const wrong = [
    ['frobnicate'],
    ['account', 'create'],
    ['account', 'create', '--name', 'X', '--currency', 'XXZ'],
    ['account', 'create', '--name', 'X', '--environment', 'moon'],
    ['key', 'create'],
    ['key', 'create', '--scope', 'admin', '--account', 'MA_X'],
    ['key', 'revoke', 'abc'],
    ['stock', 'import'],
    ['stock', 'add-range', '+12025550100', '+12025550109', '--environment', 'moon'],
  ];
  for (const args of wrong) {
    expect(await run(...args), args.join(' ')).toMatchObject({ code: 2, out: '' });
    const json = await run(...args, '--json');
    expect(json.code, args.join(' ')).toBe(2);
    expect(JSON.parse(json.err), args.join(' ')).toMatchObject({ error: { code: 'usage' } });
  }
  expect(closed).toBe(before);
});

test('help and version are answers, not errors', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, err: '' });
  expect((await run('account', 'create', '--help')).out).toContain('--balance');
  expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('what is refused is told on standard error, as JSON if asked, and the database is given back', async () => {
  const before = closed;
  const args = ['wallet', 'deposit', '--account', 'MA_NOBODY', '--amount', '1', '--currency', 'EUR'];
  expect(await run(...args)).toEqual({ code: 1, out: '', err: 'numex: No account MA_NOBODY was found\n' });
  expect(JSON.parse((await run(...args, '--json')).err)).toEqual({
    error: { code: 'not_found', message: 'No account MA_NOBODY was found' },
  });
  expect(closed).toBe(before + 2);
});

test('serve runs the server bare, start runs it with the demo', async () => {
  await run('serve');
  await run('start');
  expect(served).toEqual([{ demo: false }, { demo: true }]);
});

test('the settings refuse nonsense and know their defaults', () => {
  expect(loadConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    logLevel: 'info',
    rateLimits: true,
    webhookAllowPrivate: false,
  });
  expect(loadConfig({ PORT: '', NUMEX_RATE_LIMITS: 'off', PATH: 'x' })).toMatchObject({
    port: 3000,
    rateLimits: false,
  });
  expect(loadConfig({ NUMEX_WEBHOOK_ALLOW_PRIVATE: 'on' })).toMatchObject({ webhookAllowPrivate: true });
  for (const env of [
    { PORT: 'http' },
    { PORT: '70000' },
    { PORT: '-1' },
    { DATABASE_URL: 'mysql://localhost' },
    { LOG_LEVEL: 'loud' },
    { NUMEX_RATE_LIMITS: 'maybe' },
    { NUMEX_WEBHOOK_ALLOW_PRIVATE: 'yes' },
  ]) {
    expect(() => loadConfig(env), JSON.stringify(env)).toThrow(ConfigError);
  }
});

test('the demo is made once, and tells the same keys at every start', async () => {
  const own = await createTestDatabase();
  const dataFolder = await mkdtemp(join(folder, 'demo-'));
  await chmod(dataFolder, 0o755);
  try {
    const load = () =>
      loadDemo({
        pool: own.sql,
        clock: systemClock,
        documents: documentFolder(join(dataFolder, 'documents')),
        dataFolder,
      });
    const first = await load();
    expect(first).toMatchObject({ created: true });
    expect(await load()).toEqual({ ...first, created: false });
    expect((await stat(join(dataFolder, 'demo.json'))).mode & 0o777).toBe(0o600);
    const wallets =
      await own.sql`select currency, balance_minor from wallet where kind = 'tenant' order by id`;
    expect([...wallets]).toEqual([
      { currency: 'EUR', balance_minor: 100_000 },
      { currency: 'USD', balance_minor: 100_000 },
      { currency: 'INR', balance_minor: 10_000_000 },
    ]);
    const [stock] = await own.sql<{ live: number; test: number }[]>`
      select count(*) filter (where id < 1e15) as live, count(*) filter (where id > 1e15) as test from number`;
    expect(stock?.live).toBeGreaterThan(1000);
    expect(stock?.test).toBe(stock?.live);
    // Without its keys the demo is not made a second time: the exchange may be in use.
    await rm(join(dataFolder, 'demo.json'));
    expect(await load()).toBeUndefined();
    // Keys of another database are not passed off as keys of this one.
    await writeFile(
      join(dataFolder, 'demo.json'),
      JSON.stringify({ ...first, apiKey: `nx_live_${'0'.repeat(48)}` }),
    );
    expect(await load()).toBeUndefined();
  } finally {
    await own.drop();
  }
});

test('addresses are listed by status, and decided about by either spelling of their id', async () => {
  const { id: accountId } = await createAccount('--name', 'Resident');
  const rows = await database.sql<{ id: number }[]>`
    insert into address (account_id, street_address, city, postal_code, country, contact_name, contact_email,
                         contact_phone, company_name, status, created_at, updated_at, submitted_at)
    select id, 'Main Street 1', 'Berlin', '10117', 'DE', 'Erika', 'e@example.com', '+493012345678', company,
           'pending', now(), now(), now()
    from account cross join unnest(array['ACME', null]) as given(company) where public_id = ${accountId}
    returning id`;
  const [first, second] = rows.map((row) => row.id);
  const waiting = await runJson('address', 'list', '--status', 'pending');
  expect(waiting).toMatchObject({
    addresses: [
      { address_id: `addr_${(first ?? 0).toString(36)}`, account_id: accountId, company_name: 'ACME' },
      { address_id: `addr_${(second ?? 0).toString(36)}`, company_name: null },
    ],
  });
  const approved = await run('address', 'approve', String(first), '--reason', 'Seen');
  expect(approved).toMatchObject({ code: 0, err: '' });
  expect(approved.out).toContain('verified');
  expect(approved.out).toContain('Erika, ACME, Main Street 1, 10117 Berlin, DE');
  const word = `addr_${(second ?? 0).toString(36)}`;
  expect(await runJson('address', 'reject', word, '--reason', 'Blurred')).toMatchObject({
    address_id: word,
    status: 'rejected',
    reason: 'Blurred',
  });
  expect((await run('address', 'partial', word)).err).toContain('rejected; this needs pending');
  expect(await runJson('address', 'expire', String(first))).toMatchObject({ status: 'expired' });
  expect(await runJson('address', 'list', '--status', 'pending')).toEqual({ addresses: [] });
  expect(((await runJson('address', 'list'))['addresses'] as unknown[]).length).toBe(2);
  expect((await run('address', 'list', '--status', 'verified')).out).toBe('No addresses.\n');
  for (const wrong of ['ren_1', '0', 'x']) expect((await run('address', 'approve', wrong)).code).toBe(2);
  expect((await run('address', 'approve', '999999')).code).toBe(1);
});
