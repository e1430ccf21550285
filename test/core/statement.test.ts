import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { adjust, deposit, pageOfStatement, withdraw } from '../../src/core/ledger/index.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from '../dialects/numex/client.js';
import { plansOver } from '../support/plans.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let admin: OwnApi;
let tenant: TestTenant;
let own: OwnApi;

const hostile = '=HYPERLINK("http://x.example","<script>alert(1)</script>")';
const secondsPerDay = 86_400;

/** February: 10.00 in. March: 3.00 out, 2.50 taken, a number bought. April: 1.00 in. */
beforeAll(async () => {
  server = await startTestServer();
  admin = new OwnApi(server.url, await server.createAdminKey());
  tenant = await server.createTenant({ name: '<b>Tenant & Sons</b>', balances: { USD: 0 } });
  own = new OwnApi(server.url, tenant.apiKey);
  const { account } = tenant;
  const money = (amountMinor: number, reason: string) => ({ account, amountMinor, currency: 'USD', reason });
  server.clock.advance(-10 * secondsPerDay);
  await deposit({ ctx: server.operator(), input: { account, amountMinor: 1000, currency: 'USD' } });
  server.clock.advance(10 * secondsPerDay);
  await withdraw({ ctx: server.operator(), input: money(300, hostile) });
  await adjust({ ctx: server.operator(), input: money(-250, '@late fee') });
  await server.addNumbers(['+12135551234']);
  bodyOf(await own.post('/orders', { lines: [{ number: '+12135551234' }], currency: 'USD' }), 201);
  server.clock.advance(31 * secondsPerDay);
  await adjust({ ctx: server.operator(), input: money(100, 'Sorry') });
});

afterAll(() => server.close());

async function textOf(path: string, key = tenant.apiKey): Promise<{ text: string; headers: Headers }> {
  const response = await fetch(`${server.url}/numex/v1${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  return { text: await response.text(), headers: response.headers };
}

async function numex(...args: string[]): Promise<string> {
  let out = '';
  const close = () => Promise.resolve();
  const code = await runCli(args, {
    openDatabase: () => Promise.resolve({ url: server.databaseUrl, pool: server.sql, close }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (out += text),
  });
  expect(code, out).toBe(0);
  return out;
}

describe('a statement', () => {
  it('goes from the opening to the closing balance, which is where the next month begins', async () => {
    const march = bodyOf(await own.get('/wallets/USD/statement?month=2026-03'));
    expect(march).toMatchObject({
      account: tenant.account.publicId,
      from: '2026-03-01T00:00:00.000Z',
      until: '2026-04-01T00:00:00.000Z',
      opening_balance_minor: 1000,
      credits_minor: 0,
      debits_minor: 900,
      closing_balance_minor: 100,
      next_cursor: null,
    });
    const lines = march['data'] as Record<string, unknown>[];
    expect(
      lines.map((line) => [line['kind'], line['direction'], line['balance_minor'], line['number']]),
    ).toEqual([
      ['withdrawal', 'debit', 700, null],
      ['adjustment', 'debit', 450, null],
      ['rental', 'debit', 100, '+12135551234'],
    ]);
    const february = bodyOf(await own.get('/wallets/USD/statement?month=2026-02'));
    expect(february).toMatchObject({ opening_balance_minor: 0, closing_balance_minor: 1000 });
    const april = bodyOf(await own.get('/wallets/USD/statement'));
    expect(april).toMatchObject({ month: '2026-04', opening_balance_minor: 100, closing_balance_minor: 200 });
    const empty = bodyOf(await own.get('/wallets/USD/statement?month=2026-05'));
    expect(empty).toMatchObject({ opening_balance_minor: 200, closing_balance_minor: 200, data: [] });
  });

  it('is the same page by page, and for the operator who names the account', async () => {
    const whole = bodyOf(await own.get('/wallets/USD/statement?month=2026-03'));
    const operator = admin.actingFor(tenant.account.publicId);
    expect(bodyOf(await operator.get('/wallets/USD/statement?month=2026-03'))).toEqual(whole);
    const pages: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const body = bodyOf(await own.get(`/wallets/USD/statement?month=2026-03&limit=1${cursor}`));
      expect(body).toMatchObject({ opening_balance_minor: 1000, closing_balance_minor: 100 });
      pages.push(...(body['data'] as unknown[]));
      cursor = `&cursor=${String(body['next_cursor'])}`;
    }
    expect(pages).toEqual(whole['data']);
    expect(cursor).toBe('&cursor=null');
  });

  it('refuses what is no month and a wallet that is not there', async () => {
    expectProblem(await own.get('/wallets/USD/statement?month=2026-13'), 400, 'invalid_input');
    expectProblem(await own.get('/wallets/CHF/statement.csv'), 402, 'no_wallet');
    expectProblem(await admin.get('/wallets/USD/statement.html'), 403, 'forbidden');
  });
});

describe('a statement as CSV', () => {
  it('has no cell that a spreadsheet takes for a formula', async () => {
    const { text, headers } = await textOf('/wallets/USD/statement.csv?month=2026-03');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toContain('statement-2026-03-USD.csv');
    const lines = text.split('\r\n');
    expect(lines[1]).toBe('"2026-03-01T00:00:00.000Z","opening_balance",,,,,10.00,"USD",');
    expect(lines[2]).toContain(
      `"'=HYPERLINK(""http://x.example"",""<script>alert(1)</script>"")",,3.00,7.00,"USD"`,
    );
    expect(lines[3]).toContain(`"'@late fee"`);
    expect(lines[4]).toContain(`"'+12135551234"`);
    expect(lines[5]).toBe('"2026-04-01T00:00:00.000Z","closing_balance",,,,,1.00,"USD",');
    const cells = lines.flatMap((line) => line.match(/"(?:[^"]|"")*"|[^,]+/g) ?? []);
    expect(cells.filter((cell) => /^"?[=+@\t\r]/.test(cell) || /^"?-(?!\d)/.test(cell))).toEqual([]);
  });
});

describe('a statement as a page', () => {
  it('escapes what tenants write, and runs no script', async () => {
    const { text, headers } = await textOf('/wallets/USD/statement.html?month=2026-03');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*style-src 'sha256-/);
    expect(headers.get('content-security-policy')).not.toContain('script-src');
    expect(text).not.toMatch(/<script|<b>/i);
    expect(text).toContain('&#60;b&#62;Tenant &#38; Sons');
    expect(text).toContain('&#60;script&#62;');
    expect(text).toMatch(
      /Opening balance<\/th><th class="n">10\.00[^]*Closing balance<\/th><th class="n">1\.00/,
    );
  });
});

describe('a long statement', () => {
  it('is written in pieces, and its last balance is the closing balance', async () => {
    const long = await server.createTenant({ balances: { EUR: 0 } });
    const { account } = long;
    await deposit({ ctx: server.operator(), input: { account, amountMinor: 1, currency: 'EUR' } });
    await server.sql`
      with own as (select id from wallet where account_id = ${account.id}),
           house as (select id from wallet where kind = 'deposits' and currency = 'EUR' and environment = 'live'),
           posted as (
             insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, request_id, created_at)
             select house.id, own.id, 1, 'EUR', 'deposit', 'x', ${server.clock.now()}
             from own, house, generate_series(1, 2500) returning amount_minor)
      update wallet w set balance_minor = balance_minor + (select count(*) from posted) * case when kind = 'tenant' then 1 else -1 end
      where id in (select id from own union select id from house)`;
    const { text } = await textOf('/wallets/EUR/statement.csv', long.apiKey);
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(2504);
    expect(lines.at(-2)).toContain(',25.01,"EUR"');
    expect(lines.at(-1)).toContain('"closing_balance",,,,,25.01');
    expect(new Set(lines.map((line) => line.split(',').at(-1))).size).toBe(2503);
    const args = ['--account', account.publicId, '--currency', 'EUR', '--month', '2026-04'];
    const told = JSON.parse(await numex('wallet', 'statement', ...args, '--json')) as Record<string, unknown>;
    expect(told).toMatchObject({ opening_balance: '0.00', closing_balance: '25.01' });
    expect(told['lines']).toHaveLength(2501);
    expect(await numex('wallet', 'statement', ...args, '--format', 'csv')).toBe(text);
    expect(await numex('wallet', 'statement', ...args)).toMatch(/Closing balance +25\.01\n$/);
    expect(dataOf(await admin.actingFor(account.publicId).get('/wallets/EUR/statement'))).toHaveLength(50);
  });

  it('of somebody else is nothing to a short one: only the wallet’s own lines are read', async () => {
    await server.sql`analyze transfer`;
    const { account } = tenant;
    const after = { at: new Date('2026-03-04T00:00:00Z'), id: 1 };
    const plans = await plansOver(server, server.operator(), 'transfer', (ctx) =>
      pageOfStatement({ ctx, input: { account, currency: 'USD', month: '2026-03', after, limit: 10 } }),
    );
    const nodes = plans.flat().filter((node) => node['Index Name']?.startsWith('transfer_'));
    expect(new Set(nodes.map((node) => node['Index Name']))).toEqual(
      new Set(['transfer_by_credit_wallet_and_time', 'transfer_by_debit_wallet_and_time']),
    );
    expect(
      plans.flat().filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'transfer'),
    ).toEqual([]);
    expect(Math.max(...nodes.map((node) => node['Actual Rows']))).toBeLessThan(10);
  });
});
