import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, RootContext } from '../../src/core/context.js';
import { DomainError } from '../../src/core/errors.js';
import { buyNumber, buyNumbers, PurchaseDesk, reserveNumber } from '../../src/core/sales/index.js';
import { numberIdOf } from '../../src/core/number-id.js';
import { batchLinesMax } from '../../src/core/sales/desk/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { present } from '../../src/lib/assert.js';
import { noDocuments } from '../support/documents.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let lanes: Pool[];
let desks: PurchaseDesk[];
let nextLine = 1000;

/** Los Angeles numbers that no other test uses. */
function freshNumbers(count: number): string[] {
  return Array.from({ length: count }, () => `+1213556${nextLine++}`);
}

function idOf(number: string): number {
  return numberIdOf(Number(number.slice(1)), 'live');
}

/** A context as a request of this account has it, at the desk of one of two "processes". */
function contextFor(account: Account, process = 0, key?: string, body = ''): RootContext {
  return {
    sql: server.sql,
    desk: present(desks[process], 'two desks'),
    documents: noDocuments,
    clock: server.clock,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    requestId: 'req_desk_test',
    idempotency:
      key === undefined ? undefined : { key, requestHash: createHash('sha256').update(body).digest() },
  };
}

async function settle<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const buyOne = (ctx: RootContext, line: { numberId?: number; groupId?: number; maxPriceMinor?: number }) =>
  settle(buyNumber({ ctx, input: { line, unmetRequirements: 'refuse' } }));

async function balanceOf(account: Account): Promise<number> {
  const [row] = await server.sql<{ balance: number }[]>`
    select balance_minor as balance from wallet where account_id = ${account.id}`;
  return present(row, 'the account has a wallet').balance;
}

beforeAll(async () => {
  server = await startTestServer();
  // Two lanes of their own: what two server processes on one database look like.
  lanes = [0, 1].map((n) =>
    openPool({
      url: server.databaseUrl,
      connectionsMax: 1,
      applicationName: `desk-${n}`,
      settings: { enable_seqscan: 'off' },
    }),
  );
  desks = lanes.map((lane) => new PurchaseDesk(lane));
});

afterAll(async () => {
  const report = await verifyBooks({ ctx: server.operator() });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  await Promise.all(lanes.map((lane) => lane.end()));
  await server.close();
});

describe('races', () => {
  it('sells one number to exactly one of 64 buyers, over two processes', async () => {
    const [number = ''] = freshNumbers(1);
    await server.addNumbers([number]);
    const buyers = await Promise.all(Array.from({ length: 64 }, () => server.createTenant()));
    const outcomes = await Promise.all(
      buyers.map(({ account }, index) => buyOne(contextFor(account, index % 2), { numberId: idOf(number) })),
    );
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'number_unavailable')).toHaveLength(63);
    const balances = await Promise.all(buyers.map(({ account }) => balanceOf(account)));
    expect(balances.filter((balance) => balance === 10_000)).toHaveLength(63);
    expect(balances.filter((balance) => balance === 9_650)).toHaveLength(1);
  });

  it('lets a wallet for three of ten buy exactly three, over two processes', async () => {
    const numbers = freshNumbers(10);
    await server.addNumbers(numbers);
    const { account } = await server.createTenant({ balances: { USD: 3 * 350 + 349 } });
    const outcomes = await Promise.all(
      numbers.map((number, index) => buyOne(contextFor(account, index % 2), { numberId: idOf(number) })),
    );
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'insufficient_funds')).toHaveLength(7);
    expect(await balanceOf(account)).toBe(349);
  });

  it('never says sold out while one of the group is free, over two processes', async () => {
    const [group] = await server.sql<{ id: number }[]>`
      select g.id from number_group g join group_prefix p on p.group_id = g.id where p.prefix = '1907'`;
    const groupId = present(group, 'Alaska has a group').id;
    await server.addNumbers(Array.from({ length: 40 }, (_, n) => `+1907556${1000 + n}`));
    const { account } = await server.createTenant({ balances: { USD: 100_000 } });
    const outcomes = await Promise.all(
      Array.from({ length: 44 }, (_, index) => buyOne(contextFor(account, index % 2), { groupId })),
    );
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(40);
    expect(outcomes.filter((outcome) => outcome === 'group_sold_out')).toHaveLength(4);
  });

  it('never says sold out because of numbers that the same batch names', async () => {
    const [group] = await server.sql<{ id: number }[]>`
      select g.id from number_group g join group_prefix p on p.group_id = g.id where p.prefix = '1808'`;
    const groupId = present(group, 'Hawaii has a group').id;
    const numbers = Array.from({ length: 10 }, (_, n) => `+1808556${1000 + n}`);
    await server.addNumbers(numbers);
    const { account } = await server.createTenant({ balances: { USD: 100_000 } });
    const named = numbers.slice(0, 5).map((number) => ({ numberId: idOf(number) }));
    const order = await buyNumbers({
      ctx: contextFor(account, 0),
      input: {
        lines: [...named, ...Array.from({ length: 5 }, () => ({ groupId }))],
        mode: 'best_effort',
        unmetRequirements: 'refuse',
      },
    });
    expect(order.results.map((line) => line.ok)).toEqual(Array.from({ length: 10 }, () => true));
  });

  it('gives one number to one of buyers and reservers that ask at once', async () => {
    const numbers = freshNumbers(20);
    await server.addNumbers(numbers);
    const [a, b] = await Promise.all([server.createTenant(), server.createTenant()]);
    for (const number of numbers) {
      const [bought, held] = await Promise.all([
        buyOne(contextFor(a.account, 0), { numberId: idOf(number) }),
        settle(reserveNumber({ ctx: contextFor(b.account, 1), input: { line: { numberId: idOf(number) } } })),
      ]);
      expect([bought, held].filter((outcome) => typeof outcome === 'object')).toHaveLength(1);
    }
  });
});

describe('a batch with every verdict in it', () => {
  it('judges each request by what the ones before it have taken', async () => {
    const [mine = '', taken = '', dear = '', held = ''] = freshNumbers(4);
    await server.addNumbers([mine, taken, dear, held, '+4930231250991']);
    const [rich, poor, other, broke] = await Promise.all([
      server.createTenant({ balances: { USD: 100_000 } }),
      server.createTenant({ balances: { USD: 100 } }),
      server.createTenant(),
      server.createTenant({ balances: {} }),
    ]);
    await reserveNumber({ ctx: contextFor(other.account), input: { line: { numberId: idOf(held) } } });
    const outcomes = await Promise.all([
      buyOne(contextFor(rich.account), { numberId: idOf(mine) }),
      buyOne(contextFor(rich.account), { numberId: idOf(mine) }),
      buyOne(contextFor(other.account), { numberId: idOf(mine) }),
      buyOne(contextFor(poor.account), { numberId: idOf(taken) }),
      buyOne(contextFor(rich.account), { numberId: idOf(taken) }),
      buyOne(contextFor(rich.account), { numberId: idOf(dear), maxPriceMinor: 349 }),
      buyOne(contextFor(rich.account), { numberId: idOf(held) }),
      buyOne(contextFor(other.account), { numberId: idOf(held) }),
      buyOne(contextFor(rich.account), { numberId: idOf('+12135569999') }),
      buyOne(contextFor(rich.account), { groupId: 999_999_999 }),
      buyOne(contextFor(rich.account), { numberId: idOf('+4930231250991') }),
      buyOne(contextFor(broke.account), { numberId: idOf(dear) }),
    ]);
    expect(outcomes.map((outcome) => (typeof outcome === 'object' ? 'bought' : outcome))).toEqual([
      'bought',
      'already_owned',
      'number_unavailable',
      'insufficient_funds',
      'bought',
      'price_above_maximum',
      'number_unavailable',
      'bought',
      'not_found',
      'not_found',
      'requirements_unmet',
      'no_wallet',
    ]);
  });

  it('lets a cheaper request through after one that the wallet does not cover', async () => {
    const [dear = '', cheap = ''] = freshNumbers(2);
    await server.addNumbers([dear, cheap]);
    await server.sql`update number set has_own_price = true where id = ${idOf(dear)}`;
    await server.sql`
      insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
      values (${idOf(dear)}, 'USD', 0, 99999, 'month')`;
    const { account } = await server.createTenant({ balances: { USD: 400 } });
    const outcomes = await Promise.all([
      buyOne(contextFor(account), { numberId: idOf(dear) }),
      buyOne(contextFor(account), { numberId: idOf(cheap) }),
    ]);
    expect(outcomes[0]).toBe('insufficient_funds');
    expect(outcomes[1]).toMatchObject({ ok: true });
  });
});

describe('orders of several numbers', () => {
  it('buy all or none', async () => {
    const numbers = freshNumbers(3);
    await server.addNumbers(numbers);
    const { account } = await server.createTenant({ balances: { USD: 2 * 350 } });
    const lines = numbers.map((number) => ({ numberId: idOf(number) }));
    const order = buyNumbers({
      ctx: contextFor(account),
      input: { lines, mode: 'all_or_nothing', unmetRequirements: 'refuse' },
    });
    await expect(order).rejects.toMatchObject({
      code: 'order_refused',
      details: {
        refusals: [
          { error: { code: 'order_abandoned' } },
          { error: { code: 'order_abandoned' } },
          { error: { code: 'insufficient_funds' } },
        ],
      },
    });
    expect(await balanceOf(account)).toBe(700);
    const free = await server.sql`
      select 1 from number where id = any(${numbers.map(idOf)}::bigint[]) and status = 's'`;
    expect(free).toHaveLength(3);
  });

  it('buy what can be bought with best effort', async () => {
    const numbers = freshNumbers(3);
    await server.addNumbers(numbers);
    const { account } = await server.createTenant({ balances: { USD: 2 * 350 } });
    const lines = numbers.map((number) => ({ numberId: idOf(number) }));
    const order = await buyNumbers({
      ctx: contextFor(account),
      input: { lines, mode: 'best_effort', unmetRequirements: 'refuse' },
    });
    expect(order.results.map((result) => result.ok)).toEqual([true, true, false]);
    expect(await balanceOf(account)).toBe(0);
  });
});

describe('idempotency keys', () => {
  it('give a repeat the first answer and charge once', async () => {
    const [number = ''] = freshNumbers(1);
    await server.addNumbers([number]);
    const { account } = await server.createTenant();
    const buy = () => buyOne(contextFor(account, 0, 'key-1', 'same'), { numberId: idOf(number) });
    const first = await buy();
    expect(await buy()).toEqual(first);
    expect(await balanceOf(account)).toBe(10_000 - 350);
  });

  it('refuse another request under the same key', async () => {
    const [one = '', two = ''] = freshNumbers(2);
    await server.addNumbers([one, two]);
    const { account } = await server.createTenant();
    await buyOne(contextFor(account, 0, 'key-2', 'one'), { numberId: idOf(one) });
    expect(await buyOne(contextFor(account, 0, 'key-2', 'two'), { numberId: idOf(two) })).toBe(
      'idempotency_key_reused',
    );
  });

  it('say so while the first request runs, and never run twice, over two processes', async () => {
    const [number = ''] = freshNumbers(1);
    await server.addNumbers([number]);
    const { account } = await server.createTenant();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        buyOne(contextFor(account, index % 2, 'key-3', 'same'), { numberId: idOf(number) }),
      ),
    );
    const answers = outcomes.filter((outcome) => typeof outcome === 'object');
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map((answer) => answer.rentalId)).size).toBe(1);
    for (const outcome of outcomes) {
      if (typeof outcome === 'string') expect(outcome).toBe('idempotency_in_progress');
    }
    expect(await balanceOf(account)).toBe(10_000 - 350);
  });

  it('remember a refusal as well', async () => {
    const [number = ''] = freshNumbers(1);
    await server.addNumbers([number]);
    const { account } = await server.createTenant({ balances: { USD: 1 } });
    const buy = () => buyOne(contextFor(account, 0, 'key-4', 'same'), { numberId: idOf(number) });
    expect(await buy()).toBe('insufficient_funds');
    await server.sql`update number set status = 'w' where id = ${idOf(number)}`;
    expect(await buy()).toBe('insufficient_funds');
  });
});

describe('a failing batch', () => {
  it('refuses no request for the fault of another', async () => {
    const [good = '', other = ''] = freshNumbers(2);
    await server.addNumbers([good, other]);
    const { account } = await server.createTenant();
    // A text that PostgreSQL cannot store: whatever is written together with it fails.
    const poisoned = { ...contextFor(account), requestId: 'req_\u0000' };
    const [bad, fine] = await Promise.allSettled([
      buyNumber({ ctx: poisoned, input: { line: { numberId: idOf(other) }, unmetRequirements: 'refuse' } }),
      buyNumber({
        ctx: contextFor(account),
        input: { line: { numberId: idOf(good) }, unmetRequirements: 'refuse' },
      }),
    ]);
    expect(bad.status).toBe('rejected');
    expect(fine.status).toBe('fulfilled');
  });
});

describe('a batch', () => {
  it('has a bounded number of lines, however many orders come at once', async () => {
    const lane = openPool({
      url: server.databaseUrl,
      connectionsMax: 1,
      applicationName: 'numex-lines-test',
    });
    const sizes: number[] = [];
    const desk = new PurchaseDesk(lane, { batchJudged: (size) => sizes.push(size) });
    const { account } = await server.createTenant();
    const lines = Array.from({ length: 100 }, (_, n) => ({ numberId: idOf(`+1213557${1000 + n}`) }));
    const orders = Array.from({ length: 12 }, () =>
      settle(
        buyNumbers({
          ctx: { ...contextFor(account), desk },
          input: { lines, mode: 'all_or_nothing', unmetRequirements: 'refuse' },
        }),
      ),
    );
    expect(new Set(await Promise.all(orders))).toEqual(new Set(['order_refused']));
    expect(Math.max(...sizes) * lines.length).toBeLessThanOrEqual(batchLinesMax);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(12);
    await desk.close();
    await lane.end({ timeout: 1 });
  });
});
