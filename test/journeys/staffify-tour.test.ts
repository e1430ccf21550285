import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAnswer } from '../dialects/staffify/contract.js';
import { balanceOf, makeAgent, numberOf, Office } from '../dialects/staffify/office.js';
import type { Settled } from '../dialects/staffify/office.js';

/**
 * The vendor's page "Phone Numbers", command by command as it is printed: a shell runs each one with the base URL, the
 * key and the ids of the page replaced by those of this server.
 */

const run = promisify(execFile);
let office: Office;
let tenant: Settled;

beforeAll(async () => {
  office = await Office.open();
  const options = { balances: { EUR: 1_500 } };
  const owner = await office.tenant(options);
  tenant = { ...owner, addressId: await office.address(owner, 'verified', { city_code: '020' }) };
  await office.server.addNumbers(['+31204567890', '+14155551234']);
});

afterAll(() => office.close());

/** Runs a command of the page; answers the status and the body, parsed where there is one. */
async function shell(command: string): Promise<{ status: number; body: unknown }> {
  const here = command
    .replaceAll('https://api.staffifyai.com', office.server.url)
    .replaceAll('sfy_live_YOUR_KEY', tenant.apiKey.replace(/^nx_live_/, 'sfy_live_'));
  const script = `${here} --silent --write-out '\\n%{http_code}'`;
  const env = { ...process.env, no_proxy: '127.0.0.1' };
  const { stdout } = await run('/bin/sh', ['-c', script], { env });
  const end = stdout.lastIndexOf('\n');
  const text = stdout.slice(0, end);
  return { status: Number(stdout.slice(end + 1)), body: text === '' ? null : JSON.parse(text) };
}

const buyDutch = `curl -X POST https://api.staffifyai.com/v1/phone-numbers \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "phone_number": "+31204567890",
    "country_code": "NL",
    "number_type":  "local",
    "address_id":   7,
    "city_code":    "020"
  }'`;

const buyAmerican = `curl -X POST https://api.staffifyai.com/v1/phone-numbers \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{ "phone_number": "+14155551234" }'`;

const assign = `curl -X PUT https://api.staffifyai.com/v1/phone-numbers/42/assign \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{ "agent_id": 123 }'`;

const unassign = `curl -X DELETE https://api.staffifyai.com/v1/phone-numbers/42/assign \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

const countries = `curl "https://api.staffifyai.com/v1/phone-numbers/countries" \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

const list = `curl "https://api.staffifyai.com/v1/phone-numbers" \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

const get = `curl "https://api.staffifyai.com/v1/phone-numbers/42" \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

const release = `curl -X DELETE https://api.staffifyai.com/v1/phone-numbers/42 \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

/** PATCH and reclaim are on the page without a command; these are written like its others. */
const tag = `curl -X PATCH https://api.staffifyai.com/v1/phone-numbers/42 \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{ "tags": ["support", "sales"] }'`;

const reclaim = `curl -X POST https://api.staffifyai.com/v1/phone-numbers/42/reclaim \\
  -H "Authorization: Bearer sfy_live_YOUR_KEY"`;

it('buys, assigns, tags, lists, releases and reclaims as the page does, and gets the answers it shows', async () => {
  const shown = (await shell(countries)).body;
  expect(shown).toMatchObject({
    countries: expect.arrayContaining([
      { code: 'US', name: 'United States', requires_address: false },
      { code: 'NL', name: 'Netherlands', requires_address: true },
      { code: 'DE', name: 'Germany', requires_address: true },
    ]) as unknown,
  });

  const dutch = await shell(buyDutch.replace(/7,$/m, `${tenant.addressId},`));
  const dutchId = (dutch.body as { id: number }).id;
  expect(dutch).toEqual({
    status: 200,
    body: { success: true, id: dutchId, phone_number: '+31204567890' },
  });
  const american = await shell(buyAmerican);
  const id = (american.body as { id: number }).id;
  expect(american).toEqual({ status: 200, body: { success: true, id, phone_number: '+14155551234' } });
  expect(await balanceOf(tenant)).toBe(5);

  const agent = await makeAgent(tenant, 'Support Bot');
  const withIds = (command: string) => command.replace('/42', `/${id}`).replace(' 123 ', ` ${agent.id} `);
  const page = (command: string) => shell(withIds(command));
  const assigned = { status: 200, body: { success: true, phone_number_id: id, agent_id: agent.id } };
  expect(await page(assign)).toEqual(assigned);
  // "Replaces any existing assignment (no 409 on re-assign)."
  expect(await page(assign)).toEqual(assigned);

  const object = {
    id,
    phone_number: '+14155551234',
    status: 'active',
    agent_id: agent.id,
    agent_name: 'Support Bot',
    tags: ['support', 'sales'],
  };
  expect(await page(tag)).toEqual({ status: 200, body: object });
  expect(await page(get)).toEqual({ status: 200, body: object });
  expect(await page(list)).toEqual({
    status: 200,
    body: { phone_numbers: [object, await numberOf(tenant, dutchId)], next_cursor: null },
  });

  // "Must be active and have no agent assigned (unassign first)."
  expect((await page(release)).status).toBe(409);
  expect(await page(unassign)).toEqual({ status: 204, body: null });
  // "Returns 409 if no agent is currently assigned."
  expect((await page(unassign)).status).toBe(409);
  expect(await page(release)).toEqual({
    status: 200,
    body: { pending_release: true, id, reclaim_before: office.instant(7 * 24 * 3600) },
  });
  expect(await page(reclaim)).toEqual({ status: 200, body: { reclaimed: true, id, status: 'active' } });
  expect((await page(reclaim)).status).toBe(409);
  expect(await page(get)).toEqual({
    status: 200,
    body: { ...object, agent_id: null, agent_name: null },
  });
});

it('refuses with 402 below the minimum balance of EUR 5.00, and takes exactly that', async () => {
  const [first = '', second = ''] = await office.stock('losAngeles', 2);
  expectAnswer(await tenant.client.buy({ phone_number: first }), 'bought');
  expect(await balanceOf(tenant)).toBe(0);
  expect((await shell(buyAmerican.replace('+14155551234', second))).status).toBe(402);
});
