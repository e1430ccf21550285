import { expect } from 'vitest';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { Client, expectAnswer } from './client.js';
import {
  availableAnswer,
  groupsAnswer,
  purchaseAnswer,
  reservationsAnswer,
  reservedAnswer,
  virtualNumbersAnswer,
} from './contract.js';
import type { Group, Reservation, ReservationDetails, VirtualNumber } from './contract.js';

export const paths = {
  regions: '/open/numbers/regions',
  cities: '/open/numbers/cities',
  didTypes: '/open/numbers/did-types',
  requirements: '/open/numbers/requirements',
  groups: '/open/numbers/groups',
  available: '/open/numbers/available',
  reservations: '/open/numbers/reservations',
  purchase: '/open/numbers/purchase',
  virtualNumbers: '/open/voip/virtual-numbers',
  info: '/open/info',
} as const;

export const california = 123;
export const losAngeles = 456;
/** Los Angeles, +1 (213): the group of the vendor's own example. */
export const losAngelesGroup = 'abc-123';

/** Where stock of each kind starts: the number's first digits, and how many follow. */
export const series = {
  losAngeles: { first: '+1213555', digits: 4 },
  newYork: { first: '+1212555', digits: 4 },
  sanFrancisco: { first: '+1415555', digits: 4 },
  ontario: { first: '+1416555', digits: 4 },
  tollFree: { first: '+1800555', digits: 4 },
  berlin: { first: '+493055', digits: 6 },
  hamburg: { first: '+494055', digits: 6 },
  germanMobile: { first: '+4915155', digits: 6 },
  germanNational: { first: '+4918155', digits: 6 },
  germanSharedCost: { first: '+491371', digits: 6 },
  london: { first: '+442055', digits: 6 },
} as const;
export type Series = keyof typeof series;

export const uuidOfNobody = '00000000-0000-4000-8000-000000000000';

export interface Tenant extends TestTenant {
  readonly client: Client;
}

/** A server of the exchange, and short words for what most tests do before they begin. */
export class Exchange {
  readonly server: TestServer;
  readonly #next = new Map<string, number>();

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async open(options: { rateLimits?: boolean } = {}): Promise<Exchange> {
    return new Exchange(await startTestServer(options));
  }

  close(): Promise<void> {
    return this.server.close();
  }

  async tenant(options: Parameters<TestServer['createTenant']>[0] = {}): Promise<Tenant> {
    const tenant = await this.server.createTenant(options);
    return { ...tenant, client: this.client(tenant.apiKey) };
  }

  client(apiKey?: string): Client {
    return new Client(this.server.url, apiKey);
  }

  /** Fresh numbers in stock, never given to another test of the file. */
  async stock(of: Series, count: number, environment: 'live' | 'test' = 'live'): Promise<string[]> {
    const { first, digits } = series[of];
    const start = this.#next.get(of) ?? 1;
    this.#next.set(of, start + count);
    const numbers = Array.from(
      { length: count },
      (_, index) => first + String(start + index).padStart(digits, '0'),
    );
    await this.server.addNumbers(numbers, environment);
    return numbers;
  }

  async stockOne(of: Series, environment: 'live' | 'test' = 'live'): Promise<string> {
    const [number] = await this.stock(of, 1, environment);
    return present(number);
  }

  /** The public id of the group in which a number was put. */
  async groupOf(number: string): Promise<string> {
    const rows = await this.server.sql<{ public_id: string }[]>`
      select g.public_id from number n join number_group g on g.id = n.group_id
      where n.id = ${number.slice(1)}::bigint`;
    return present(rows[0]).public_id;
  }

  async forbidSelection(groupId: string): Promise<void> {
    await this.server
      .sql`update number_group set allow_number_selection = false where public_id = ${groupId}`;
  }

  /** What the tenant has left, in cents. */
  async balanceOf(tenant: Tenant): Promise<number> {
    const rows = await this.server.sql<{ balance: string }[]>`
      select w.balance_minor::text as balance from wallet w
      where w.account_id = ${tenant.account.id} and w.currency = 'USD'`;
    return Number(present(rows[0]).balance);
  }

  /** How many charges for numbers the tenant's wallet has seen. */
  async chargesOf(tenant: Tenant): Promise<number> {
    const rows = await this.server.sql<{ charges: string }[]>`
      select count(*)::text as charges from transfer t join wallet w on w.id = t.debit_wallet_id
      where w.account_id = ${tenant.account.id} and t.kind = 'rental'`;
    return Number(present(rows[0]).charges);
  }

  /** The clock's present, as the wire writes an instant. */
  instant(laterSeconds = 0): string {
    const time = this.server.clock.now().getTime() + laterSeconds * 1000;
    return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
  }
}

export function present<T>(value: T | undefined): T {
  expect(value).toBeDefined();
  if (value === undefined) throw new Error('nothing there');
  return value;
}

export async function groupsFound(
  client: Client,
  query: Readonly<Record<string, string | number>>,
): Promise<readonly Group[]> {
  return expectAnswer(await client.get(paths.groups, query), 200, groupsAnswer).data.groups;
}

export async function numbersAvailable(client: Client, groupId: string): Promise<readonly string[]> {
  const answer = expectAnswer(await client.get(paths.available, { group_id: groupId }), 200, availableAnswer);
  return answer.data.numbers.map((row) => row.number);
}

export async function reserve(
  client: Client,
  body: { group_id: string; number?: string },
): Promise<ReservationDetails> {
  return expectAnswer(await client.post(paths.reservations, body), 201, reservedAnswer).data
    .reservation_details;
}

export async function reservations(client: Client): Promise<readonly Reservation[]> {
  return expectAnswer(await client.get(paths.reservations), 200, reservationsAnswer).data.reservations;
}

/** Buys, and answers the numbers bought; nothing may have failed. */
export async function buy(client: Client, body: unknown): Promise<readonly string[]> {
  const answer = expectAnswer(await client.post(paths.purchase, body), 201, purchaseAnswer);
  expect(answer.failed).toEqual([]);
  return answer.purchased;
}

export async function virtualNumbers(client: Client): Promise<readonly VirtualNumber[]> {
  const query = { page_number: 0, results_per_page: 200 };
  return expectAnswer(await client.get(paths.virtualNumbers, query), 200, virtualNumbersAnswer).numbers;
}

export async function virtualNumber(client: Client, number: string): Promise<VirtualNumber> {
  return present((await virtualNumbers(client)).find((row) => row.phone_number === number));
}
