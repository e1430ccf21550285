import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/core/context.js';
import { sendingMax, sendingPerEndpointMax, sendingPerFamilyMax } from '../../src/core/webhooks/index.js';
import { openPool } from '../../src/database/connection.js';
import { poster } from '../../src/http/outgoing/poster.js';
import type { Job } from '../../src/jobs/job.js';
import { plansOver } from '../support/plans.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import { deliveryJob, fanOut, happen, makeEndpoint, systemContext } from '../support/webhook-exchange.js';
import { Receiver } from '../support/webhook-receiver.js';

/** More than one process could ever send at once before. */
const hangingReceivers = 20;
const eventsEach = 10;

let server: TestServer;
let hanging: Receiver;
let quick: Receiver;
let held: ServerResponse[];
let mostHeld: number;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  await server.sql`update webhook_endpoint set deleted_at = created_at where deleted_at is null`;
  await server.sql`delete from webhook_delivery`;
  hanging = await new Receiver().listen();
  quick = await new Receiver().listen();
  held = [];
  mostHeld = 0;
});
afterEach(async () => {
  await hanging.close();
  await quick.close();
});

/** The job as it runs in service: a receiver has ten seconds. */
const patientJob = (): Job => deliveryJob({ post: poster({ allowPrivate: true }) });

function letGo(): void {
  hanging.answer(200);
  for (const response of held.splice(0)) response.writeHead(200).end();
}

async function subAccountOf(parent: Account): Promise<Account> {
  return (await server.createTenant({ parent: parent.publicId })).account;
}

/** Endpoints that never answer, spread over accounts, with more for each than it may be sent at once. */
async function queueForHanging(accounts: readonly Account[], endpoints = hangingReceivers): Promise<void> {
  for (let i = 0; i < endpoints; i++) {
    const account = accounts[i % accounts.length] as Account;
    await makeEndpoint(server, account, { url: hanging.url(`/${i}`), filters: ['bulk.*'] });
  }
  for (const account of accounts) {
    for (let i = 0; i < eventsEach; i++) await happen(server.operator(), account, `bulk.n${i}`);
  }
  await fanOut(server);
}

/** One event for one quick receiver of the account, due after everything that is queued. */
async function queueForQuick(account: Account): Promise<void> {
  await makeEndpoint(server, account, { url: quick.url(), filters: ['late.*'] });
  server.clock.advance(1);
  await happen(server.operator(), account, 'late.comer');
  await fanOut(server);
}

/**
 * How long the quick receiver waited, in milliseconds, when its event comes once the others have all the places that they
 * can get; none of them is let go before it is served.
 */
async function waitOfQuick(quickOwner: Account, runs: readonly (() => Promise<unknown>)[]): Promise<number> {
  let begunAt = Number.NaN;
  let waited = Number.POSITIVE_INFINITY;
  quick.behave = (_request, response) => {
    waited = performance.now() - begunAt;
    response.writeHead(200).end();
    letGo();
  };
  const queued = new Promise<void>((resolve, reject) => {
    hanging.behave = (_request, response) => {
      mostHeld = Math.max(mostHeld, held.push(response));
      if (held.length !== runs.length * sendingPerFamilyMax) return;
      begunAt = performance.now();
      queueForQuick(quickOwner).then(resolve, reject);
    };
  });
  await Promise.all([queued, ...runs.map((run) => run())]);
  return waited;
}

const here =
  (job = patientJob()) =>
  () =>
    job.run(systemContext(server));

describe('twenty hanging receivers of one tenant', () => {
  it('keep no more places busy than a family has, and others get theirs within 5 seconds', async () => {
    const [greedy, other] = [await server.createTenant(), await server.createTenant()];
    await queueForHanging([greedy.account]);
    expect(await waitOfQuick(other.account, [here()])).toBeLessThan(5000);
    expect(mostHeld).toBe(sendingPerFamilyMax);
  });

  it('get no more places by being spread over sub-accounts', async () => {
    const [greedy, other] = [await server.createTenant(), await server.createTenant()];
    const subs = [greedy.account, await subAccountOf(greedy.account), await subAccountOf(greedy.account)];
    await queueForHanging(subs);
    expect(await waitOfQuick(other.account, [here()])).toBeLessThan(5000);
    expect(mostHeld).toBe(sendingPerFamilyMax);
  });

  it('hold up nobody when several processes send either', async () => {
    const [greedy, other] = [await server.createTenant(), await server.createTenant()];
    await queueForHanging([greedy.account]);
    const sql = openPool({ url: server.databaseUrl, connectionsMax: 2, applicationName: 'numex-other' });
    const there = patientJob();
    const runs = [here(), () => there.run({ ...systemContext(server), sql })];
    expect(await waitOfQuick(other.account, runs)).toBeLessThan(5000);
    await sql.end();
    expect(mostHeld).toBe(2 * sendingPerFamilyMax);
    expect(quick.received).toHaveLength(1);
  });
});

describe('many tenants with hanging receivers', () => {
  it('get a bounded number of deliveries at a time, each the same share, and each endpoint its own', async () => {
    const families = sendingMax / sendingPerFamilyMax + 1;
    const endpoints = sendingPerFamilyMax / sendingPerEndpointMax + 1;
    let most = 0;
    hanging.behave = (_request, response) => {
      most = Math.max(most, held.push(response));
      if (most === sendingMax) letGo();
    };
    for (let i = 0; i < families; i++) {
      await queueForHanging([(await server.createTenant()).account], endpoints);
    }
    const job = patientJob();
    expect(await job.run(systemContext(server))).toBe(families * endpoints * eventsEach);
    expect(most).toBe(sendingMax);
  });
});

describe('claiming', () => {
  it('reads a bounded number of rows, however long the queues and however many endpoints wait', async () => {
    const { account } = await server.createTenant();
    const { endpointId } = await makeEndpoint(server, account, { url: hanging.url() });
    const at = server.clock.now();
    await server.sql`
      with made as (
        insert into event (at, account_id, type, subject_kind, subject_id, payload)
        select ${at}, ${account.id}, 'bulk.made', 'account', n, '{}' from generate_series(1, 20000) n returning id
      )
      insert into webhook_delivery (endpoint_id, event_id, next_attempt_at, created_at)
      select ${endpointId}, id, ${at}, ${at} from made`;
    await server.sql`
      with made as (
        insert into webhook_endpoint (account_id, url, filters, style, created_at, updated_at)
        select ${account.id}, 'https://example.com', '{*}', 'standard', ${at}, ${at} from generate_series(1, 3000)
        returning id
      )
      insert into webhook_delivery (endpoint_id, event_id, next_attempt_at, created_at)
      select id, (select max(id) from event), ${at}::timestamptz + interval '1 hour', ${at} from made`;
    await server.sql`analyze webhook_delivery, webhook_endpoint, event, account`;
    let noMoreDue: Promise<unknown> | undefined;
    const job = deliveryJob({
      post: async () => {
        noMoreDue ??= server.sql`update webhook_delivery set next_attempt_at = ${at}::timestamptz + interval '1 hour'`;
        await noMoreDue;
        return { kind: 'answered', status: 200 };
      },
    });
    const once = systemContext(server);
    const plans = await plansOver(server, once, 'webhook_delivery', async (ctx) => job.run(ctx));
    expect(plans.length).toBeGreaterThan(1);
    for (const node of plans.flat()) {
      const read = node['Actual Rows'] * node['Actual Loops'];
      const scansTable = node['Node Type'] === 'Seq Scan';
      expect([node['Relation Name'], scansTable]).toEqual([node['Relation Name'], false]);
      expect(read).toBeLessThanOrEqual(4096);
    }
  });
});
