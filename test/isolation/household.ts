import { createKey, getAccount } from '../../src/core/accounts/index.js';
import { setReleaseFee } from '../../src/core/billing/index.js';
import type { Environment } from '../../src/core/context.js';
import { readWord, spellWord } from '../../src/lib/ids.js';
import { aCall, record } from '../support/calls.js';
import type { AddressBed } from '../support/addresses.js';
import { ask, at } from '../support/request.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** Stands in every text of the victim's, and in nothing that anybody else writes. */
export const mark = 'Quillfeather';

const balances = { USD: 1_000_000, EUR: 1_000_000, INR: 1_000_000 };
/** How long ago the victim's call began when its household is complete. */
const callSeconds = 600;
let nextLine = 1000;
let nextRequest = 1;

/** An account with one of everything. Things are row ids, or words of the own API where they end in `Id`. */
export interface Household {
  readonly tenant: TestTenant;
  readonly sub: TestTenant;
  readonly name: string;
  /** Rented and pointing at everything; waiting for its release; rented by the sub-account; held. */
  readonly numbers: {
    readonly rented: string;
    readonly pending: string;
    readonly ofSub: string;
    readonly held: string;
  };
  readonly rental: number;
  readonly pendingRental: number;
  readonly subRental: number;
  readonly order: number;
  readonly reservation: number;
  readonly agent: number;
  readonly trunk: number;
  readonly application: number;
  readonly draft: number;
  readonly document: number;
  readonly verified: number;
  readonly key: number;
  readonly endpoint: number;
  readonly wireEndpoint: number;
  readonly delivery: number;
  readonly clock: number | undefined;
  readonly call: string;
  /** Keys, tokens and secrets in clear. */
  readonly secrets: readonly string[];
}

interface Call {
  (method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Asks as one key does and insists on being served. */
function callerOf(server: TestServer, key: string): Call {
  return async (method, path, body) => {
    const headers = method === 'GET' ? {} : { 'idempotency-key': `household-${nextRequest++}` };
    const answer = await ask(server.url, key, method, path, body, headers);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };
}

function idIn(body: unknown, path = 'id'): number {
  const text = String(at(body, path));
  const id = readWord(text.slice(0, text.indexOf('_') + 1), text);
  if (id === undefined) throw new Error(`${text} is no id: ${JSON.stringify(body)}`);
  return id;
}

const path = (rest: string): string => `/numex/v1${rest}`;

async function buy(call: Call, number: string): Promise<{ rental: number; order: number }> {
  const body = await call('POST', path('/orders'), { lines: [{ number }], currency: 'USD' });
  return { rental: idIn(body, 'results.0.rental_id'), order: idIn(body) };
}

/** Numbers in stock that nobody else of the file is given; those of the two environments differ. */
export async function stock(
  server: TestServer,
  count: number,
  environment: Environment,
): Promise<readonly string[]> {
  const numbers = Array.from({ length: count }, () => `+1213557${nextLine++}`);
  await server.addNumbers(numbers, environment);
  return numbers;
}

async function openSubAccount(server: TestServer, call: Call, name: string): Promise<TestTenant> {
  const profile = { email: `${mark}@example.com`, phone: '+12135550100', description: `${mark} branch` };
  const made = await call('POST', path('/sub-accounts'), { name, ...profile });
  const account = await getAccount({ ctx: server.operator(), input: { account: String(at(made, 'id')) } });
  return { account, apiKey: String(at(made, 'api_key')) };
}

async function targets(call: Call, name: string) {
  const agent = await call('POST', path('/agents'), { name });
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.example`;
  const trunk = idIn(await call('POST', path('/trunks'), { name, domain }));
  const application = idIn(
    await call('POST', path('/applications'), { name, answer_url: `https://${domain}/answer` }),
  );
  return { agent: idIn(agent), trunk, application, token: String(at(agent, 'token')) };
}

async function webhooks(call: Call, name: string) {
  const url = `https://example.com/${name}`;
  const made = await call('POST', path('/webhook-endpoints'), { url });
  const endpoint = idIn(made);
  const tested = await call('POST', path(`/webhook-endpoints/${spellWord('whe_', endpoint)}/test`));
  const wire = await call('POST', '/v1/webhooks', { url: `${url}/wire` });
  return {
    endpoint,
    delivery: idIn(tested),
    wireEndpoint: Number(at(wire, 'id')),
    secrets: [String(at(made, 'secret')), String(at(wire, 'secret'))],
  };
}

export async function makeHousehold(
  server: TestServer,
  bed: AddressBed,
  environment: Environment,
): Promise<Household> {
  const name = `${mark} ${environment}`;
  const tenant = await server.createTenant({ name, environment, balances });
  const call = callerOf(server, tenant.apiKey);
  const sub = await openSubAccount(server, call, `${name} branch`);
  const input = { account: tenant.account, currency: 'GBP', amountMinor: 1 };
  await setReleaseFee({ ctx: server.operator(), input });
  const [rented = '', pending = '', ofSub = '', held = ''] = await stock(server, 4, environment);
  const { rental, order } = await buy(call, rented);
  const released = await buy(call, pending);
  const { rental: subRental } = await buy(call, ofSub);
  await call('PUT', path(`/sub-accounts/${sub.account.publicId}/numbers/${ofSub}`));
  const reservation = idIn(await call('POST', path('/reservations'), { number: held }));
  const { token, ...pointedAt } = await targets(call, name);
  const rentalPath = path(`/rentals/${spellWord('ren_', rental)}`);
  await call('PATCH', rentalPath, { tags: [`${mark} tag`], label: `${mark} label` });
  for (const [kind, prefix] of [
    ['agent', 'agent_'],
    ['trunk', 'trunk_'],
    ['application', 'app_'],
  ] as const) {
    await call('PUT', `${rentalPath}/assignment`, { [`${kind}_id`]: spellWord(prefix, pointedAt[kind]) });
  }
  await call('DELETE', path(`/rentals/${spellWord('ren_', released.rental)}`));
  const ofAddress = { contactName: `${mark} Erika`, contactEmail: `${mark}@example.com` };
  const draft = await bed.draft(tenant.account, ofAddress);
  const documents = await call('GET', path(`/addresses/${spellWord('addr_', draft.id)}/documents`));
  const verified = await bed.decided(tenant.account, 'approve', { ...ofAddress, country: 'US' });
  const further = await call('POST', path('/account/keys'), { scope: 'full' });
  const { secrets, ...hooks } = await webhooks(call, name.replace(' ', '-'));
  const callId = `call-of-${environment}-9f3a`;
  server.clock.advance(callSeconds);
  const startedAt = new Date(server.clock.now().getTime() - callSeconds * 1000).toISOString();
  await record(server, [aCall({ callId, to: rented, startedAt })], environment);
  const clock =
    environment === 'test'
      ? idIn(await call('POST', path('/test-clocks'), { name: `${mark} clock` }))
      : undefined;
  return {
    tenant,
    sub,
    name,
    numbers: { rented, pending, ofSub, held },
    rental,
    pendingRental: released.rental,
    subRental,
    order,
    reservation,
    ...pointedAt,
    draft: draft.id,
    document: idIn(documents, 'data.0.id'),
    verified: verified.id,
    key: idIn(further),
    ...hooks,
    clock,
    call: callId,
    secrets: [...secrets, token, tenant.apiKey, sub.apiKey, String(at(further, 'api_key'))],
  };
}

/** What somebody who asks has of its own, to be put beside the victim's things. */
export interface Belongings {
  readonly number: string;
  readonly rental: number;
  readonly agent: number;
  readonly trunk: number;
  readonly application: number;
  readonly endpoint: number;
  /** One of its sub-accounts; itself where it cannot have any. */
  readonly subAccount: string;
  /** A number in stock, for it to buy. */
  readonly inStock: string;
  readonly clock: number | undefined;
}

/** Who asks. */
export type AskerKind = 'account' | 'reader' | 'sub' | 'branch' | 'otherEnvironment';

export interface Asker extends Belongings {
  readonly kind: AskerKind;
  readonly accountId: string;
  readonly environment: Environment;
  readonly key: string;
}

async function belongings(
  server: TestServer,
  bed: AddressBed,
  tenant: TestTenant,
  subAccount: string,
): Promise<Belongings> {
  const { environment, parentId } = tenant.account;
  const call = callerOf(server, tenant.apiKey);
  const [number = '', inStock = ''] = await stock(server, 2, environment);
  const { rental } = await buy(call, number);
  await bed.decided(tenant.account, 'approve', { country: 'US' });
  const { agent, trunk, application } = await targets(call, 'Stranger');
  const { endpoint } = await webhooks(call, 'stranger');
  const clock =
    environment === 'test' && parentId === null
      ? idIn(await call('POST', path('/test-clocks'), { name: 'Own' }))
      : undefined;
  return { number, inStock, rental, agent, trunk, application, endpoint, subAccount, clock };
}

/** An account, its sub-account and its reading key: none of them has anything to do with the victim. */
export async function makeStrangers(
  server: TestServer,
  bed: AddressBed,
  environment: Environment,
): Promise<readonly Asker[]> {
  const tenant = await server.createTenant({ name: 'Stranger', environment, balances });
  const parent = tenant.account.publicId;
  const sub = await server.createTenant({ name: 'Stranger sub', environment, balances: {}, parent });
  const subId = sub.account.publicId;
  const input = { account: tenant.account, scope: 'read' } as const;
  const { apiKey: readKey } = await createKey({ ctx: server.operator(), input });
  const own = await belongings(server, bed, tenant, subId);
  const ofSub = await belongings(server, bed, sub, subId);
  return [
    { ...own, kind: 'account', accountId: parent, environment, key: tenant.apiKey },
    { ...own, kind: 'reader', accountId: parent, environment, key: readKey },
    { ...ofSub, kind: 'sub', accountId: subId, environment, key: sub.apiKey },
  ];
}

/** Another sub-account of the victim's: it has no more to do with its parent's things than a stranger. */
export async function makeBranch(server: TestServer, bed: AddressBed, victim: Household): Promise<Asker> {
  const { publicId: parent, environment } = victim.tenant.account;
  const branch = await server.createTenant({ name: 'Branch', environment, balances: {}, parent });
  const accountId = branch.account.publicId;
  const own = await belongings(server, bed, branch, accountId);
  return { ...own, kind: 'branch', accountId, environment, key: branch.apiKey };
}
