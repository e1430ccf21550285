import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { idOf } from '../support/calls.js';
import { until } from '../support/process.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let first: TestServer;
let second: App;
let secondUrl: string;

beforeAll(async () => {
  first = await startTestServer();
  const { databaseUrl, documentsPath, clock } = first;
  second = await createApp({ databaseUrl, documentsPath, clock, rateLimits: false });
  secondUrl = await second.server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await second.close();
  await first.close();
});

/** Lets go of a number once the desks of both servers wait for it. */
async function whileBothWaitFor<T>(number: string, work: () => Promise<T>): Promise<T> {
  let working: Promise<T> | undefined;
  await first.sql.begin(async (tx) => {
    await tx`select 1 from number where id = ${idOf(number)} for no key update`;
    working = work();
    await until(20, async () => {
      const rows = await first.sql`
        select 1 from pg_stat_activity
        where datname = current_database() and application_name = 'numex-desk' and wait_event_type = 'Lock'`;
      return rows.length === 2;
    });
  });
  if (!working) throw new Error('nothing was begun');
  return working;
}

it('an account that buys a number on two servers at once is told by the other that it has it', async () => {
  const { apiKey } = await first.createTenant();
  const number = '+12135550100';
  await first.addNumbers([number]);
  const buy = (url: string) => ask(url, apiKey, 'POST', '/numex/v1/orders', { lines: [{ number }] });
  const answers = await whileBothWaitFor(number, () => Promise.all([buy(first.url), buy(secondUrl)]));
  expect(answers.map((answer) => at(answer.body, 'code') ?? answer.status).sort()).toEqual([
    201,
    'already_owned',
  ]);
});

it('an account that reserves a number on one server while it buys it on another ends up with the number', async () => {
  const { apiKey } = await first.createTenant();
  const number = '+12135550101';
  await first.addNumbers([number]);
  const [bought, held] = await whileBothWaitFor(number, async () => {
    const holding = ask(first.url, apiKey, 'POST', '/numex/v1/reservations', { number });
    const buying = ask(secondUrl, apiKey, 'POST', '/numex/v1/orders', { lines: [{ number }] });
    return Promise.all([buying, holding]);
  });
  expect(bought.status, JSON.stringify(bought.body)).toBe(201);
  expect([201, 409]).toContain(held.status);
});
