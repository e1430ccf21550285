import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffifyClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';
import type { Found } from './contract.js';
import { Office } from './office.js';
import type { Series, Standing, Tenant } from './office.js';

let office: Office;
let tenant: Tenant;
let client: StaffifyClient;
const stocked = new Map<Series, string[]>();

/** What was put into stock of a kind before the tests began. */
function stockOf(of: Series): string[] {
  return stocked.get(of) ?? [];
}

beforeAll(async () => {
  office = await Office.open();
  tenant = await office.tenant();
  client = tenant.client;
  for (const of of [
    'newYork',
    'ontario',
    'tollFree',
    'amsterdam',
    'rotterdam',
    'berlin',
    'hamburg',
    'germanMobile',
  ] as const) {
    stocked.set(of, await office.stock(of, 2));
  }
  stocked.set('losAngeles', await office.stock('losAngeles', 101));
});

afterAll(() => office.close());

async function found(query: string, asker = client): Promise<readonly Found[]> {
  return expectAnswer(await asker.search(query), 'found').phone_numbers;
}

async function numbersFound(query: string, asker = client): Promise<string[]> {
  return (await found(query, asker)).map((entry) => entry.phone_number).sort();
}

describe('a search', () => {
  it('shows what a purchase takes, with its price', async () => {
    const [number = ''] = stockOf('losAngeles');
    const [entry] = await found(`?contains=${number.slice(1)}`);
    expect(entry).toMatchObject({
      phone_number: number,
      country_code: 'US',
      number_type: 'local',
      area_code: '213',
      monthly_cost: 5,
      currency: 'EUR',
    });
  });

  it('is of local numbers in the United States unless told otherwise', async () => {
    const sought = await found('?limit=100');
    expect(sought).toHaveLength(100);
    for (const entry of sought) expect(entry).toMatchObject({ country_code: 'US', number_type: 'local' });
    const [number = ''] = stockOf('newYork');
    expect(await numbersFound(`?country_code=US&type=local&contains=${number.slice(1)}`)).toEqual([number]);
  });

  it('finds by area code', async () => {
    expect(await numbersFound('?area_code=212')).toEqual(stockOf('newYork'));
    for (const entry of await found('?area_code=213')) expect(entry.phone_number).toMatch(/^\+1213/);
    expect(await numbersFound('?area_code=999')).toEqual([]);
  });

  it('finds digits anywhere in the number', async () => {
    const number = stockOf('newYork')[1] ?? '';
    for (const digits of [number.slice(1), number.slice(1, 5), number.slice(3, 8), number.slice(-8)]) {
      expect(await numbersFound(`?area_code=212&contains=${digits}`)).toContain(number);
    }
    expect(await numbersFound(`?contains=${number.slice(-5)}&area_code=212`)).toEqual([number]);
  });

  it.each(['type', 'number_type'])('finds by %s', async (name) => {
    expect(await numbersFound(`?${name}=toll_free`)).toEqual(stockOf('tollFree'));
    for (const entry of await found(`?${name}=toll_free`)) expect(entry.number_type).toBe('toll_free');
    expect(await numbersFound(`?country_code=CA&${name}=local`)).toEqual(stockOf('ontario'));
  });

  it('shows 20, or as many as are asked for', async () => {
    expect(await found('?area_code=213')).toHaveLength(20);
    expect(await found('?area_code=213&limit=1')).toHaveLength(1);
    expect(await found('?area_code=213&limit=100')).toHaveLength(100);
  });

  it('takes nothing out of stock and shows nothing that is sold', async () => {
    const buyer = await office.settled();
    const number = await office.stockOne('losAngeles');
    const query = `?contains=${number.slice(1)}`;
    expect(await numbersFound(query)).toEqual([number]);
    expect(await numbersFound(query)).toEqual([number]);
    const { id } = expectAnswer(await buyer.client.buy({ phone_number: number }), 'bought');
    expect(await numbersFound(query)).toEqual([]);
    expect(await numbersFound(query, buyer.client)).toEqual([]);
    expectAnswer(await buyer.client.release(id), 'released');
    expect(await numbersFound(query)).toEqual([]);
  });

  it.each([
    ['an unknown country', '?country_code=ZZ', 'country_code'],
    ['three letters for a country', '?country_code=USA', 'country_code'],
    ['an unknown type', '?type=fixed', 'type'],
    ['letters in the digits', '?contains=12a', 'contains'],
    ['a wildcard in the digits', '?contains=12*', 'contains'],
    ['a percent sign in the digits', '?contains=%25', 'contains'],
    ['a limit of zero', '?limit=0', 'limit'],
    ['a limit above 100', '?limit=101', 'limit'],
    ['a negative limit', '?limit=-1', 'limit'],
    ['a word for a limit', '?limit=many', 'limit'],
    ['a part of a number for a limit', '?limit=1.5', 'limit'],
  ])('refuses %s', async (_what, query, field) => {
    expectError(await client.search(query), 'VALIDATION_ERROR', field);
  });

  it('refuses an unknown number_type', async () => {
    expectError(await client.search('?number_type=fixed'), 'VALIDATION_ERROR');
  });
});

describe('a search in a country that wants an address', () => {
  it('shows nothing before there is one', async () => {
    for (const country of ['NL', 'DE']) expect(await found(`?country_code=${country}`)).toEqual([]);
  });

  it.each<[Standing, boolean]>([
    ['draft', false],
    ['pending', false],
    ['rejected', false],
    ['expired', false],
    ['verified', true],
    ['partially_verified', true],
  ])('with one that is %s: %s', async (standing, shown) => {
    const seeker = await office.tenant();
    await office.address(seeker, standing);
    const numbers = await numbersFound('?country_code=NL', seeker.client);
    expect(numbers).toEqual(shown ? [...stockOf('rotterdam'), ...stockOf('amsterdam')].sort() : []);
    expect(await found('?country_code=DE', seeker.client)).toEqual([]);
  });

  it('counts no address of another account', async () => {
    await office.address(await office.tenant());
    expect(await found('?country_code=NL')).toEqual([]);
  });

  it('finds by city code, written with its zero', async () => {
    const seeker = await office.tenant();
    await office.address(seeker);
    const sought = await found('?country_code=NL&city_code=020', seeker.client);
    expect(sought.map((entry) => entry.phone_number).sort()).toEqual(stockOf('amsterdam'));
    for (const entry of sought) {
      expect(entry).toMatchObject({ country_code: 'NL', number_type: 'local', city_code: '020' });
      expect(entry).not.toHaveProperty('area_code');
    }
    expect(await numbersFound('?country_code=NL&city_code=010', seeker.client)).toEqual(stockOf('rotterdam'));
  });

  it('lists the address’s own city where presence is local, unless another is asked for', async () => {
    const seeker = await office.tenant();
    await office.address(seeker, 'verified', { country_code: 'DE', city_code: '030', city: 'Berlin' });
    expect(await numbersFound('?country_code=DE', seeker.client)).toEqual(stockOf('berlin'));
    expect(await numbersFound('?country_code=DE&city_code=040', seeker.client)).toEqual(stockOf('hamburg'));
    expect(await numbersFound('?country_code=DE&type=mobile', seeker.client)).toEqual(
      stockOf('germanMobile'),
    );
  });
});

describe('the list of countries', () => {
  it('has every supported country once, the United States first and the others by name', async () => {
    const { countries } = expectAnswer(await client.get('/phone-numbers/countries'), 'countries');
    expect(countries[0]).toEqual({ code: 'US', name: 'United States', requires_address: false });
    expect(new Set(countries.map(({ code }) => code)).size).toBe(countries.length);
    const names = countries.slice(1).map(({ name }) => name);
    const byLetter = [...names].sort((a, b) => a.localeCompare(b, 'en'));
    const byCode = [...names].sort();
    expect([byLetter, byCode]).toContainEqual(names);
  });

  it('says which of them want an address: all but the United States and Canada', async () => {
    const { countries } = expectAnswer(await client.get('/phone-numbers/countries'), 'countries');
    expect(countries).toContainEqual({ code: 'NL', name: 'Netherlands', requires_address: true });
    expect(countries).toContainEqual({ code: 'DE', name: 'Germany', requires_address: true });
    const wanting = countries.filter((country) => country.requires_address).map(({ code }) => code);
    expect(wanting).toEqual(
      expect.arrayContaining(['NL', 'DE', 'FR', 'GB', 'IT', 'ES', 'BE', 'AT', 'SE', 'DK']),
    );
    const free = countries.filter((country) => !country.requires_address).map(({ code }) => code);
    expect(free.sort()).toEqual(['CA', 'US']);
  });

  it('is never taken for a number', async () => {
    for (const query of ['', '?limit=1', '?after=x']) {
      const { countries } = expectAnswer(await client.get(`/phone-numbers/countries${query}`), 'countries');
      expect(countries.length).toBeGreaterThan(10);
    }
  });
});
