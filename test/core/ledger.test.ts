import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, RootContext } from '../../src/core/context.js';
import { DomainError } from '../../src/core/errors.js';
import { deposit } from '../../src/core/ledger/index.js';
import { buyNumber, PurchaseDesk } from '../../src/core/sales/index.js';
import { numberIdOf } from '../../src/core/number-id.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { inTransaction } from '../../src/database/transaction.js';
import { present } from '../../src/lib/assert.js';
import { formatMinor, parseMajor } from '../../src/lib/money.js';
import { noDocuments } from '../support/documents.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let lane: Pool;
let desk: PurchaseDesk;
let nextLine = 0;

beforeAll(async () => {
  server = await startTestServer();
  lane = openPool({ url: server.databaseUrl, connectionsMax: 1, applicationName: 'desk' });
  desk = new PurchaseDesk(lane);
});

afterAll(async () => {
  await lane.end();
  await server.close();
});

function contextFor(account: Account): RootContext {
  return {
    sql: server.sql,
    desk,
    documents: noDocuments,
    clock: server.clock,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    requestId: 'req_ledger_test',
  };
}

const priceMinor = 350;

/** What a request can lead to in the model: numbers are sold once, and money runs out. */
function modelOf(balances: number[], requests: readonly { buyer: number; number: number }[]) {
  const owner = new Map<number, number>();
  const left = [...balances];
  const outcomes = requests.map(({ buyer, number }) => {
    if (owner.get(number) === buyer) return 'already_owned';
    if (owner.has(number)) return 'number_unavailable';
    if ((left[buyer] ?? 0) < priceMinor) return 'insufficient_funds';
    owner.set(number, buyer);
    left[buyer] = (left[buyer] ?? 0) - priceMinor;
    return 'bought';
  });
  return { outcomes, left };
}

describe('the ledger', () => {
  it('agrees with a small model for any set of purchases that arrive together', async () => {
    const scenario = fc.record({
      balances: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 2, maxLength: 4 }),
      requests: fc.array(fc.record({ buyer: fc.nat(3), number: fc.nat(7) }), { minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ balances, requests: drawn }) => {
        const requests = drawn.map(({ buyer, number }) => ({ buyer: buyer % balances.length, number }));
        const tenants = await Promise.all(balances.map((USD) => server.createTenant({ balances: { USD } })));
        const first = 2_000_000 + nextLine;
        nextLine += 8;
        const numbers = Array.from({ length: 8 }, (_, n) => `+1415${String(first + n)}`);
        await server.addNumbers(numbers);
        const outcomes = await Promise.all(
          requests.map(async ({ buyer, number }) => {
            const { account } = present(tenants[buyer], 'a tenant per balance');
            const numberId = numberIdOf(Number(present(numbers[number], 'eight numbers').slice(1)), 'live');
            try {
              await buyNumber({
                ctx: contextFor(account),
                input: { line: { numberId }, unmetRequirements: 'refuse' },
              });
              return 'bought';
            } catch (error) {
              if (error instanceof DomainError) return error.code;
              throw error;
            }
          }),
        );
        const model = modelOf(balances, requests);
        expect(outcomes).toEqual(model.outcomes);
        const left = await Promise.all(
          tenants.map(async ({ account }) => {
            const [row] = await server.sql<{ balance: number }[]>`
              select balance_minor as balance from wallet where account_id = ${account.id}`;
            return row?.balance;
          }),
        );
        expect(left).toEqual(model.left);
      }),
      { numRuns: 25 },
    );
  });

  it('sums to zero over all wallets of a currency, and every wallet to its transfers', async () => {
    const [books] = await server.sql<{ total: number; strays: number }[]>`
      select (select sum(balance_minor) from wallet)::bigint as total,
             (select count(*) from wallet w where balance_minor <>
               coalesce((select sum(amount_minor) from transfer where credit_wallet_id = w.id), 0) -
               coalesce((select sum(amount_minor) from transfer where debit_wallet_id = w.id), 0)) as strays`;
    expect(books).toEqual({ total: 0, strays: 0 });
  });

  it('takes deposits that arrive together without losing one', async () => {
    const { account } = await server.createTenant({ balances: { EUR: 0 } });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        inTransaction(server.sql, (tx) =>
          deposit({
            ctx: { ...server.operator(), sql: tx },
            input: { account, amountMinor: n + 1, currency: 'EUR' },
          }),
        ),
      ),
    );
    const [row] = await server.sql<{ balance: number }[]>`
      select balance_minor as balance from wallet where account_id = ${account.id}`;
    expect(row?.balance).toBe(210);
  });

  it('refuses to change or remove a transfer', async () => {
    await expect(server.sql`update transfer set amount_minor = 0`).rejects.toThrow(/append-only/);
    await expect(server.sql`delete from transfer`).rejects.toThrow(/append-only/);
    await expect(server.sql`truncate transfer`).rejects.toThrow(/append-only/);
  });

  it('refuses a tenant balance below the limit whatever the code above it does', async () => {
    const { account } = await server.createTenant({ balances: { EUR: 100 } });
    await expect(
      server.sql`update wallet set balance_minor = -1 where account_id = ${account.id}`,
    ).rejects.toThrow(/wallet_never_below_its_limit/);
  });
});

describe('money', () => {
  it('is written and read back without loss, for every currency and amount', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.constantFrom('EUR', 'USD', 'INR', 'JPY', 'KWD'),
        (amount, currency) => {
          expect(parseMajor(formatMinor(amount, currency), currency)).toBe(amount);
        },
      ),
    );
  });

  it.each(['', '1.', '.5', '1e3', '1,00', ' 1', '+1', '0x10', '1.001', 'NaN'])(
    'refuses %j as an amount',
    (text) => {
      expect(parseMajor(text, 'EUR')).toBeUndefined();
    },
  );
});
