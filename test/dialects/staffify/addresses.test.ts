import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './contract.js';
import { Office } from './office.js';
import type { Standing, Tenant } from './office.js';
import { newAddress } from './routes.js';

const required = Object.keys(newAddress) as (keyof typeof newAddress)[];
let office: Office;
let tenant: Tenant;

beforeAll(async () => {
  office = await Office.open();
  tenant = await office.tenant();
});

afterAll(() => office.close());

const create = (body: unknown) => tenant.client.post('/addresses', body);
const withoutKey = (key: string) =>
  Object.fromEntries(Object.entries(newAddress).filter(([name]) => name !== key));

async function addressCount(): Promise<number> {
  return expectAnswer(await tenant.client.get('/addresses?limit=100'), 'addresses').addresses.length;
}

describe('a new address', () => {
  it('is a draft, with everything that was said of it', async () => {
    const body = { ...newAddress, company_name: 'Vos BV', city_code: '020' };
    const made = expectAnswer(await create(body), 'addressMade', 201);
    expect(made).toEqual({ address_id: made.address_id });
    const shown = await tenant.client.get(`/addresses/${made.address_id}`);
    expect(expectAnswer(shown, 'address')).toEqual({
      id: made.address_id,
      ...body,
      status: 'draft',
      created_at: office.instant(),
      updated_at: office.instant(),
    });
  });

  it('has null for a company and a city code that were not given', async () => {
    const id = await office.address(tenant, 'draft');
    const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
    expect(shown).toMatchObject({ ...newAddress, company_name: null, city_code: null });
  });

  it('keeps letters of any script as they were written', async () => {
    const odd = { street_address: 'Straße 1, "Hof" ＆ O’Neill \\ 漢字 😀', city: "'s-Hertogenbosch" };
    const id = await office.address(tenant, 'draft', odd);
    const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
    expect(shown).toMatchObject(odd);
  });

  it('ignores fields it does not know, its own status among them', async () => {
    const id = await office.address(tenant, 'draft', { status: 'verified', id: 7, colour: 'red' });
    const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
    expect(shown).toMatchObject({ id, status: 'draft' });
  });

  it.each(required)('must have a %s', async (field) => {
    const before = await addressCount();
    expectError(await create(withoutKey(field)), 'VALIDATION_ERROR', field);
    for (const value of [null, '', '   ', 7, true, ['x'], { x: 1 }, 'a\u0000b']) {
      expectError(await create({ ...newAddress, [field]: value }), 'VALIDATION_ERROR', field);
    }
    expect(await addressCount()).toBe(before);
  });

  it.each(['company_name', 'city_code'])('may have a %s, but only a text', async (field) => {
    for (const value of [7, true, ['x'], { x: 1 }]) {
      expectError(await create({ ...newAddress, [field]: value }), 'VALIDATION_ERROR', field);
    }
  });

  it('is told everything that is wrong with it at once', async () => {
    expectError(await create({}), 'VALIDATION_ERROR', ...required);
    const body = { ...newAddress, contact_email: 'nobody', contact_phone: '12', country_code: 'ZZ' };
    expectError(await create(body), 'VALIDATION_ERROR', 'contact_email', 'contact_phone', 'country_code');
  });

  it.each([
    ['country_code', ['ZZ', 'NLD', 'N', 'Netherlands']],
    ['contact_phone', ['0205550100', '31205550100', '+31 20 555', '+0205550100', '+12', 'phone']],
    ['contact_email', ['ada', 'ada@', '@example.com', 'a b@example.com']],
  ])('must have a sound %s', async (field, values) => {
    for (const value of values) {
      expectError(await create({ ...newAddress, [field]: value }), 'VALIDATION_ERROR', field);
    }
  });

  it.each([undefined, '{', '[]', 'null', '"NL"', '1'])('is not made of a body of %s', async (body) => {
    expectError(await create(body), 'VALIDATION_ERROR');
  });
});

describe('an address by its id', () => {
  it.each(['0', '-1', '1.5', 'abc', '999999999', '99999999999999999999999', '%00', "1'--", 'null'])(
    'is not found as %s',
    async (odd) => {
      expectError(await tenant.client.get(`/addresses/${odd}`), 'NOT_FOUND');
      for (const step of ['submit', 'check-status']) {
        expectError(await tenant.client.post(`/addresses/${odd}/${step}`), 'NOT_FOUND');
      }
    },
  );

  it.each<Standing>(['draft', 'pending', 'verified', 'partially_verified', 'rejected', 'expired'])(
    'is shown as %s',
    async (standing) => {
      const id = await office.address(tenant, standing);
      const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
      expect(shown.status).toBe(standing);
    },
  );
});

describe('the list of addresses', () => {
  it('has 20 on a page, newest first, and goes on with its cursor', async () => {
    const lister = await office.tenant();
    const empty = expectAnswer(await lister.client.get('/addresses'), 'addresses');
    expect(empty).toEqual({ addresses: [], next_cursor: null });
    const ids: number[] = [];
    for (let i = 0; i < 21; i++) ids.unshift(await office.address(lister, 'draft'));
    const first = expectAnswer(await lister.client.get('/addresses'), 'addresses');
    expect(first.addresses.map(({ id }) => id)).toEqual(ids.slice(0, 20));
    expect(first.next_cursor).toBe(String(ids[19]));
    const rest = await lister.client.get(`/addresses?after=${String(first.next_cursor)}`);
    const last = expectAnswer(rest, 'addresses');
    expect(last.addresses.map(({ id }) => id)).toEqual(ids.slice(20));
    expect(last.next_cursor).toBeNull();
    const all = expectAnswer(await lister.client.get('/addresses?limit=21'), 'addresses');
    expect(all.next_cursor).toBeNull();
    const shown = await lister.client.get(`/addresses/${String(ids[0])}`);
    expect(all.addresses[0]).toEqual(shown.body);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['after=x', 'after'],
    ['after=-1', 'after'],
  ])('refuses %s', async (query, field) => {
    expectError(await tenant.client.get(`/addresses?${query}`), 'VALIDATION_ERROR', field);
  });
});

describe('the requirements of a country', () => {
  const ask = async (country: string) =>
    expectAnswer(await tenant.client.get(`/addresses/requirements?country=${country}`), 'requirements');

  it('are an address and an identity in the Netherlands, and a city too in Germany and Spain', async () => {
    for (const [country, requires_city_code] of [
      ['NL', false],
      ['DE', true],
      ['ES', true],
    ] as const) {
      const answer = await ask(country);
      expect(answer).toMatchObject({ country, requires_address: true, requires_city_code });
      expect(answer.documents).toContainEqual({ type: 'government_id', required: true });
      const types = answer.documents.map(({ type }) => type);
      expect(new Set(types).size).toBe(types.length);
    }
  });

  it('are no address for the United States and Canada', async () => {
    for (const country of ['US', 'CA']) {
      expect(await ask(country)).toMatchObject({
        country,
        requires_address: false,
        requires_city_code: false,
      });
    }
  });

  it('say of every country what the list of countries says', async () => {
    const { countries } = expectAnswer(await tenant.client.get('/phone-numbers/countries'), 'countries');
    for (const { code, requires_address } of countries.slice(0, 12)) {
      expect((await ask(code)).requires_address).toBe(requires_address);
    }
  });

  it.each(['', '?country=', '?country=ZZ', '?country=NLD', '?country=%00', '?other=NL'])(
    'are not known for “%s”',
    async (query) => {
      const answer = await tenant.client.get(`/addresses/requirements${query}`);
      expectError(answer, 'VALIDATION_ERROR', 'country');
    },
  );
});
