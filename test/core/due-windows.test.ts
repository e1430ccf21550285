import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buyAll, doDueWork, eventsOf, expectOrderlyBooks, moveTo } from '../support/due.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let number: string;
let nextLine = 1000;

const daySeconds = 86_400;

function call(method: string, path: string, body?: unknown, by = tenant, key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return ask(server.url, by.apiKey, method, `/numex/v1${path}`, body, headers);
}

async function numberRow(): Promise<unknown> {
  const [row] = await server.sql`
    select status::text as status, rests_until, held_until, reservation_id
    from number where id = ${Number(number.slice(1))}`;
  return row;
}

const free = { status: 's', rests_until: null, held_until: null, reservation_id: null };

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

// Every test begins at the same instant; what earlier ones left behind belongs to other tenants.
beforeEach(async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  tenant = await server.createTenant({ balances: { USD: 10_000 } });
  number = `+1213557${nextLine++}`;
  await server.addNumbers([number]);
});

describe('an expired reservation', () => {
  it('is marked so once, dated by its end, and frees its number', async () => {
    const made = await call('POST', '/reservations', { number });
    server.clock.advance(7200);
    await doDueWork(server);
    await doDueWork(server);
    expect(await numberRow()).toEqual(free);
    expect(await eventsOf(server, tenant, ['reservation.expired'])).toEqual([
      {
        type: 'reservation.expired',
        at: at(made.body, 'expires_at'),
        payload: { number, expires_at: at(made.body, 'expires_at') },
      },
    ]);
    await expectOrderlyBooks(server);
  });

  it('that another hold has replaced leaves that hold alone, and is told of all the same', async () => {
    const other = await server.createTenant();
    await call('POST', '/reservations', { number });
    server.clock.advance(3600);
    const second = await call('POST', '/reservations', { number }, other);
    expect(second.status).toBe(201);
    await doDueWork(server);
    expect(await eventsOf(server, tenant, ['reservation.expired'])).toHaveLength(1);
    expect((await call('GET', '/reservations', undefined, other)).body).toMatchObject({ data: [{ number }] });
    await expectOrderlyBooks(server);
  });

  it('that was extended is not due', async () => {
    const made = await call('POST', '/reservations', { number });
    server.clock.advance(3000);
    await call('POST', `/reservations/${String(at(made.body, 'id'))}/extend`);
    server.clock.advance(3000);
    await doDueWork(server);
    expect((await call('GET', '/reservations')).body).toMatchObject({ data: [{ number }] });
  });
});

describe('a reclaim window that is over', () => {
  it('ends the rental at its due time, from which the number rests before it is for sale again', async () => {
    const [rental = ''] = await buyAll(server, tenant, [number]);
    await call('DELETE', `/rentals/${rental}`);
    server.clock.advance(7 * daySeconds);
    // Nothing has run yet, and the holder has nothing any more.
    expect((await call('GET', `/rentals/${rental}`)).status).toBe(404);
    expect((await call('POST', '/orders', { lines: [{ number }] })).body).toMatchObject({
      code: 'number_unavailable',
    });
    server.clock.advance(daySeconds);
    await doDueWork(server);
    const restsUntil = new Date('2027-03-24T10:00:00Z');
    expect(await numberRow()).toEqual({ ...free, status: 'q', rests_until: restsUntil });
    expect(await eventsOf(server, tenant, ['number.released'])).toEqual([
      {
        type: 'number.released',
        at: '2027-02-07T10:00:00.000Z',
        payload: { number, state: 'ended', until: '2027-02-07T10:00:00.000Z' },
      },
    ]);
    moveTo(server, '2027-03-24T09:59:59Z');
    await doDueWork(server);
    expect(await numberRow()).toMatchObject({ status: 'q' });
    expect((await call('POST', '/orders', { lines: [{ number }] })).status).toBe(409);
    moveTo(server, '2027-03-24T10:00:00Z');
    await doDueWork(server);
    expect(await numberRow()).toEqual(free);
    await expectOrderlyBooks(server);
  });

  it('puts the number straight back when its rest is over too, or when it has none', async () => {
    const [rental = ''] = await buyAll(server, tenant, [number]);
    await call('DELETE', `/rentals/${rental}`);
    server.clock.advance(60 * daySeconds);
    await doDueWork(server);
    expect(await numberRow()).toEqual(free);
    const [again = ''] = await buyAll(server, tenant, [number]);
    await server.sql`
      insert into policy (name, environment, country, value) values ('quarantine_seconds', 'live', 'US', 0)`;
    await call('DELETE', `/rentals/${again}`);
    server.clock.advance(7 * daySeconds);
    await doDueWork(server);
    await server.sql`delete from policy where name = 'quarantine_seconds' and country = 'US'`;
    expect(await numberRow()).toEqual(free);
    await expectOrderlyBooks(server);
  });
});

describe('a reclaim window of a sub-account’s number that is over', () => {
  it('leaves its parent nothing to take back, whether or not a job has run', async () => {
    const sub = await server.createTenant({ balances: {}, parent: tenant.account.publicId });
    const [rental = ''] = await buyAll(server, sub, [number]);
    await call('DELETE', `/rentals/${rental}`, undefined, sub);
    const path = `/sub-accounts/${sub.account.publicId}/numbers/${number}`;
    const codes = async () => {
      const answers = [await call('PUT', path), await call('DELETE', path)];
      return answers.map((answer) => at(answer.body, 'code') ?? answer.status);
    };
    expect(await codes()).toEqual([200, 'wrong_state']);
    server.clock.advance(7 * daySeconds);
    expect(await codes()).toEqual(['not_found', 'not_found']);
    await doDueWork(server);
    expect(await codes()).toEqual(['not_found', 'not_found']);
  });
});

describe('a quarantine that is over', () => {
  beforeEach(async () => {
    const [rental = ''] = await buyAll(server, tenant, [number]);
    await call('DELETE', `/rentals/${rental}?leaves=now`);
    server.clock.advance(45 * daySeconds);
  });

  it('lets the number be bought by name at its instant, with no job having run', async () => {
    server.clock.advance(-1);
    expect((await call('POST', '/orders', { lines: [{ number }] })).status).toBe(409);
    server.clock.advance(1);
    await buyAll(server, tenant, [number]);
    expect(await numberRow()).toEqual({ ...free, status: 'r' });
    await doDueWork(server);
    expect(await numberRow()).toEqual({ ...free, status: 'r' });
    await expectOrderlyBooks(server);
  });

  it('lets the number be reserved by name at its instant, with no job having run', async () => {
    expect((await call('POST', '/reservations', { number })).status).toBe(201);
    expect(await numberRow()).toMatchObject({ status: 's', rests_until: null });
    await expectOrderlyBooks(server);
    await buyAll(server, tenant, [number]);
  });
});

describe('a rental that awaits registration', () => {
  it('is suspended at the deadline of the policy, and stays its holder’s', async () => {
    const dutch = '+31203690001';
    await server.addNumbers([dutch]);
    const order = await call('POST', '/orders', { lines: [{ number: dutch }], unmet_requirements: 'await' });
    const rental = String(at(order.body, 'results.0.rental_id'));
    expect(at(order.body, 'results.0.state')).toBe('awaiting_registration');
    server.clock.advance(30 * daySeconds - 1);
    await doDueWork(server);
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'state')).toBe('awaiting_registration');
    server.clock.advance(1);
    await doDueWork(server);
    await doDueWork(server);
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'state')).toBe('suspended');
    expect(await eventsOf(server, tenant, ['number.suspended'])).toEqual([
      {
        type: 'number.suspended',
        at: '2027-03-02T10:00:00.000Z',
        payload: { number: dutch, reason: 'requirements_unmet', register_by: '2027-03-02T10:00:00.000Z' },
      },
    ]);
    expect((await call('DELETE', `/rentals/${rental}`)).status).toBe(200);
  });
});

describe('a rental that was suspended for want of registration', () => {
  it('becomes active when a fitting address is verified after all', async () => {
    const dutch = '+31203690002';
    await server.addNumbers([dutch]);
    const order = await call('POST', '/orders', { lines: [{ number: dutch }], unmet_requirements: 'await' });
    const rental = String(at(order.body, 'results.0.rental_id'));
    server.clock.advance(30 * daySeconds);
    await doDueWork(server);
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'state')).toBe('suspended');
    const made = await call('POST', '/addresses', {
      ...{ street_address: 'Dam 1', city: 'Amsterdam', postal_code: '1012 JS', country: 'NL' },
      ...{ contact_name: 'Ada', contact_email: 'ada@example.com', contact_phone: '+31205550100' },
    });
    const address = String(at(made.body, 'id'));
    const document = {
      ...{ document_type: 'government_id', filename: 'id.pdf' },
      content_base64: Buffer.from('%PDF-1.7\n').toString('base64'),
    };
    await call('POST', `/addresses/${address}/documents`, document);
    await call('POST', `/addresses/${address}/submit`);
    const decision = { decision: 'approve' };
    const admin = await server.createAdminKey();
    await ask(server.url, admin, 'POST', `/numex/v1/addresses/${address}/decision`, decision);
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'state')).toBe('active');
  });
});

describe('a remembered request', () => {
  it('is forgotten after a day, and no sooner', async () => {
    const first = await call('POST', '/orders', { lines: [{ number }] }, tenant, 'key-1');
    server.clock.advance(daySeconds - 1);
    await doDueWork(server);
    const replayed = await call('POST', '/orders', { lines: [{ number }] }, tenant, 'key-1');
    expect(replayed.body).toEqual(first.body);
    server.clock.advance(1);
    await doDueWork(server);
    const anew = await call('POST', '/orders', { lines: [{ number }] }, tenant, 'key-1');
    expect(anew.body).toMatchObject({ code: 'already_owned' });
    await expectOrderlyBooks(server);
  });
});
