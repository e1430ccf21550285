import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repairOrphans } from '../../src/core/rentals/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { present } from '../../src/lib/assert.js';
import { idOf } from '../support/calls.js';
import { doDueWork, expectOrderlyBooks } from '../support/due.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

interface Holder {
  readonly id: string;
  readonly key: string;
}

let server: TestServer;
let admin: string;
let master: TestTenant;
let parent: Holder;
let sub: Holder;
const numbers = Array.from({ length: 60 }, (_, line) => `+1213559${1000 + line}`);

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.createAdminKey();
  await server.addNumbers(numbers);
});

beforeEach(async () => {
  master = await server.createTenant({ balances: { USD: 100_000 } });
  parent = { id: master.account.publicId, key: master.apiKey };
  const made = await call(parent, 'POST', '/sub-accounts', { name: 'Branch' });
  sub = { id: String(at(made.body, 'id')), key: String(at(made.body, 'api_key')) };
});

afterAll(() => server.close());

function call(
  { key }: Pick<Holder, 'key'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return ask(server.url, key, method, `/numex/v1${path}`, body, headers);
}

const operator = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  call({ key: admin }, method, path, body, headers);

const codeOf = ({ status, body }: Answer): unknown => (status < 300 ? status : at(body, 'code'));

/** A number in stock that no other test of the file has. */
const stock = (): string => present(numbers.pop(), 'more numbers than the file needs were put into stock');

async function buy(holder: Holder, headers: Record<string, string> = {}): Promise<Answer> {
  return call(holder, 'POST', '/orders', { lines: [{ number: stock() }] }, headers);
}

const block = (id: string): Promise<Answer> => operator('POST', `/accounts/${id}/block`);
const unblock = (id: string): Promise<Answer> => operator('POST', `/accounts/${id}/unblock`);
const enable = (enabled: boolean): Promise<Answer> =>
  call(parent, 'PATCH', `/sub-accounts/${sub.id}`, { enabled });

async function statusOf(id: string): Promise<unknown> {
  return at((await operator('GET', `/accounts/${id}`)).body, 'status');
}

describe('a blocked master', () => {
  it('cannot be spent through by its sub-accounts, and they are told that they are blocked', async () => {
    await block(parent.id);
    expect(codeOf(await buy(sub))).toBe('account_blocked');
    expect(codeOf(await call(sub, 'GET', '/rentals'))).toBe('account_blocked');
    await unblock(parent.id);
    expect(codeOf(await buy(sub))).toBe(201);
  });

  it('gets nothing new from the operator either, in its own name or a sub-account’s', async () => {
    await block(parent.id);
    for (const id of [parent.id, sub.id]) {
      const answer = await buy({ id, key: admin }, { 'x-account': id });
      expect(codeOf(answer)).toBe('account_blocked');
    }
  });

  it('goes on paying for the numbers of its family', async () => {
    const before = await buy(sub);
    const rental = String(at(before.body, 'results.0.rental_id'));
    await block(parent.id);
    server.clock.advance(32 * 86_400);
    await doDueWork(server);
    const [row] = await server.sql<{ cycle: number }[]>`
      select r.cycle_number as cycle from rental r join account a on a.id = r.account_id
      where a.public_id = ${sub.id} and r.ended_at is null`;
    expect([rental.startsWith('ren_'), row?.cycle]).toEqual([true, 1]);
  });
});

describe('a blocked sub-account', () => {
  it('cannot act through its parent, by header or by path', async () => {
    await block(sub.id);
    const acting = { 'x-account': sub.id };
    expect(codeOf(await call(parent, 'GET', '/rentals', undefined, acting))).toBe('account_blocked');
    expect(codeOf(await buy(parent, acting))).toBe('account_blocked');
    const pair = { 'x-auth-id': parent.id, 'x-auth-token': parent.key };
    const path = `/api/v1/Account/${sub.id}/numbers`;
    expect((await ask(server.url, undefined, 'GET', path, undefined, pair)).status).toBeGreaterThanOrEqual(
      400,
    );
    await unblock(sub.id);
    expect((await ask(server.url, undefined, 'GET', path, undefined, pair)).status).toBe(200);
    expect(codeOf(await call(parent, 'GET', '/rentals', undefined, acting))).toBe(200);
  });

  it('is handed no number, and none is taken from it, but by the operator', async () => {
    const [given, kept] = [stock(), stock()];
    await call(parent, 'POST', '/orders', { lines: [{ number: given }, { number: kept }] });
    const path = (number: string): string => `/sub-accounts/${sub.id}/numbers/${number}`;
    expect(codeOf(await call(parent, 'PUT', path(kept)))).toBe(200);
    await block(sub.id);
    expect(codeOf(await call(parent, 'PUT', path(given)))).toBe('account_blocked');
    expect(codeOf(await call(parent, 'DELETE', path(kept)))).toBe('account_blocked');
    expect(codeOf(await operator('DELETE', path(kept), undefined, { 'x-account': parent.id }))).toBe(200);
  });

  it('stays disabled when it is unblocked, if its parent had disabled it', async () => {
    await enable(false);
    await block(sub.id);
    expect(await statusOf(sub.id)).toBe('blocked');
    await unblock(sub.id);
    expect(await statusOf(sub.id)).toBe('disabled');
    await enable(true);
    expect(await statusOf(sub.id)).toBe('active');
  });

  it('is disabled when it is unblocked, if its parent has disabled it meanwhile', async () => {
    await block(sub.id);
    expect((await enable(false)).status).toBe(200);
    expect(await statusOf(sub.id)).toBe('blocked');
    await unblock(sub.id);
    expect(await statusOf(sub.id)).toBe('disabled');
  });

  it('is enabled when it is unblocked, if its parent has enabled it meanwhile', async () => {
    await enable(false);
    await block(sub.id);
    await enable(true);
    await unblock(sub.id);
    expect(await statusOf(sub.id)).toBe('active');
    expect(codeOf(await call(sub, 'GET', '/account'))).toBe(200);
  });
});

it('a refusal because of a block is not remembered under the key of a request', async () => {
  const number = stock();
  const headers = { 'idempotency-key': 'while-blocked', 'x-account': parent.id };
  const order = () => operator('POST', '/orders', { lines: [{ number }] }, headers);
  await block(parent.id);
  expect(codeOf(await order())).toBe('account_blocked');
  await unblock(parent.id);
  expect(codeOf(await order())).toBe(201);
});

describe('a closed account with a number', () => {
  async function orphan(): Promise<string> {
    const number = stock();
    await call(sub, 'POST', '/orders', { lines: [{ number }] });
    await call(sub, 'POST', '/reservations', { number: stock() });
    await server.sql`update account set deleted_at = ${server.clock.now()} where public_id = ${sub.id}`;
    return number;
  }
  const found = async (): Promise<unknown[]> => {
    const { checks } = await verifyBooks({ ctx: server.operator() });
    return (
      checks.find(({ name }) => name === 'closed_accounts_hold_nothing')?.sample?.map((row) => row['kind']) ??
      []
    );
  };

  it('is found by verify, and its numbers go to the parent, its holds back to stock', async () => {
    const number = await orphan();
    expect(await found()).toEqual(['rental', 'reservation']);
    const repair = await repairOrphans({ ctx: server.operator(), input: { numbers: 'to_parent' } });
    expect(repair).toMatchObject({
      accounts: [sub.id],
      rentals: [{ account: sub.id, numberId: idOf(number), holder: parent.id }],
    });
    expect(at((await call(parent, 'GET', '/rentals')).body, 'data.0.number')).toBe(number);
    const audit = await operator('GET', `/audit?number=${encodeURIComponent(number)}`);
    expect(at(audit.body, 'data.0')).toMatchObject({
      action: 'number.move',
      actor: 'operator',
      details: { from: sub.id, to: parent.id, forced: true },
    });
    await expectOrderlyBooks(server);
  });

  it('has its numbers released instead where that is asked, and a second repair finds nothing', async () => {
    const number = await orphan();
    const input = { numbers: 'release' } as const;
    const repair = await repairOrphans({ ctx: server.operator(), input });
    expect(repair.rentals).toMatchObject([{ numberId: idOf(number), holder: null }]);
    const [row] = await server.sql`select status::text as status from number where id = ${idOf(number)}`;
    expect(row).toEqual({ status: 'q' });
    expect(await repairOrphans({ ctx: server.operator(), input })).toEqual({ rentals: [], accounts: [] });
    await expectOrderlyBooks(server);
  });
});

describe('a reservation', () => {
  it('ends after the longest time of the policy, however often it is extended', async () => {
    const made = await call(parent, 'POST', '/reservations', { number: stock() });
    const path = `/reservations/${String(at(made.body, 'id'))}`;
    const createdAt = Date.parse(String(at(made.body, 'created_at')));
    let end = Date.parse(String(at(made.body, 'expires_at')));
    for (let hour = 0; hour < 30 && server.clock.now().getTime() < end; hour++) {
      const extended = await call(parent, 'POST', `${path}/extend`);
      const next = Date.parse(String(at(extended.body, 'expires_at')));
      expect(next).toBeGreaterThanOrEqual(end);
      end = next;
      server.clock.advance(3000);
    }
    expect((end - createdAt) / 1000).toBe(86_400);
    expect(codeOf(await call(parent, 'POST', `${path}/extend`))).toBe('not_found');
  });

  it('counts for its parent and all of its sub-accounts together', async () => {
    const path = '/policies/reservations_per_account';
    await operator('PUT', path, { environment: 'live', value: 2 });
    const hold = async (holder: Holder) => call(holder, 'POST', '/reservations', { number: stock() });
    expect([codeOf(await hold(parent)), codeOf(await hold(sub))]).toEqual([201, 201]);
    for (const holder of [parent, sub]) expect(codeOf(await hold(holder))).toBe('reservation_limit_reached');
    await operator('PUT', path, { environment: 'live', value: 50 });
  });
});

describe('money', () => {
  it('for a sub-account is refused, with who pays for it', async () => {
    const body = { amount_minor: 500, currency: 'USD' };
    const answer = await operator('POST', `/accounts/${sub.id}/deposits`, body);
    expect([answer.status, at(answer.body, 'code')]).toEqual([400, 'invalid_input']);
    expect(at(answer.body, 'detail')).toMatch(/its parent pays/);
    expect((await operator('POST', `/accounts/${parent.id}/deposits`, body)).status).toBe(201);
  });

  it('in a currency without prices comes with a warning, in any other with none', async () => {
    const deposit = async (currency: string): Promise<unknown> => {
      const body = { amount_minor: 500, currency };
      return at((await operator('POST', `/accounts/${parent.id}/deposits`, body)).body, 'warnings');
    };
    expect(await deposit('USD')).toBeUndefined();
    expect(await deposit('GBP')).toEqual([expect.stringContaining('no price in GBP')]);
    const opened = await operator('POST', '/accounts', { name: 'Pounds', currency: 'GBP' });
    expect(at(opened.body, 'warnings')).toEqual([expect.stringContaining('no price in GBP')]);
  });
});
