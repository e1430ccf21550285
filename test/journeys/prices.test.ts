import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let admin: string;
let tenant: TestTenant;
const number = '+12125550142';

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.createAdminKey();
  tenant = await server.createTenant({ balances: { GBP: 100_000 } });
  await server.addNumbers([number, '+12125550143']);
});

afterAll(() => server.close());

const base = '/numex/v1';

async function operate(method: string, path: string, body?: unknown, status = 200): Promise<unknown> {
  const answer = await ask(server.url, admin, method, `${base}${path}`, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(status);
  return answer.body;
}

const asTenant = (method: string, path: string, body?: unknown): Promise<Answer> =>
  ask(server.url, tenant.apiKey, method, `${base}${path}`, body);

const explain = (query = ''): Promise<unknown> =>
  operate(
    'GET',
    `/prices/explain?account=${tenant.account.publicId}&number=${encodeURIComponent(number)}${query}`,
  );

it('an operator makes a list, sells by it in a further currency, and can say why a price is what it is', async () => {
  const { publicId } = tenant.account;
  const check = () => asTenant('GET', `/numbers/${encodeURIComponent(number)}/purchase-check`);

  // Nothing is sold in pounds yet.
  expect(at((await check()).body, 'price')).toBeNull();
  expect(await explain()).toMatchObject({ currency: 'GBP', price: null, source: null });
  const made = await operate('POST', '/accounts', { name: 'In pounds', currency: 'GBP' }, 201);
  expect(at(made, 'warnings.0')).toContain('numex price currency add GBP');

  const asked = { currency: 'GBP', from: 'USD', rate: '0.79' };
  const dry = await operate('POST', '/price-lists/standard/currencies', { ...asked, dry_run: true });
  expect(dry).toMatchObject({ dry_run: true, added: 4, changed: 0 });
  expect(at((await check()).body, 'price')).toBeNull();
  expect(await operate('POST', '/price-lists/standard/currencies', asked)).toMatchObject({ added: 4 });
  // 1.00 and 2.50 dollars at 0.79.
  expect(at((await check()).body, 'price')).toMatchObject({ setup_minor: 79, recurring_minor: 198 });

  const list = await operate(
    'POST',
    '/price-lists',
    { name: 'Resellers', inherits: { list: 'standard', percent: -10 } },
    201,
  );
  expect(list).toMatchObject({ name: 'Resellers', inherits: { name: 'standard', percent: -10 }, rules: 0 });
  const id = String(at(list, 'id'));
  expect(
    await operate('PUT', `/accounts/${publicId}/pricing`, { price_list: id, discount_percent: 5 }),
  ).toMatchObject({
    account: publicId,
    price_list: { id, name: 'Resellers' },
    discount_percent: 5,
  });

  // 198 less 10 % is 178.2, so 178; less 5 % is 169.1, so 169.
  const why = await explain();
  expect(why).toMatchObject({
    listed: { recurring_minor: 178 },
    price: { setup_minor: 67, recurring_minor: 169, cycle: 'month' },
    source: {
      kind: 'rule',
      rule: { type: 'local', country: null, recurring_minor: 198 },
      steps: [{ price_list: { name: 'standard' } }, { price_list: { name: 'Resellers' }, percent: -10 }],
    },
  });
  expect(at((await check()).body, 'price')).toEqual(at(why, 'price'));

  const order = await asTenant('POST', '/orders', { lines: [{ number }] });
  expect(at(order.body, 'results.0.price')).toEqual(at(why, 'price'));
  const rental = String(at(order.body, 'results.0.rental_id'));

  // A dearer rule holds for what is bought from now on, and for nothing that is rented.
  const rule = { currency: 'GBP', country: 'US', prefix: '+121255', recurring_minor: 9900, cycle: 'month' };
  await operate('PUT', `/price-lists/${id}/rules`, rule);
  expect(at((await asTenant('GET', `/rentals/${rental}`)).body, 'price')).toEqual(at(why, 'price'));
  expect(await explain()).toMatchObject({
    price: { recurring_minor: 9405 },
    source: { rule: { prefix: '121255' } },
  });

  const page = await operate('GET', `/price-lists/${id}/rules`);
  expect(page).toMatchObject({ data: [{ state: 'in_force', prefix: '121255', recurring_minor: 9900 }] });
  const csv = String(await operate('GET', `/price-lists/${id}/export`));
  expect(csv.split('\n')).toHaveLength(3);
  const cheaper = csv.replace('99.00', '88.00');
  expect(await operate('POST', `/price-lists/${id}/import`, { csv: cheaper, dry_run: true })).toMatchObject({
    changed: 1,
    changes: [{ change: 'changed', before: { recurring_minor: 9900 }, after: { recurring_minor: 8800 } }],
  });
  await operate('POST', `/price-lists/${id}/import`, { csv: cheaper });
  expect(await explain()).toMatchObject({ listed: { recurring_minor: 8800 } });

  const after = await operate('GET', `/price-lists/${id}/rules`);
  await operate('DELETE', `/price-lists/${id}/rules/${String(at(after, 'data.0.id'))}`);
  expect(await explain()).toMatchObject({ price: { recurring_minor: 169 } });
  const again = await operate(
    'DELETE',
    `/price-lists/${id}/rules/${String(at(after, 'data.0.id'))}`,
    undefined,
    409,
  );
  expect(again).toMatchObject({ code: 'wrong_state' });

  const audit = await operate('GET', '/audit?limit=100');
  const actions = (at(audit, 'data') as { action: string }[]).map(({ action }) => action);
  expect(actions).toEqual(
    expect.arrayContaining([
      'price_list.create',
      'price_rule.set',
      'price_rule.remove',
      'account.set_pricing',
    ]),
  );
});
