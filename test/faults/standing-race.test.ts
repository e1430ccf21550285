import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { present } from '../../src/lib/assert.js';
import { expectOrderlyBooks } from '../support/due.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** Two servers over one database: what one account may do is decided by both at the same time. */
let first: TestServer;
let second: App;
let urls: readonly [string, string];
let admin: string;
let parent: TestTenant;
const numbers = Array.from({ length: 240 }, (_, line) => `+1213558${1000 + line}`);

beforeAll(async () => {
  first = await startTestServer();
  const { databaseUrl, documentsPath, clock } = first;
  second = await createApp({ databaseUrl, documentsPath, clock, rateLimits: false });
  urls = [first.url, await second.server.listen({ port: 0, host: '127.0.0.1' })];
  admin = await first.createAdminKey();
  await first.addNumbers(numbers);
  parent = await first.createTenant({ balances: { USD: 10_000_000 } });
});

afterAll(async () => {
  await second.close();
  await first.close();
});

interface Sub {
  readonly id: string;
  readonly key: string;
}

async function openSub(): Promise<Sub> {
  const made = await call(parent.apiKey, 'POST', '/sub-accounts', { name: 'Branch' });
  return { id: String(at(made.body, 'id')), key: String(at(made.body, 'api_key')) };
}

function call(key: string, method: string, path: string, body?: unknown, server = 0): Promise<Answer> {
  return ask(urls[server] ?? '', key, method, `/numex/v1${path}`, body);
}

/** A number in stock that no other test of the file has. */
const stock = (): string => present(numbers.pop(), 'more numbers than the file needs were put into stock');

/** Two requests at once, each to a server of its own; which of the two is sent first alternates. */
async function race(
  round: number,
  one: (server: number) => Promise<Answer>,
  other: (server: number) => Promise<Answer>,
): Promise<[Answer, Answer]> {
  if (round % 2 === 0) return Promise.all([one(0), other(1)]);
  const later = other(0);
  return [await one(1), await later];
}

const ok = ({ status }: Answer): boolean => status < 300;

describe('an account that is closed while it is given something', () => {
  it('is closed, or buys the number, and never both', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const [sub, number] = [await openSub(), stock()];
      const [closed, bought] = await race(
        round,
        (server) => call(parent.apiKey, 'DELETE', `/sub-accounts/${sub.id}`, undefined, server),
        (server) => call(sub.key, 'POST', '/orders', { lines: [{ number }] }, server),
      );
      expect(
        [ok(closed), ok(bought)].filter(Boolean),
        JSON.stringify([closed.body, bought.body]),
      ).toHaveLength(1);
      outcomes.add(ok(closed) ? 'closed' : 'bought');
    }
    expect(outcomes.size).toBeGreaterThan(0);
    await expectOrderlyBooks(first);
  });

  it('is closed, or gets the number handed over, and never both', async () => {
    for (let round = 0; round < 30; round++) {
      const [sub, number] = [await openSub(), stock()];
      expect(ok(await call(parent.apiKey, 'POST', '/orders', { lines: [{ number }] }))).toBe(true);
      const [closed, handed] = await race(
        round,
        (server) => call(parent.apiKey, 'DELETE', `/sub-accounts/${sub.id}`, undefined, server),
        (server) =>
          call(parent.apiKey, 'PUT', `/sub-accounts/${sub.id}/numbers/${number}`, undefined, server),
      );
      expect(
        [ok(closed), ok(handed)].filter(Boolean),
        JSON.stringify([closed.body, handed.body]),
      ).toHaveLength(1);
    }
    await expectOrderlyBooks(first);
  });

  it('keeps no hold that was taken while it was closed', async () => {
    for (let round = 0; round < 15; round++) {
      const [sub, number] = [await openSub(), stock()];
      const [closed] = await race(
        round,
        (server) => call(parent.apiKey, 'DELETE', `/sub-accounts/${sub.id}`, undefined, server),
        (server) => call(sub.key, 'POST', '/reservations', { number }, server),
      );
      expect(ok(closed), JSON.stringify(closed.body)).toBe(true);
      const held = await call(parent.apiKey, 'POST', '/reservations', { number });
      expect(ok(held), JSON.stringify(held.body)).toBe(true);
      await call(parent.apiKey, 'DELETE', `/reservations/${String(at(held.body, 'id'))}`);
    }
    await expectOrderlyBooks(first);
  });

  it('makes nothing that belongs to it once it is closed', async () => {
    for (let round = 0; round < 10; round++) {
      const sub = await openSub();
      const [closed, ...made] = await Promise.all([
        call(parent.apiKey, 'DELETE', `/sub-accounts/${sub.id}`, undefined, round % 2),
        call(sub.key, 'POST', '/agents', { name: 'Desk' }, 1 - (round % 2)),
        call(
          sub.key,
          'POST',
          '/trunks',
          { name: 'Line', direction: 'inbound', domain: 'sip.example.com' },
          round % 2,
        ),
        call(sub.key, 'POST', '/account/keys', { scope: 'read' }, 1 - (round % 2)),
      ]);
      expect(ok(closed), JSON.stringify(closed.body)).toBe(true);
      for (const answer of made) expect([201, 401, 403]).toContain(answer.status);
      const late = await first.sql`
        select 1 from audit_entry late join account a on a.id = late.account_id
        join audit_entry closing on closing.action = 'account.delete' and closing.subject_id = a.id
        where a.public_id = ${sub.id} and late.id > closing.id`;
      expect(late).toEqual([]);
    }
  });
});

describe('an account that is blocked', () => {
  it('buys nothing after the answer to the block, on any server', async () => {
    for (let round = 0; round < 12; round++) {
      const tenant = await first.createTenant({ balances: { USD: 100_000 } });
      const { publicId } = tenant.account;
      const numbers = [stock(), stock(), stock(), stock()];
      const buy = (number: string, server: number) =>
        call(tenant.apiKey, 'POST', '/orders', { lines: [{ number }] }, server);
      const buying = numbers.map((number, index) => buy(number, index % 2));
      expect(ok(await call(admin, 'POST', `/accounts/${publicId}/block`, undefined, round % 2))).toBe(true);
      const late = await first.sql<{ count: number }[]>`
        select count(*)::int as count from rental where account_id = ${tenant.account.id}`;
      const answers = await Promise.all(buying);
      for (const answer of answers) expect([201, 403]).toContain(answer.status);
      const rented = await first.sql<{ count: number }[]>`
        select count(*)::int as count from rental where account_id = ${tenant.account.id}`;
      expect(rented).toEqual(late);
    }
    await expectOrderlyBooks(first);
  });
});

describe('changes that are made at the same time', () => {
  it('of a sub-account are all kept', async () => {
    const sub = await openSub();
    const fields = ['name', 'description', 'phone', 'business_type', 'email'];
    for (let round = 0; round < 20; round++) {
      const value = (field: string): string =>
        field === 'email' ? `r${round}@example.com` : `${field} ${round}`;
      const answers = await Promise.all(
        fields.map((field, index) =>
          call(parent.apiKey, 'PATCH', `/sub-accounts/${sub.id}`, { [field]: value(field) }, index % 2),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(fields.map(() => 200));
      const { body } = await call(parent.apiKey, 'GET', `/sub-accounts/${sub.id}`);
      expect(body).toMatchObject(Object.fromEntries(fields.map((field) => [field, value(field)])));
    }
  });

  const targets: readonly {
    readonly what: string;
    readonly path: string;
    readonly made: object;
    readonly changes: (round: number) => Readonly<Record<string, unknown>>;
  }[] = [
    {
      what: 'an agent',
      path: '/agents',
      made: { name: 'Desk' },
      changes: (round) => ({
        name: `Desk ${round}`,
        voice: `voice-${round}`,
        language: round % 2 ? 'en-US' : 'de-DE',
      }),
    },
    {
      what: 'a trunk',
      path: '/trunks',
      made: { name: 'Line', direction: 'inbound', domain: 'sip.example.com' },
      changes: (round) => ({
        name: `Line ${round}`,
        max_concurrent_calls: 10 + round,
        enabled: round % 2 === 0,
        direction: round % 2 === 0 ? 'outbound' : 'inbound',
      }),
    },
    {
      what: 'an application',
      path: '/applications',
      made: { name: 'App', answer_url: 'https://example.com/answer' },
      changes: (round) => ({
        name: `App ${round}`,
        answer_url: `https://example.com/${round}`,
        enabled: round % 2 === 0,
      }),
    },
    {
      what: 'a webhook endpoint',
      path: '/webhook-endpoints',
      made: { url: 'https://example.com/hook' },
      changes: (round) => ({
        url: `https://example.com/hook/${round}`,
        include_sub_accounts: round % 2 === 0,
        status: round % 2 === 0 ? 'disabled' : 'active',
      }),
    },
  ];

  it.each(targets)('of $what are all kept', async ({ path, made, changes }) => {
    const answer = await call(parent.apiKey, 'POST', path, made);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    await allKept(`${path}/${String(at(answer.body, 'id'))}`, changes);
  });

  it('of a rental are all kept', async () => {
    const number = stock();
    const order = await call(parent.apiKey, 'POST', '/orders', { lines: [{ number }] });
    const rental = String(at(order.body, 'results.0.rental_id'));
    await allKept(`/rentals/${rental}`, (round) => ({ label: `Label ${round}`, tags: [`tag-${round}`] }));
  });

  async function allKept(
    path: string,
    changes: (round: number) => Readonly<Record<string, unknown>>,
  ): Promise<void> {
    for (let round = 1; round <= 10; round++) {
      const wanted = changes(round);
      const answers = await Promise.all(
        Object.entries(wanted).map(([field, value], index) =>
          call(parent.apiKey, 'PATCH', path, { [field]: value }, index % 2),
        ),
      );
      expect(answers.filter((answer) => !ok(answer)).map(({ body }) => body)).toEqual([]);
      expect((await call(parent.apiKey, 'GET', path)).body).toMatchObject(wanted);
    }
  }
});

describe('the limit of reservations', () => {
  it('is kept exactly by two servers, for a parent and its sub-accounts together', async () => {
    const path = '/policies/reservations_per_account';
    await call(admin, 'PUT', path, { environment: 'live', value: 3 });
    const holder = await first.createTenant();
    const made = await call(holder.apiKey, 'POST', '/sub-accounts', { name: 'Branch' });
    const keys = [holder.apiKey, String(at(made.body, 'api_key'))];
    for (let round = 0; round < 8; round++) {
      const numbers = Array.from({ length: 10 }, stock);
      const answers = await Promise.all(
        numbers.map((number, index) =>
          call(keys[index % 2] ?? '', 'POST', '/reservations', { number }, (index >> 1) % 2),
        ),
      );
      const held = answers.filter(ok);
      expect(held).toHaveLength(3);
      const codes = new Set(answers.filter((answer) => !ok(answer)).map(({ body }) => at(body, 'code')));
      expect([...codes]).toEqual(['reservation_limit_reached']);
      for (const [index, answer] of answers.entries()) {
        if (!ok(answer)) continue;
        const gone = await call(
          keys[index % 2] ?? '',
          'DELETE',
          `/reservations/${String(at(answer.body, 'id'))}`,
        );
        expect(gone.status).toBe(200);
      }
    }
    await call(admin, 'PUT', path, { environment: 'live', value: 50 });
  });
});
