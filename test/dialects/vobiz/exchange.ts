import { expect } from 'vitest';
import { ask, at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { expectNothing } from './contract.js';
import { VobizClient } from './client.js';

export const day = 24 * 3600;

/** What a month of any number costs in the shipped list, in rupees; there is no set-up fee. */
export const monthlyFee = 500;

export const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const uuidOfNobody = '3f0b9a52-6c1d-4e7f-8a90-5d2c7b1e4f68';

export type Caller = VobizClient & { readonly tenant: TestTenant; readonly id: string };

export interface CallRecord {
  readonly from?: string;
  readonly to?: string;
  readonly direction?: 'inbound' | 'outbound';
  /** Seconds before now at which it began; it lasted a minute. */
  readonly ago: number;
  readonly answered?: boolean;
}

/** A server of the exchange, and short words for what most tests do before they begin. */
export class Exchange {
  #nextLine = 1000;
  #nextCall = 1;
  #adminKey: string | undefined;

  private constructor(readonly server: TestServer) {}

  static async open(options: { rateLimits?: boolean } = {}): Promise<Exchange> {
    return new Exchange(await startTestServer(options));
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** A master account with rupees, or with what `options` says. */
  async master(options: Parameters<TestServer['createTenant']>[0] = {}): Promise<Caller> {
    return this.#caller(await this.server.createTenant({ balances: { INR: 1_000_000 }, ...options }));
  }

  async sub(parent: Caller, scope: 'full' | 'read' = 'full'): Promise<Caller> {
    return this.#caller(await this.server.createTenant({ parent: parent.id, balances: {}, scope }));
  }

  /** The operator, calling under an auth id that means nothing. */
  async admin(): Promise<VobizClient> {
    this.#adminKey ??= await this.server.createAdminKey();
    return new VobizClient(this.server.url, { authId: 'MA_ADMIN', authToken: this.#adminKey });
  }

  #caller(tenant: TestTenant): Caller {
    const id = tenant.account.publicId;
    const client = new VobizClient(this.server.url, { authId: id, authToken: tenant.apiKey });
    return Object.assign(client, { tenant, id });
  }

  /** Fresh numbers in stock, rising, never given to another test of the file. */
  async stock(count: number, prefix = '+91804123'): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, i) => `${prefix}${this.#nextLine + i}`);
    this.#nextLine += count;
    await this.server.addNumbers(numbers);
    return numbers;
  }

  async stockOne(prefix?: string): Promise<string> {
    const [number = ''] = await this.stock(1, prefix);
    return number;
  }

  async bought(client: VobizClient): Promise<string> {
    const number = await this.stockOne();
    const answer = await client.buy(number);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return number;
  }

  /** A number bought by the parent and given to the sub-account. */
  async given(parent: VobizClient, sub: Caller): Promise<string> {
    const number = await this.bought(parent);
    expectNothing(await parent.give(number, sub.id));
    return number;
  }

  /** Brings calls in as the operator's feed does; answers their call ids. */
  async bringCalls(...calls: readonly CallRecord[]): Promise<string[]> {
    this.#adminKey ??= await this.server.createAdminKey();
    const records = calls.map((call) => {
      const { from = '+14155550100', to = '+14155550199', direction = 'inbound', answered = true } = call;
      return {
        call_id: `call-${this.#nextCall++}`,
        direction,
        from,
        to,
        started_at: this.instant(-call.ago),
        ...(answered ? { answered_at: this.instant(-call.ago + 5) } : {}),
        ended_at: this.instant(-call.ago + 60),
        duration: 60,
        billable: answered ? 55 : 0,
      };
    });
    const body = { calls: records };
    const answer = await ask(this.server.url, this.#adminKey, 'POST', '/numex/v1/calls', body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return records.map((record) => record.call_id);
  }

  async setReleaseFee(account: Caller, amountMinor: number): Promise<void> {
    this.#adminKey ??= await this.server.createAdminKey();
    const path = `/numex/v1/accounts/${account.id}/release-fees/INR`;
    const answer = await ask(this.server.url, this.#adminKey, 'PUT', path, { amount_minor: amountMinor });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  }

  /** What the account's wallet holds, in minor units. */
  async balanceOf({ tenant }: Caller, currency = 'INR'): Promise<number> {
    const [row] = await this.server.sql<{ minor: string }[]>`
      select balance_minor::text as minor from wallet
      where account_id = ${tenant.account.id} and currency = ${currency}`;
    return Number(row?.minor);
  }

  /** The audit rows of a number's changes of hand, oldest first. */
  async movesOf(number: string): Promise<{ forced: boolean | null; actor: string }[]> {
    const moves = await this.server.sql<{ forced: boolean | null; actor: string }[]>`
      select (details->>'forced')::boolean as forced, actor from audit_entry
      where action = 'number.move' and number_id = ${number.slice(1)}::bigint order by id`;
    return [...moves];
  }

  /** The clock's present as ISO 8601 with whole seconds, or a time so many seconds later. */
  instant(laterSeconds = 0): string {
    const time = this.server.clock.now().getTime() + laterSeconds * 1000;
    return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
  }

  advance(seconds: number): void {
    this.server.clock.advance(seconds);
  }
}

/** Two spellings of one instant are the same. */
export function expectInstant(value: unknown, expected: string): void {
  expect(value).toMatch(/Z$/);
  expect(new Date(String(value)).toISOString()).toBe(new Date(expected).toISOString());
}

function membersOf(body: unknown): unknown[] {
  return typeof body === 'object' && body !== null ? Object.values(body as Record<string, unknown>) : [];
}

/** The object that has this field: the answer's body, or a member of it. */
export function holding(body: unknown, field: string): Readonly<Record<string, unknown>> {
  const found = [body, ...membersOf(body)].find(
    (value) => typeof value === 'object' && value !== null && field in value,
  );
  expect(found, `${field} in ${JSON.stringify(body)}`).toBeDefined();
  return found as Readonly<Record<string, unknown>>;
}

/** The one list of an answer, whatever its key. */
export function listIn(body: unknown): Readonly<Record<string, unknown>>[] {
  const found = [body, ...membersOf(body)].find((value) => Array.isArray(value));
  expect(found, `a list in ${JSON.stringify(body)}`).toBeDefined();
  return found as Readonly<Record<string, unknown>>[];
}

export async function makeTrunk(client: VobizClient, name = 'Trunk'): Promise<string> {
  const body = { name, trunk_type: 'INBOUND', max_concurrent_calls: 10 };
  const answer = await client.account('POST', '/trunks', body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
  return String(holding(answer.body, 'trunk_id')['trunk_id']);
}

export async function makeApplication(client: VobizClient, more: object = {}): Promise<string> {
  const body = { app_name: 'App', answer_url: 'https://example.com/answer', answer_method: 'POST', ...more };
  const answer = await client.account('POST', '/Application/', body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
  return String(holding(answer.body, 'app_id')['app_id']);
}

/** A field of one of the account's numbers, as it reads now. */
export async function fieldOf(client: VobizClient, number: string, field: string): Promise<unknown> {
  const answer = await client.number(number);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return at(answer.body, field);
}
