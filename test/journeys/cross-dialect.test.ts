import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { setQuarantine } from '../support/policies.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import { verifyBooks } from '../../src/core/verify/index.js';

/** One account, one number, and the four vendors' APIs over them: what one does, the others see. */

const number = '+12135551234';
const neighbour = '+12135551235';
let server: TestServer;
let account: string;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  await setQuarantine(server, 0);
  const tenant = await server.createTenant({ balances: { USD: 10_000, EUR: 10_000 } });
  account = tenant.account.publicId;
  key = tenant.apiKey;
  await server.addNumbers([number, neighbour]);
});

afterAll(() => server.close());

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

const twoChat: Call = (method, path, body) =>
  ask(server.url, undefined, method, `/open${path}`, body, { 'x-user-api-key': key });

/** Piopiy and Staffify: the same base path and scheme, different resources. */
const bearer: Call = (method, path, body) => ask(server.url, key, method, `/v1${path}`, body);

const vobiz: Call = (method, path, body) =>
  ask(server.url, undefined, method, `/api/v1/Account/${account}${path}`, body, {
    'x-auth-id': account,
    'x-auth-token': key,
  });

async function found(call: Call, path: string, list: string, field: string): Promise<string[]> {
  const answer = await call('GET', path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (at(answer.body, list) as Record<string, unknown>[]).map((row) => String(row[field]));
}

/** What each dialect offers of the two numbers. */
async function onOffer(): Promise<Record<string, string[]>> {
  const digits = number.slice(1, -1);
  return {
    twoChat: await found(twoChat, '/numbers/available?group_id=abc-123', 'data.numbers', 'number'),
    staffify: await found(
      bearer,
      `/phone-numbers/search?country_code=US&contains=${digits}`,
      'phone_numbers',
      'phone_number',
    ),
    piopiy: await found(bearer, `/list-available-numbers?contains=${digits}`, 'data', 'number'),
    vobiz: await found(vobiz, `/inventory/numbers?search=${digits}`, 'items', 'e164'),
  };
}

/** What each dialect says that the account owns. */
async function owned(): Promise<Record<string, string[]>> {
  return {
    twoChat: await found(
      twoChat,
      '/voip/virtual-numbers?page_number=0&results_per_page=50',
      'numbers',
      'phone_number',
    ),
    staffify: await found(bearer, '/phone-numbers', 'phone_numbers', 'phone_number'),
    piopiy: await found(bearer, '/purchased-phone-numbers', 'data', 'number'),
    vobiz: await found(vobiz, '/numbers', 'items', 'e164'),
  };
}

const everywhere = (numbers: string[]) => ({
  twoChat: numbers,
  staffify: numbers,
  piopiy: numbers,
  vobiz: numbers,
});

async function ask2xx(call: Call, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await call(method, path, body);
  expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(200);
  expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer;
}

describe('one number in four dialects', () => {
  let piopiyId: string;
  let vobizId: string;
  let agent: unknown;

  it('is on offer in all of them', async () => {
    const offer = await onOffer();
    for (const numbers of Object.values(offer)) expect(numbers.sort()).toEqual([number, neighbour]);
  });

  it('reserved in 2Chat, is on offer in none', async () => {
    await ask2xx(twoChat, 'POST', '/numbers/reservations', { group_id: 'abc-123', number });
    const { staffify, piopiy, vobiz: shelf } = await onOffer();
    expect(staffify).toEqual([neighbour]);
    expect(piopiy).toEqual([neighbour]);
    expect(shelf).toEqual([neighbour]);
    expect(await owned()).toEqual(everywhere([]));
  });

  it('bought in 2Chat, is owned in all of them, and sold by none', async () => {
    const bought = await ask2xx(twoChat, 'POST', '/numbers/purchase', { group_id: 'abc-123', number });
    expect(bought.body).toEqual({ success: true, purchased: [number], failed: [] });
    expect(await owned()).toEqual(everywhere([number]));
    expect(await onOffer()).toEqual(everywhere([neighbour]));
    const again = await vobiz('POST', '/numbers/purchase-from-inventory', { e164: number });
    expect(again.status).toBe(404);
    const [wallet] = await server.sql<{ minor: string }[]>`
      select balance_minor::text as minor from wallet where currency = 'USD' and kind = 'tenant'`;
    expect(wallet?.minor).toBe('9650');
  });

  it('given an agent in Staffify, answers for it there and is untouched elsewhere', async () => {
    const made = await ask2xx(bearer, 'POST', '/agents', { name: 'Front Desk' });
    agent = at(made.body, 'id');
    const [row] = at((await bearer('GET', '/phone-numbers')).body, 'phone_numbers') as { id: number }[];
    const path = `/phone-numbers/${String(row?.id)}/assign`;
    const assigned = await ask2xx(bearer, 'PUT', path, { agent_id: agent });
    expect(assigned.body).toEqual({ success: true, phone_number_id: row?.id, agent_id: agent });
    const shown = await bearer('GET', `/phone-numbers/${String(row?.id)}`);
    expect(shown.body).toMatchObject({ phone_number: number, agent_id: agent, agent_name: 'Front Desk' });
    expect(await found(bearer, '/ai-agents', 'data', 'name')).toEqual(['Front Desk']);
  });

  it('is listed in Vobiz and Piopiy, each with an id that stays', async () => {
    const inVobiz = await ask2xx(vobiz, 'GET', '/numbers');
    expect(at(inVobiz.body, 'items.0')).toMatchObject({
      e164: number,
      account_id: account,
      status: 'active',
      setup_fee: 1,
      monthly_fee: 2.5,
      currency: 'USD',
    });
    vobizId = String(at(inVobiz.body, 'items.0.id'));
    const inPiopiy = await ask2xx(bearer, 'GET', '/purchased-phone-numbers');
    expect(at(inPiopiy.body, 'data.0')).toMatchObject({ number, status: 'active' });
    piopiyId = String(at(inPiopiy.body, 'data.0.id'));
  });

  it('released in Piopiy, is gone everywhere and on offer under the same ids', async () => {
    const released = await ask2xx(bearer, 'DELETE', `/release-phone-number/${piopiyId}`);
    expect(released.body).toEqual({ id: piopiyId, status: 'released' });
    expect(await owned()).toEqual(everywhere([]));
    const offer = await onOffer();
    for (const numbers of Object.values(offer)) expect(numbers.sort()).toEqual([number, neighbour]);
    expect(await found(bearer, `/list-available-numbers?contains=${number.slice(1)}`, 'data', 'id')).toEqual([
      piopiyId,
    ]);
    const search = `/inventory/numbers?search=${number.slice(1)}`;
    expect(await found(vobiz, search, 'items', 'id')).toEqual([vobizId]);
    expect((await vobiz('GET', `/numbers/${encodeURIComponent(number)}`)).status).toBe(404);
  });

  it('bought again in Vobiz, has neither agent nor trunk from before', async () => {
    await ask2xx(vobiz, 'POST', '/numbers/purchase-from-inventory', { e164: number });
    expect(await owned()).toEqual(everywhere([number]));
    const [row] = at((await bearer('GET', '/phone-numbers')).body, 'phone_numbers') as object[];
    expect(row).toMatchObject({ phone_number: number, agent_id: null, agent_name: null });
  });

  it('leaves the books in order', async () => {
    const { checks } = await verifyBooks({ ctx: server.operator() });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  });
});
