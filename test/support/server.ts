import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { createAccount, createKey } from '../../src/core/accounts/index.js';
import type { Account, Context, Environment } from '../../src/core/context.js';
import { deposit, openWallet } from '../../src/core/ledger/index.js';
import { countryNo, typeLetter } from '../../src/core/stock/number-row.js';
import { findGroups, listPrefixRows } from '../../src/core/catalogue/index.js';
import { numberIdOf } from '../../src/core/number-id.js';
import type { Pool } from '../../src/database/connection.js';
import type { Clock } from '../../src/lib/clock.js';
import type { Tracing } from '../../src/server/telemetry.js';
import { createTestDatabase } from './database.js';

/** A clock that stands still until it is told to move. */
export class TestClock implements Clock {
  #now: Date;

  constructor(start = new Date('2026-03-04T09:30:00Z')) {
    this.#now = start;
  }

  now(): Date {
    return new Date(this.#now.getTime());
  }

  advance(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}

export interface TestTenant {
  readonly account: Account;
  readonly apiKey: string;
}

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly sql: Pool;
  readonly clock: TestClock;
  readonly app: App;
  readonly databaseUrl: string;
  /** The folder of uploaded documents. */
  readonly documentsPath: string;
  /** A context of the operator, for calling verbs directly. */
  operator(): Context;
  /** An account with a key, and a wallet per currency given with its balance in minor units (0 opens it empty). */
  createTenant(options?: {
    name?: string;
    environment?: Environment;
    balances?: Readonly<Record<string, number>>;
    scope?: 'full' | 'read';
    parent?: string;
  }): Promise<TestTenant>;
  createAdminKey(): Promise<string>;
  /** Puts numbers (E.164) into stock; each finds its group by longest prefix. */
  addNumbers(numbers: readonly string[], environment?: Environment): Promise<void>;
  close(): Promise<void>;
}

/** A server on a port of its own, over a database of its own. */
export async function startTestServer(
  options: { rateLimits?: boolean; logger?: FastifyBaseLogger; tracing?: Tracing } = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const documentsPath = await mkdtemp(join(tmpdir(), 'numex-documents-'));
  const app = await createApp({
    databaseUrl: database.url,
    documentsPath,
    clock,
    ...options,
    rateLimits: options.rateLimits ?? false,
  });
  const url = await app.server.listen({ port: 0, host: '127.0.0.1' });
  const operator = (): Context => ({
    sql: database.sql,
    clock,
    actor: { kind: 'operator', keyId: null },
    requestId: 'req_test',
  });
  return {
    url,
    sql: database.sql,
    clock,
    app,
    databaseUrl: database.url,
    documentsPath,
    operator,
    createTenant: async ({
      name = 'Tenant',
      environment = 'live',
      scope,
      parent,
      // A parent pays for its sub-accounts, which have no money of their own.
      balances = parent === undefined ? { USD: 10_000 } : {},
    } = {}) => {
      const ctx = operator();
      const account = await createAccount({ ctx, input: { name, environment, parent } });
      for (const [currency, amountMinor] of Object.entries(balances)) {
        if (amountMinor > 0) await deposit({ ctx, input: { account, amountMinor, currency } });
        else await openWallet({ ctx, input: { account, currency } });
      }
      const { apiKey } = await createKey({ ctx, input: { account, scope: scope ?? 'full' } });
      return { account, apiKey };
    },
    createAdminKey: async () =>
      (await createKey({ ctx: operator(), input: { account: null, scope: 'admin' } })).apiKey,
    addNumbers: (numbers, environment = 'live') => insertNumbers(database.sql, numbers, environment),
    close: async () => {
      await app.close();
      await database.drop();
      await rm(documentsPath, { recursive: true, force: true });
    },
  };
}

async function insertNumbers(sql: Pool, numbers: readonly string[], environment: Environment): Promise<void> {
  const groupByPrefix = new Map((await listPrefixRows(sql)).map((row) => [row.prefix, row.groupId]));
  const placed = numbers.map((number) => {
    const digits = number.slice(1);
    for (let length = digits.length; length > 0; length--) {
      const groupId = groupByPrefix.get(digits.slice(0, length));
      if (groupId !== undefined) return { id: numberIdOf(Number(digits), environment), groupId };
    }
    throw new Error(`no group for ${number}`);
  });
  const groups = new Map(
    (
      await findGroups(
        sql,
        placed.map((row) => row.groupId),
      )
    ).map((group) => [group.id, group]),
  );
  const rows = placed.map(({ id, groupId }) => {
    const group = groups.get(groupId);
    if (!group) throw new Error(`group ${groupId} is gone`);
    return {
      id,
      group_id: groupId,
      city_id: group.cityId,
      country_no: countryNo(group.country),
      region_id: group.regionId,
      features: group.features,
      type: typeLetter(group.type),
      status: 's',
    };
  });
  for (let start = 0; start < rows.length; start += 1000) {
    await sql`insert into number ${sql(rows.slice(start, start + 1000))}`;
  }
}
