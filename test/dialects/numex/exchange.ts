import { deposit } from '../../../src/core/ledger/index.js';
import { at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { bodyOf, OwnApi } from './client.js';

/** An account and its view of the own API. */
export interface Holder {
  readonly id: string;
  readonly api: OwnApi;
}

export type Tenant = Holder & { readonly tenant: TestTenant };

/** A server of the exchange, and short words for what most tests of the own API do before they begin. */
export class Exchange {
  #nextLine = 1000;

  private constructor(
    readonly server: TestServer,
    readonly admin: OwnApi,
  ) {}

  static async open(): Promise<Exchange> {
    const server = await startTestServer();
    return new Exchange(server, new OwnApi(server.url, await server.createAdminKey()));
  }

  close(): Promise<void> {
    return this.server.close();
  }

  async tenant(options: Parameters<TestServer['createTenant']>[0] = {}): Promise<Tenant> {
    const tenant = await this.server.createTenant({ balances: { USD: 100_000 }, ...options });
    return { tenant, id: tenant.account.publicId, api: new OwnApi(this.server.url, tenant.apiKey) };
  }

  /** A sub-account opened by its parent. */
  async sub(parent: Holder, fields: object = {}): Promise<Holder> {
    const made = bodyOf(await parent.api.post('/sub-accounts', { name: 'Branch', ...fields }), 201);
    return { id: String(made['id']), api: new OwnApi(this.server.url, String(made['api_key'])) };
  }

  /** Another key of the same account, which may only read. */
  async readerOf({ api }: Holder): Promise<OwnApi> {
    const made = bodyOf(await api.post('/account/keys', { scope: 'read' }), 201);
    return new OwnApi(this.server.url, String(made['api_key']));
  }

  async topUp({ tenant }: Tenant, amountMinor: number): Promise<void> {
    const input = { account: tenant.account, amountMinor, currency: 'USD' };
    await deposit({ ctx: this.server.operator(), input });
  }

  /** A fresh number in stock, never given to another test of the file. */
  async stock(environment: 'live' | 'test' = 'live'): Promise<string> {
    const number = `+1213557${this.#nextLine++}`;
    await this.server.addNumbers([number], environment);
    return number;
  }

  /** Buys a fresh number; gives it with the rental's id. */
  async rent({ api }: Holder): Promise<{ number: string; rental: string }> {
    const number = await this.stock();
    const order = bodyOf(await api.post('/orders', { lines: [{ number }] }), 201);
    return { number, rental: String(at(order, 'results.0.rental_id')) };
  }

  /** A number bought by the parent and handed to a sub-account of its own. */
  async handed(parent: Holder, sub: Holder): Promise<{ number: string; rental: string }> {
    const rented = await this.rent(parent);
    bodyOf(await parent.api.put(`/sub-accounts/${sub.id}/numbers/${rented.number}`));
    return rented;
  }

  /** What the account's wallet in dollars holds, in minor units. */
  async balanceOf({ tenant }: Tenant): Promise<number> {
    const [row] = await this.server.sql<{ minor: number }[]>`
      select balance_minor::int as minor from wallet
      where account_id = ${tenant.account.id} and currency = 'USD'`;
    return Number(row?.minor);
  }

  /** Types of the account's events, newest first. */
  async eventsOf({ api }: Holder): Promise<unknown[]> {
    return (bodyOf(await api.get('/events'))['data'] as { type: string }[]).map(({ type }) => type);
  }

  /** Audit rows about a number, or by an action: details and who acted, newest first. */
  async audited(query: string): Promise<{ actor: unknown; details: unknown; account: unknown }[]> {
    const rows = bodyOf(await this.admin.get(`/audit?${query}`))['data'] as Record<string, unknown>[];
    return rows.map(({ actor, details, account }) => ({ actor, details, account }));
  }
}
