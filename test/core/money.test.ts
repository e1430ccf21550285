import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { adjust, deposit, refund, withdraw } from '../../src/core/ledger/index.js';
import type { Account } from '../../src/core/context.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from '../dialects/numex/client.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let admin: OwnApi;

beforeAll(async () => {
  server = await startTestServer();
  admin = new OwnApi(server.url, await server.createAdminKey());
});

afterAll(() => server.close());

const reason = 'Agreed by telephone';

async function balanceOf({ id }: Account): Promise<number> {
  const [row] = await server.sql<{ minor: number }[]>`
    select balance_minor as minor from wallet where account_id = ${id} and currency = 'USD'`;
  return row?.minor ?? 0;
}

async function numex(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const close = () => Promise.resolve();
  const code = await runCli(args, {
    openDatabase: () => Promise.resolve({ url: server.databaseUrl, pool: server.sql, close }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

function path({ account }: TestTenant, kind: string): string {
  return `/accounts/${account.publicId}/${kind}`;
}

describe('money that the operator moves', () => {
  it('goes into the wallet and out of it, as the ledger, the balance and the audit trail say', async () => {
    const tenant = await server.createTenant({ balances: { USD: 1000 } });
    const money = { amount_minor: 300, currency: 'USD', reason };
    expect(bodyOf(await admin.post(path(tenant, 'refunds'), money), 201)).toMatchObject({
      balance_minor: 1300,
      transfer_id: expect.any(Number) as number,
    });
    expect(bodyOf(await admin.post(path(tenant, 'withdrawals'), money), 201)).toMatchObject({
      balance_minor: 1000,
    });
    const taken = { ...money, amount_minor: -250 };
    expect(bodyOf(await admin.post(path(tenant, 'adjustments'), taken), 201)).toMatchObject({
      balance_minor: 750,
    });
    const given = { ...money, amount_minor: 50 };
    expect(bodyOf(await admin.post(path(tenant, 'adjustments'), given), 201)).toMatchObject({
      balance_minor: 800,
    });
    const lines = dataOf(await admin.actingFor(tenant.account.publicId).get('/wallets/USD/transfers'));
    expect(
      lines.map((line) => [line['kind'], line['direction'], line['amount_minor'], line['reference']]),
    ).toEqual([
      ['adjustment', 'credit', 50, reason],
      ['adjustment', 'debit', 250, reason],
      ['withdrawal', 'debit', 300, reason],
      ['refund', 'credit', 300, reason],
      ['deposit', 'credit', 1000, null],
    ]);
    const trail = dataOf(await admin.get(`/audit?account=${tenant.account.publicId}`));
    expect(trail.slice(0, 4).map((entry) => [entry['action'], entry['details']])).toEqual([
      ['wallet.adjust', { amount_minor: 50, currency: 'USD', reason }],
      ['wallet.adjust', { amount_minor: -250, currency: 'USD', reason }],
      ['wallet.withdraw', { amount_minor: 300, currency: 'USD', reason }],
      ['wallet.refund', { amount_minor: 300, currency: 'USD', reason }],
    ]);
    const { checks } = await verifyBooks({ ctx: server.operator() });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  });

  it('never takes a wallet below its limit, whoever else is at it', async () => {
    const { account } = await server.createTenant({ balances: { USD: 1000 } });
    const input = { account, amountMinor: 300, currency: 'USD', reason };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) =>
        index % 2 === 0
          ? withdraw({ ctx: server.operator(), input })
          : adjust({ ctx: server.operator(), input: { ...input, amountMinor: -300 } }),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map((outcome) => (outcome.reason as { code?: string }).code)).toEqual([
      'insufficient_funds',
      'insufficient_funds',
    ]);
    expect(await balanceOf(account)).toBe(100);
    await server.sql`update wallet set credit_limit_minor = 200 where account_id = ${account.id}`;
    await withdraw({ ctx: server.operator(), input });
    expect(await balanceOf(account)).toBe(-200);
    await deposit({ ctx: server.operator(), input: { account, amountMinor: 200, currency: 'USD' } });
  });

  it('needs a reason, an amount, a wallet and an admin key', async () => {
    const tenant = await server.createTenant({ balances: { USD: 1000 } });
    const { account, apiKey } = tenant;
    const money = { amount_minor: 300, currency: 'USD', reason };
    const own = new OwnApi(server.url, apiKey);
    for (const kind of ['refunds', 'withdrawals', 'adjustments']) {
      expectProblem(await own.post(path(tenant, kind), money), 403, 'forbidden');
      expectProblem(
        await admin.post(path(tenant, kind), { ...money, amount_minor: 0 }),
        400,
        'invalid_input',
      );
      expectProblem(await admin.post(path(tenant, kind), { ...money, reason: ' ' }), 400, 'invalid_input');
      expectProblem(
        await admin.post(path(tenant, kind), { amount_minor: 1, currency: 'USD' }),
        400,
        'missing_input',
      );
      expectProblem(await admin.post(path(tenant, kind), { ...money, currency: 'CHF' }), 402, 'no_wallet');
    }
    expect(await balanceOf(account)).toBe(1000);
  });

  it('moves once for one idempotency key', async () => {
    const tenant = await server.createTenant({ balances: { USD: 1000 } });
    const money = { amount_minor: 300, currency: 'USD', reason };
    const again = () => admin.post(path(tenant, 'withdrawals'), money, { 'idempotency-key': 'w-1' });
    const first = bodyOf(await again(), 201);
    expect(bodyOf(await again(), 201)).toEqual(first);
    const args = ['--account', tenant.account.publicId, '--amount', '2.00', '--currency', 'USD'];
    const command = ['wallet', 'refund', ...args, '--reason', reason, '--key', 'r-1', '--json'];
    const told = await numex(...command);
    expect(JSON.parse(told.out)).toMatchObject({ amount: '2.00', balance: '9.00' });
    expect(await numex(...command)).toEqual(told);
    expect(await balanceOf(tenant.account)).toBe(900);
  });

  it('marks the wallet as richer, so that what it owes is tried again', async () => {
    const { account } = await server.createTenant({ balances: { USD: 0 } });
    await refund({
      ctx: server.operator(),
      input: { account, amountMinor: 5, currency: 'USD', reason },
    });
    const [wallet] = await server.sql<{ funded: boolean }[]>`
      select funded_at is not null as funded from wallet where account_id = ${account.id}`;
    expect(wallet).toEqual({ funded: true });
  });
});

describe('numex wallet', () => {
  it('lists wallets and moves money in major units', async () => {
    const { account } = await server.createTenant({ balances: { USD: 1000 } });
    const args = ['--account', account.publicId, '--currency', 'USD', '--reason', reason];
    expect((await numex('wallet', 'adjust', ...args, '--amount', '-2.50')).out).toBe(
      `Adjusted by -2.50 USD; account ${account.publicId} has 7.50 USD now.\n`,
    );
    expect((await numex('wallet', 'withdraw', ...args, '--amount', '7.51')).err).toContain('does not cover');
    const listed = await numex('wallet', 'list', '--account', account.publicId, '--json');
    expect(JSON.parse(listed.out)).toEqual({
      account_id: account.publicId,
      wallets: [{ currency: 'USD', balance: '7.50', credit_limit: '0.00' }],
    });
    expect((await numex('wallet', 'refund', '--account', account.publicId)).code).toBe(2);
  });
});
