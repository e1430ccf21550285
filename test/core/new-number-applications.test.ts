import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyBooks } from '../../src/core/verify/index.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let nextLine = 1000;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

async function stock(count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => `+1213556${nextLine++}`);
  await server.addNumbers(numbers);
  return numbers;
}

async function buyerWithApplication() {
  const { apiKey } = await server.createTenant({ balances: { USD: 1_000_000 } });
  const call = (method: string, path: string, body?: unknown, key?: string) =>
    ask(
      server.url,
      apiKey,
      method,
      `/numex/v1${path}`,
      body,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const made = await call('POST', '/applications', { name: 'Desk', takes_new_numbers: true });
  expect(made.status).toBe(201);
  return { call, apiKey, application: String(at(made.body, 'id')) };
}

const openAssignments = async () => {
  const [row] = await server.sql<{ count: number }[]>`
    select count(*)::int as count from assignment where ended_at is null`;
  return row?.count ?? 0;
};

test('every number of an order points at the application, once, with audit row and event, also when replayed', async () => {
  const { call } = await buyerWithApplication();
  const lines = (await stock(3)).map((number) => ({ number }));
  const before = await openAssignments();
  for (let round = 0; round < 2; round++) {
    expect((await call('POST', '/orders', { lines }, 'three-numbers')).status).toBe(201);
  }
  expect((await openAssignments()) - before).toBe(3);
  const [told] = await server.sql<{ audits: number; events: number }[]>`
    select (select count(*)::int from audit_entry e join assignment s on s.id = e.subject_id
              and e.subject_kind = 'assignment' and e.action = 'number.assign') as audits,
           (select count(*)::int from event where type = 'number.assigned') as events`;
  expect(told).toEqual({ audits: 3, events: 3 });
});

test('a number bought through another dialect points at it as well', async () => {
  const { apiKey, call } = await buyerWithApplication();
  const [number = ''] = await stock(1);
  const bought = await ask(server.url, apiKey, 'POST', '/v1/buy-phone-number', { number });
  expect(bought.status).toBe(200);
  const rentals = await call('GET', '/rentals');
  expect(JSON.stringify(rentals.body)).toContain('"application"');
});

test('an order that is undone as a whole leaves nothing that points', async () => {
  const { call } = await buyerWithApplication();
  const [number = ''] = await stock(1);
  const before = await openAssignments();
  const lines = [{ number }, { number: '+12135569999' }];
  await call('POST', '/orders', { lines, mode: 'all_or_nothing' });
  expect(await openAssignments()).toBe(before);
});

test('an application that is deleted while numbers are bought is either in use or points at nothing', async () => {
  for (let round = 0; round < 8; round++) {
    const { call, application } = await buyerWithApplication();
    const numbers = await stock(4);
    const answers = await Promise.all([
      ...numbers.map((number) => call('POST', '/orders', { lines: [{ number }] })),
      call('DELETE', `/applications/${application}`),
    ]);
    expect(answers.slice(0, 4).map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    expect([200, 204, 409]).toContain(answers[4]?.status);
  }
  const { checks } = await verifyBooks({ ctx: server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
