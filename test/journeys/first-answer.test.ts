import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/core/context.js';
import { openWallet } from '../../src/core/ledger/index.js';
import { openAddressBed } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { watchRoutes } from '../support/served-routes.js';
import type { ServedRoutes } from '../support/served-routes.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import { keepAccounts, listen, moveTime, register, sellAndRent } from './first-answer/numex-writes.js';
import { comparable, Session } from './first-answer/session.js';
import { piopiyWrites, staffifyWrites, twochatWrites } from './first-answer/vendor-writes.js';
import { vobizWrites } from './first-answer/vobiz-writes.js';
import type { VobizStock } from './first-answer/vobiz-writes.js';

/** What a reused key is answered with, by the beginning of the path. */
const refusals = { '/numex/v1': 422, '/open': 422, '/v1': 409, '/api/v1': 409 } as const;
const laterSeconds = 3600;

let server: TestServer;
let bed: AddressBed;
let routes: ServedRoutes;
let session: Session;

const line = (index: number): string => `+12135577${String(index).padStart(3, '0')}`;
const vobizStock: VobizStock = { free: [line(9), line(10)], missing: '+12135578000', currency: 'GBP' };

beforeAll(async () => {
  ({ made: server, routes } = await watchRoutes(() => startTestServer()));
  bed = openAddressBed(server);
  session = new Session(server);
  await server.addNumbers(Array.from({ length: 30 }, (_, index) => line(index)));
  const balances = { USD: 1_000_000, EUR: 1_000_000 };
  const tenant = await server.createTenant({ balances });
  const tester = await server.createTenant({ environment: 'test', balances });
  await bed.decided(tenant.account, 'approve', { country: 'US' });
  const caller = session.as(tenant.apiKey, tenant.account.publicId);
  const admin = session.as(await server.createAdminKey());
  await sellAndRent(caller, [line(0), line(1), line(2)]);
  await register(caller, admin);
  await listen(caller);
  await keepAccounts(caller, admin, line(3));
  await moveTime(session.as(tester.apiKey), tester.account.publicId);
  await piopiyWrites(caller, line(6));
  await staffifyWrites(caller, [line(7), line(8)]);
  await twochatWrites(caller, [line(4), line(5)]);
  await vobizWrites(caller, tenant.account.publicId, vobizStock);
  await changeTheWorld(tenant.account);
});

afterAll(async () => {
  await bed.close();
  await server.close();
});

/** Money gone, time passed, prices up, what was missing there, groups renamed, every address expired, all else changed. */
async function changeTheWorld(account: Account): Promise<void> {
  const { sql } = server;
  const { id: accountId } = account;
  await sql`update wallet set balance_minor = -credit_limit_minor where account_id = ${accountId}`;
  await sql`update price_rule set recurring_minor = recurring_minor + 100`;
  await sql`update number_group set public_id = public_id || '-old', location = 'Elsewhere'`;
  await sql`update address set status = 'expired' where account_id = ${accountId} and status = 'verified'`;
  for (const table of ['agent', 'trunk', 'application']) {
    await sql`update ${sql(table)} set name = 'Somebody else' where account_id = ${accountId}`;
  }
  await sql`update account set name = 'Somebody else' where parent_id = ${accountId}`;
  await server.addNumbers([vobizStock.missing]);
  await openWallet({ ctx: server.operator(), input: { account, currency: vobizStock.currency } });
  await sql`update rental set label = 'Changed', tags = '{changed}' where account_id = ${accountId}`;
  server.clock.advance(laterSeconds);
}

/** Writing routes of the wires that are proved here, as the router has them. */
function writingRoutes(): string[] {
  return routes.answering
    .filter(({ method, path }) => method !== 'GET' && Object.keys(refusals).some((at) => path.startsWith(at)))
    .map(({ method, path }) => `${method} ${path}`);
}

describe('a write with an idempotency key', () => {
  it('is tried on every route', () => {
    const tried = new Set(session.sent.map(({ route }) => route.replace(/\?.*/, '')));
    expect([...tried].sort()).toEqual([...new Set(writingRoutes())].sort());
  });

  it('succeeds once at least on every route, so that there is something to repeat', () => {
    const succeeded = new Set(
      session.sent.filter(({ first }) => first.status < 300).map(({ route }) => route),
    );
    const failed = session.sent.filter(({ route }) => !succeeded.has(route));
    expect(failed.map(({ route, first }) => [route, first.status])).toEqual([
      // Nothing has been delivered yet: the refusal is the first answer.
      ['POST /numex/v1/webhook-endpoints/:endpoint/deliveries/:delivery/replay', 409],
    ]);
  });

  it('gives the first answer again, whatever has happened since', async () => {
    const firsts: unknown[] = [];
    const repeats: unknown[] = [];
    for (const write of session.sent) {
      const { route, first } = write;
      const again = await session.repeat(write);
      const [expected, found] = [comparable(first.body, true), comparable(again.body, false)];
      if (again.status === first.status && isDeepStrictEqual(expected, found)) continue;
      firsts.push([route, first.status, expected]);
      repeats.push([route, again.status, found]);
    }
    expect(repeats).toEqual(firsts);
  });

  it('is refused for another request', async () => {
    const accepted: unknown[] = [];
    // A clock moves in many transactions and takes no key: moving it to the same time again does nothing.
    const keyed = session.sent.filter(({ route }) => !route.endsWith('/advance'));
    for (const write of keyed) {
      const [, status] = Object.entries(refusals).find(([at]) => write.path.startsWith(at)) ?? [];
      const other = await session.repeat(write, 'spelt otherwise');
      if (other.status !== status) accepted.push([write.route, other.status, other.body]);
    }
    expect(accepted).toEqual([]);
  });
});
