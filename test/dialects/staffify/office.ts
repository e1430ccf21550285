import { expect } from 'vitest';
import { createKey } from '../../../src/core/accounts/index.js';
import { deposit } from '../../../src/core/ledger/index.js';
import { ask } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { StaffifyClient } from './client.js';
import { expectAnswer, expectEmpty } from './contract.js';
import type { Agent, PhoneNumber } from './contract.js';
import { newAddress, newDocument } from './routes.js';

/** Where stock of each kind starts: the number's first digits, and how many follow. */
const series = {
  losAngeles: { first: '+1213555', digits: 4 },
  newYork: { first: '+1212555', digits: 4 },
  ontario: { first: '+1416555', digits: 4 },
  tollFree: { first: '+1800555', digits: 4 },
  amsterdam: { first: '+3120555', digits: 4 },
  rotterdam: { first: '+3110555', digits: 4 },
  berlin: { first: '+493055', digits: 6 },
  hamburg: { first: '+494055', digits: 6 },
  germanMobile: { first: '+4915155', digits: 6 },
  madrid: { first: '+3491555', digits: 4 },
} as const;
export type Series = keyof typeof series;

export type Standing = 'draft' | 'pending' | 'verified' | 'partially_verified' | 'rejected' | 'expired';
export type Decision = 'approve' | 'partial' | 'reject' | 'expire';

const decisionsFor: Readonly<Record<Standing, readonly Decision[]>> = {
  draft: [],
  pending: [],
  verified: ['approve'],
  partially_verified: ['partial'],
  rejected: ['reject'],
  expired: ['approve', 'expire'],
};

export interface Tenant extends TestTenant {
  readonly client: StaffifyClient;
}

/** A tenant who may buy in the United States: an address of theirs is verified. */
export interface Settled extends Tenant {
  readonly addressId: number;
}

type TenantOptions = Parameters<TestServer['createTenant']>[0];
type AddressFields = Readonly<Record<string, unknown>>;

/** A server of the exchange, and short words for what most tests do before they begin. */
export class Office {
  readonly #next = new Map<Series, number>();

  private constructor(
    readonly server: TestServer,
    readonly adminKey: string,
  ) {}

  static async open(options: { rateLimits?: boolean } = {}): Promise<Office> {
    const server = await startTestServer(options);
    return new Office(server, await server.createAdminKey());
  }

  close(): Promise<void> {
    return this.server.close();
  }

  client(key?: string): StaffifyClient {
    return new StaffifyClient(this.server.url, key);
  }

  /** A tenant with EUR 50.00 and nothing else, unless told otherwise. */
  async tenant(options: TenantOptions = {}): Promise<Tenant> {
    const tenant = await this.server.createTenant({ balances: { EUR: 5_000 }, ...options });
    return { ...tenant, client: this.client(tenant.apiKey) };
  }

  async settled(options: TenantOptions = {}): Promise<Settled> {
    const tenant = await this.tenant(options);
    return { ...tenant, addressId: await this.address(tenant) };
  }

  /** A client with another key of the same account, which may only read. */
  async readerOf({ account }: TestTenant): Promise<StaffifyClient> {
    const input = { account, scope: 'read' } as const;
    return this.client((await createKey({ ctx: this.server.operator(), input })).apiKey);
  }

  async topUp({ account }: TestTenant, amountMinor: number): Promise<void> {
    await deposit({ ctx: this.server.operator(), input: { account, amountMinor, currency: 'EUR' } });
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
    const [number = ''] = await this.stock(of, 1, environment);
    return number;
  }

  /** Makes an address of a live account and takes it to a standing; answers its id. */
  async address(
    { client }: Tenant,
    standing: Standing = 'verified',
    fields: AddressFields = {},
  ): Promise<number> {
    const made = await client.post('/addresses', { ...newAddress, ...fields });
    const id = expectAnswer(made, 'addressMade', 201).address_id;
    if (standing === 'draft') return id;
    await handIn(client, id);
    for (const decision of decisionsFor[standing]) await this.decide(id, decision);
    expect(expectAnswer(await client.checkStatus(id), 'addressStatus').status).toBe(standing);
    return id;
  }

  /** What the carrier's answer is in the live environment: the operator's decision. */
  async decide(addressId: number, decision: Decision): Promise<void> {
    const path = `/numex/v1/addresses/addr_${addressId.toString(36)}/decision`;
    const answer = await ask(this.server.url, this.adminKey, 'POST', path, { decision });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  }

  /** Buys a number in the United States and answers its id. */
  async owned({ client }: Settled): Promise<number> {
    const answer = await client.buy({ phone_number: await this.stockOne('losAngeles') });
    return expectAnswer(answer, 'bought').id;
  }

  /** Numbers bought one after the other; answers their ids, oldest first. */
  async ownedMany(tenant: Settled, count: number): Promise<number[]> {
    const ids: number[] = [];
    for (let i = 0; i < count; i++) ids.push(await this.owned(tenant));
    return ids;
  }

  /** A released number, waiting for its window to pass. */
  async released(tenant: Settled): Promise<number> {
    const id = await this.owned(tenant);
    expectAnswer(await tenant.client.release(id), 'released');
    return id;
  }

  /** The clock's present, or a moment after it, as the wire writes an instant. */
  instant(laterSeconds = 0): string {
    return new Date(this.server.clock.now().getTime() + laterSeconds * 1000).toISOString();
  }
}

/** Uploads a document of each kind and submits the address. */
export async function handIn(client: StaffifyClient, addressId: number): Promise<void> {
  for (const document_type of ['government_id', 'business_registration']) {
    expectAnswer(await client.document(addressId, { ...newDocument, document_type }), 'document', 201);
  }
  const submitted = expectAnswer(await client.submit(addressId), 'addressStatus');
  expect(submitted).toEqual({ address_id: addressId, status: 'pending' });
}

export async function makeAgent({ client }: Tenant, name = 'Front Desk'): Promise<Agent> {
  return expectAnswer(await client.post('/agents', { name }), 'agent', 201);
}

/** Gives a number to a new agent. */
export async function assignedAgent(tenant: Tenant, numberId: number): Promise<Agent> {
  const agent = await makeAgent(tenant);
  expectAnswer(await tenant.client.assign(numberId, agent.id), 'assigned');
  return agent;
}

export async function numberOf({ client }: Tenant, id: number): Promise<PhoneNumber> {
  return expectAnswer(await client.number(id), 'number');
}

export async function allNumbersOf({ client }: Tenant): Promise<readonly PhoneNumber[]> {
  return expectAnswer(await client.list('?limit=100'), 'numbers').phone_numbers;
}

/** The balance in EUR, as the API shows it. */
export async function balanceOf({ client }: Tenant): Promise<number> {
  return expectAnswer(await client.get('/credits'), 'credits').balance;
}

export async function unassignAgent({ client }: Tenant, numberId: number): Promise<void> {
  expectEmpty(await client.unassign(numberId));
}

/** The status of every answer, lowest first: what a race came to. */
export function statusesOf(answers: readonly { readonly status: number }[]): number[] {
  return answers.map(({ status }) => status).sort((a, b) => a - b);
}
