import fc from 'fast-check';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { setReleaseFee } from '../../src/core/billing/index.js';
import { deposit, openWallet } from '../../src/core/ledger/index.js';
import { setPolicy } from '../../src/core/policies/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { hotPathSettings, openPool } from '../../src/database/connection.js';
import { runDue } from '../../src/jobs/run-due.js';
import { schedule } from '../../src/jobs/schedule.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import { day, of, second } from './model.js';
import type { Account, Currency, Policies, Price, TargetKind, World } from './model.js';

/**
 * The exchange under test, as its users see it: two servers of the own API on one database, so that what a request finds
 * is never what the process remembers, and one of them can be taken down and started again. Each run of commands has a
 * database of its own: then a run depends on nothing but its seed, and can be repeated and shrunk.
 */

const eur: Price = { currency: 'EUR', setup: 0, recurring: 500, cycle: '28d' };
const localUsd: Price = { currency: 'USD', setup: 100, recurring: 250, cycle: 'month' };
const tollfreeUsd: Price = { currency: 'USD', setup: 200, recurring: 400, cycle: 'month' };

/** The stock: ranges of fiction, one shelf each; the Dutch ones need registration. */
const stock = [
  { first: '+12135550100', count: 5, prices: [eur, localUsd], needsRegistration: false },
  { first: '+18005550100', count: 3, prices: [eur, tollfreeUsd], needsRegistration: false },
  { first: '+31204560100', count: 3, prices: [eur, localUsd], needsRegistration: true },
] as const;

/** The policies that ship, short ones that the commands run into often, and a grace that is longer than a cycle. */
export const policySets: Readonly<Record<string, Policies>> = {
  standard: {
    reservation: 3600 * second,
    reservationTotal: day,
    reservationsMax: 50,
    reclaim: 7 * day,
    cancel: day,
    quarantine: 45 * day,
    grace: 7 * day,
    registration: 30 * day,
    idempotency: day,
    coolOff: 15 * day,
  },
  short: {
    reservation: 600 * second,
    reservationTotal: 1000 * second,
    reservationsMax: 2,
    reclaim: day,
    cancel: 0,
    quarantine: 0,
    grace: 0,
    registration: 3 * day,
    idempotency: 3600 * second,
    coolOff: day,
  },
  long: {
    reservation: 2 * day,
    reservationTotal: 3 * day,
    reservationsMax: 3,
    reclaim: 40 * day,
    cancel: 2 * day,
    quarantine: 5 * day,
    grace: 40 * day,
    registration: 20 * day,
    idempotency: 10 * day,
    coolOff: 3 * day,
  },
};

export interface Setting {
  readonly policies: string;
  /** Seconds after the test servers' first instant. */
  readonly startsAfterSeconds: number;
}

export const settings: fc.Arbitrary<Setting> = fc.record({
  policies: fc.constantFrom(...Object.keys(policySets)),
  // Near the end of a month as often as not: that is where monthly cycles are clipped.
  startsAfterSeconds: fc.oneof(
    fc.constantFrom(26, 27, 57, 87, 331, 332).map((days) => days * 86_400),
    fc.integer({ min: 0, max: 400 * 86_400 }).map((n) => n + 0.25),
  ),
});

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface Sending {
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export class Exchange {
  readonly base: TestServer;
  readonly #keys = new Map<string, string>();
  readonly #publicIds = new Map<string, string>();
  #second: App;
  #secondUrl: string;
  #nextKey = 1;
  steps = 0;

  private constructor(base: TestServer, second: App, secondUrl: string) {
    this.base = base;
    this.#second = second;
    this.#secondUrl = secondUrl;
  }

  static async start(): Promise<Exchange> {
    const base = await startTestServer();
    const { app, url } = await openSecond(base);
    return new Exchange(base, app, url);
  }

  get now(): number {
    return this.base.clock.now().getTime();
  }

  publicId(account: string): string {
    return of(this.#publicIds, account);
  }

  newKey(): string {
    return `k${this.#nextKey++}`;
  }

  /** Asks one of the two servers; undefined when no answer came. */
  async send(
    { as, method, path, body }: Sending,
    server: number,
    key?: string,
  ): Promise<HttpAnswer | undefined> {
    const url = server % 2 === 0 ? this.base.url : this.#secondUrl;
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    try {
      const answer = await ask(url, of(this.#keys, as), method, `/numex/v1${path}`, body, headers);
      return { status: answer.status, body: answer.body };
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }

  /**
   * Asks while nothing is being broken. The driver tells of a connection that was lost once more when it is used next, in
   * the middle of peace: an answer of 503 that has changed nothing, and is asked again.
   */
  async ask(sending: Sending, server: number, key?: string): Promise<HttpAnswer> {
    for (let sent = 0; ; sent++) {
      const answer = await this.send(sending, server, key);
      if (answer && (answer.status !== 503 || sent >= connectionsMax)) return answer;
      if (!answer) throw new Error(`no answer to ${sending.method} ${sending.path}`);
    }
  }

  /** Reads a list to its end. */
  async list(as: string, path: string): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string';) {
      const next =
        cursor === '' ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const answer = await this.ask({ as, method: 'GET', path: `${path}${next}` }, this.steps);
      if (answer.status !== 200) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
      rows.push(...(at(answer.body, 'data') as unknown[]));
      cursor = at(answer.body, 'next_cursor');
    }
    return rows;
  }

  /** Ends every connection of the desks and pools, in the middle of whatever they do. */
  async dropConnections(applications: readonly string[] = ['numex', 'numex-desk']): Promise<void> {
    await this.base.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = any(${applications as string[]}::text[])`;
  }

  /** Waits until both servers find their database again, their desks too. */
  async settle(): Promise<void> {
    const body = { number: noNumber };
    for (const server of [0, 1]) {
      for (let inOrder = 0, asked = 0; inOrder < settledRequests; asked++) {
        const read = await this.send({ as: 'anna', method: 'GET', path: '/wallets' }, server);
        const desk = await this.send({ as: 'anna', method: 'POST', path: '/reservations', body }, server);
        inOrder = read?.status === 200 && (desk?.status ?? 503) < 500 ? inOrder + 1 : 0;
        if (asked > 10 * connectionsMax) {
          throw new Error(`server ${server} does not find its database: ${JSON.stringify([read, desk])}`);
        }
      }
    }
  }

  /** Takes the second server down, with what it is about to do, and starts it again on the same database. */
  async restart(): Promise<void> {
    this.#second.server.server.closeAllConnections();
    await this.#second.close();
    const { app, url } = await openSecond(this.base);
    this.#second = app;
    this.#secondUrl = url;
  }

  /** Due work as a process of its own does it. */
  async doDueWork(): Promise<void> {
    const sql = openPool({
      url: this.base.databaseUrl,
      connectionsMax: 1,
      applicationName: dueWorkName,
      settings: hotPathSettings,
    });
    try {
      await runDue(schedule, { sql, clock: this.base.clock });
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  /** What `numex verify` finds wrong. */
  async faults(): Promise<unknown[]> {
    const { checks } = await verifyBooks({ ctx: this.base.operator() });
    return checks.filter((check) => !check.ok);
  }

  async close(): Promise<void> {
    // At once: after lost connections, each waits some seconds for what never comes.
    await Promise.all([this.#second.close(), this.base.close()]);
  }

  /** Opens accounts, stock and policies, and the model of them. */
  async furnish({ policies: set, startsAfterSeconds }: Setting): Promise<World> {
    const policies = policySets[set];
    if (!policies) throw new Error(`no policies are called ${set}`);
    this.base.clock.advance(startsAfterSeconds);
    await setPolicies(this.base, policies);
    const world: World = {
      now: this.now,
      policies,
      shelves: new Map(),
      accounts: new Map(),
      numbers: new Map(),
      holds: new Map(),
      holders: new Map(),
      rentals: new Map(),
      transfers: [],
      remembered: [],
    };
    await this.#addStock(world);
    this.#keys.set('operator', await this.base.createAdminKey());
    await this.#openAccount(world, 'anna', null, { EUR: 2600, USD: 1300 });
    await this.#openAccount(world, 'bert', null, { USD: 900 });
    await this.#openAccount(world, 'sub', 'anna', {});
    return world;
  }

  async #addStock(world: World): Promise<void> {
    for (const { first, count, prices, needsRegistration } of stock) {
      const numbers = Array.from({ length: count }, (_, n) => `+${Number(first.slice(1)) + n}`);
      await this.base.addNumbers(numbers);
      const [row] = await this.base.sql<{ group: string }[]>`
        select g.public_id as "group" from number n join number_group g on g.id = n.group_id
        where n.id = ${Number(first.slice(1))}`;
      const group = row?.group ?? '';
      world.shelves.set(group, { group, prices, needsRegistration });
      for (const number of numbers) {
        const empty = { hold: null, restsUntil: null, lastCallAt: null };
        world.numbers.set(number, { number, group, mark: 'stock', ...empty });
      }
    }
  }

  async #openAccount(
    world: World,
    name: string,
    parent: string | null,
    balances: Partial<Record<Currency, number>>,
  ): Promise<void> {
    const parentId = parent === null ? {} : { parent: this.publicId(parent) };
    const tenant = await this.base.createTenant({ name, balances: {}, ...parentId });
    const ctx = this.base.operator();
    this.#keys.set(name, tenant.apiKey);
    this.#publicIds.set(name, tenant.account.publicId);
    // The second account may go into debt, and pays for releases.
    const lends = name === 'bert';
    const releaseFees = lends ? { USD: 150 } : {};
    const targets: Account['targets'] = { agent: [], trunk: [], application: [] };
    const account: Account = { name, parent, wallets: [], releaseFees, targets, newNumbers: null };
    world.accounts.set(name, account);
    for (const [currency, amount] of Object.entries(balances) as [Currency, number][]) {
      const limit = lends ? 300 : 0;
      const input = { account: tenant.account, currency };
      await openWallet({ ctx, input: { ...input, creditLimitMinor: limit } });
      await deposit({ ctx, input: { ...input, amountMinor: amount } });
      account.wallets.push({ currency, balance: amount, limit, funded: true });
      const none = { rental: null, cycle: null };
      world.transfers.push({ account: name, currency, kind: 'deposit', amount, at: world.now, ...none });
    }
    if (lends) {
      const input = { account: tenant.account, currency: 'USD', amountMinor: 150 };
      await setReleaseFee({ ctx, input });
    }
    await this.#makeTargets(account);
  }

  async #makeTargets(account: Account): Promise<void> {
    const make = async (kind: TargetKind, fields: object): Promise<void> => {
      const body = { name: `${account.name}’s`, ...fields };
      const answer = await this.send({ as: account.name, method: 'POST', path: `/${kind}s`, body }, 0);
      const id = at(answer?.body, 'id');
      if (typeof id !== 'string') throw new Error(`no ${kind}: ${JSON.stringify(answer)}`);
      account.targets[kind].push(id);
    };
    await make('agent', {});
    await make('agent', {});
    await make('trunk', { domain: 'sip.example.com' });
    const takesNew = account.name === 'bert';
    await make('application', { takes_new_numbers: takesNew });
    if (takesNew) account.newNumbers = account.targets.application[0] ?? null;
  }
}

/** A number that is not in stock: asking for it asks the desk, and changes nothing. */
const noNumber = '+12135559999';
/** Connections of a server at most, each of which may have been lost. */
const connectionsMax = 17;
/** Requests in a row that succeed when all is well again. */
const settledRequests = 5;

export const dueWorkName = 'numex-model-due';

async function openSecond(base: TestServer): Promise<{ app: App; url: string }> {
  const { databaseUrl, documentsPath, clock } = base;
  const app = await createApp({ databaseUrl, documentsPath, clock, rateLimits: false });
  const url = await app.server.listen({ port: 0, host: '127.0.0.1' });
  return { app, url };
}

async function setPolicies(base: TestServer, policies: Policies): Promise<void> {
  const named = {
    reservation_seconds: policies.reservation / second,
    reservation_total_seconds: policies.reservationTotal / second,
    reservations_per_account: policies.reservationsMax,
    reclaim_seconds: policies.reclaim / second,
    cancel_seconds: policies.cancel / second,
    quarantine_seconds: policies.quarantine / second,
    grace_seconds: policies.grace / second,
    registration_seconds: policies.registration / second,
    idempotency_seconds: policies.idempotency / second,
    cool_off_seconds: policies.coolOff / second,
  };
  for (const [name, value] of Object.entries(named)) {
    await setPolicy({ ctx: base.operator(), input: { name, environment: 'live', value } });
  }
}
