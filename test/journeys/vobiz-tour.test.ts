import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/**
 * The vendor's page "Phone Numbers API", operation by operation in the order in which it lists them, run by curl as its
 * readers do: the page's base URL with another host, and its three required headers.
 */

const run = promisify(execFile);
const number = '+918041234567';
const spare = '+918041234568';
const encoded = '%2B918041234567';
let server: TestServer;
let master: TestTenant;
let sub: TestTenant;
let home: string;

beforeAll(async () => {
  server = await startTestServer();
  master = await server.createTenant({ balances: { INR: 100_000 } });
  sub = await server.createTenant({ parent: master.account.publicId, balances: {} });
  await server.addNumbers([number, spare, '+12135551234']);
  home = await mkdtemp(join(tmpdir(), 'numex-curl-'));
  const lines = ['silent', 'show-error', 'noproxy = "*"', 'write-out = "\\n%{http_code}"'];
  await writeFile(join(home, '.curlrc'), `${lines.join('\n')}\n`);
});

afterAll(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

interface Printed {
  readonly status: number;
  readonly body: unknown;
}

const headers = `-H "X-Auth-ID: $AUTH_ID" \\
-H "X-Auth-Token: $AUTH_TOKEN" \\
-H "Content-Type: application/json"`;

/** Runs a curl command as the caller; `$BASE_URL` is the page's base URL, `$AUTH_ID` the caller's id. */
async function shell(command: string, authToken = master.apiKey): Promise<Printed> {
  const env = {
    PATH: process.env['PATH'],
    CURL_HOME: home,
    BASE_URL: `${server.url}/api`,
    AUTH_ID: master.account.publicId,
    AUTH_TOKEN: authToken,
    SUB_ID: sub.account.publicId,
  };
  const { stdout } = await run('sh', ['-c', `${command} \\\n${headers}`], { env });
  const end = stdout.lastIndexOf('\n');
  const text = stdout.slice(0, end);
  return {
    status: Number(stdout.slice(end + 1)),
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const list = 'curl "$BASE_URL/v1/Account/$AUTH_ID/numbers?page=1&per_page=25"';
const inventory = 'curl "$BASE_URL/v1/Account/$AUTH_ID/inventory/numbers?country=IN"';
const purchase = `curl -X POST "$BASE_URL/v1/Account/$AUTH_ID/numbers/purchase-from-inventory" \\
-d '{"e164": "${number}", "currency": "INR"}'`;
const unrent = `curl -X DELETE "$BASE_URL/v1/Account/$AUTH_ID/numbers/${encoded}"`;
const assign = `curl -X POST "$BASE_URL/v1/account/$AUTH_ID/numbers/${encoded}/assign-subaccount" \\
-d "{\\"sub_account_id\\": \\"$SUB_ID\\"}"`;
const unassign = `curl -X DELETE "$BASE_URL/v1/account/$AUTH_ID/numbers/${encoded}/assign-subaccount"`;
const force = `curl -X DELETE "$BASE_URL/v1/account/$AUTH_ID/numbers/${encoded}/assign-subaccount?force=true"`;

const numbersIn = ({ body }: Printed) => (at(body, 'items') as { e164: string }[]).map((row) => row.e164);

describe('the page’s operations', () => {
  it('list, browse, purchase and list again, for the fees that the inventory shows', async () => {
    expect(await shell(list)).toEqual({ status: 200, body: { items: [], page: 1, per_page: 25, total: 0 } });

    const shelf = await shell(inventory);
    expect(shelf.status).toBe(200);
    expect(numbersIn(shelf)).toEqual([number, spare]);
    const fees = Number(at(shelf.body, 'items.0.setup_fee')) + Number(at(shelf.body, 'items.0.monthly_fee'));

    const bought = await shell(purchase);
    expect(bought.status).toBe(200);
    expect(bought.body).toMatchObject({
      message: 'Number purchased successfully',
      number: { e164: number, account_id: master.account.publicId, status: 'active' },
    });
    const [wallet] = await server.sql<{ minor: string }[]>`
      select balance_minor::text as minor from wallet where account_id = ${master.account.id}`;
    expect(Number(wallet?.minor)).toBe(100_000 - fees * 100);

    expect(numbersIn(await shell(list))).toEqual([number]);
    expect(numbersIn(await shell(inventory))).toEqual([spare]);
    expect((await shell(purchase)).status).toBe(404);
  });

  it('assign the DID to a sub-account, which the master’s list includes', async () => {
    expect(await shell(assign)).toEqual({ status: 204, body: undefined });
    const listed = await shell(list);
    expect(at(listed.body, 'items.0')).toMatchObject({ e164: number, account_id: sub.account.publicId });
  });

  it('move a DID that was never used back at once', async () => {
    expect(await shell(unassign)).toEqual({ status: 204, body: undefined });
    expect(at((await shell(list)).body, 'items.0.account_id')).toBe(master.account.publicId);
  });

  it('reject one with a call in the last 15 days, unless an admin forces it, which is on record', async () => {
    expect((await shell(assign)).status).toBe(204);
    const admin = await server.createAdminKey();
    const start = new Date(server.clock.now().getTime() - 3_600_000);
    const call = {
      call_id: 'tour-1',
      direction: 'inbound',
      from: '+14155550100',
      to: number,
      started_at: start.toISOString(),
      ended_at: new Date(start.getTime() + 30_000).toISOString(),
      duration: 30,
      billable: 0,
    };
    const brought = await ask(server.url, admin, 'POST', '/numex/v1/calls', { calls: [call] });
    expect(brought.status, JSON.stringify(brought.body)).toBeLessThan(300);

    const refused = await shell(unassign);
    expect(refused.status).toBe(409);
    expect(at(refused.body, 'error')).toBe('did_cool_off_in_effect');
    expect(at(refused.body, 'cool_off_remaining_seconds')).toBe(15 * 86_400 - 3600);
    const until = new Date(start.getTime() + 15 * 86_400_000);
    expect(new Date(String(at(refused.body, 'cool_off_until')))).toEqual(until);

    expect((await shell(force)).status).toBe(403);
    expect((await shell(force, admin)).status).toBe(204);
    const forced = await server.sql`
      select id from audit_entry where action = 'number.move' and (details->>'forced')::boolean`;
    expect(forced).toHaveLength(1);
  });

  it('unrent the number, which leaves the account when its day is over', async () => {
    const released = await shell(unrent);
    expect(released.status).toBe(200);
    expect(released.body).toMatchObject({ status: 'pending_release', message: 'number release initiated' });
    expect(at((await shell(list)).body, 'items.0.status')).toBe('pending_release');
    server.clock.advance(86_400);
    expect(numbersIn(await shell(list))).toEqual([]);
  });

  it('need the headers', async () => {
    expect(await shell(list, 'wrong')).toEqual({
      status: 401,
      body: { error: 'unauthorized', message: 'invalid credentials' },
    });
  });
});
