import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import type { Client, Query } from './client.js';
import { citiesAnswer, didTypesAnswer, regionsAnswer, requirementsAnswer, typeNames } from './contract.js';
import { Exchange, california, losAngeles, paths } from './exchange.js';

let exchange: Exchange;
let client: Client;

beforeAll(async () => {
  exchange = await Exchange.open();
  client = (await exchange.tenant()).client;
  for (const kind of ['losAngeles', 'berlin', 'germanMobile', 'london'] as const)
    await exchange.stock(kind, 1);
});

afterAll(() => exchange.close());

describe('regions', () => {
  const regions = async (query: Query) =>
    expectAnswer(await client.get(paths.regions, query), 200, regionsAnswer).data.regions;

  it('are the states of the US, California under the id of the vendor’s example', async () => {
    const found = await regions({ country: 'US' });
    expect(found).toContainEqual({ id: california, region_name: 'California', iso_country_code: 'US' });
    expect(found.length).toBeGreaterThanOrEqual(50);
    expect(new Set(found.map((region) => region.id)).size).toBe(found.length);
    expect(new Set(found.map((region) => region.iso_country_code))).toEqual(new Set(['US']));
  });

  it('come in the order of their names', async () => {
    const names = (await regions({ country: 'US' })).map((region) => region.region_name);
    expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en')));
  });

  it.each(['CA', 'GB'])('exist for %s', async (country) => {
    const found = await regions({ country });
    expect(found).not.toEqual([]);
    expect(new Set(found.map((region) => region.iso_country_code))).toEqual(new Set([country]));
  });

  it.each(['DE', 'BR', 'NL', 'FR'])('are none in %s, which is no error', async (country) => {
    expect(await regions({ country })).toEqual([]);
  });

  it.each(['us', 'Us'])('are found for the country written %s and answer upper case', async (country) => {
    expect(await regions({ country })).toEqual(await regions({ country: 'US' }));
  });

  it('ignore parameters they do not know', async () => {
    expect(await regions({ country: 'US', colour: 'red' })).toEqual(await regions({ country: 'US' }));
  });

  it('need a country', async () => {
    expectError(await client.get(paths.regions), 400);
  });

  it.each(['USA', 'U', '1', '12', 'U1', '+1', 'United States'])('refuse the country %s', async (country) => {
    expectError(await client.get(paths.regions, { country }), 422);
  });
});

describe('cities', () => {
  const cities = async (query: Query) =>
    expectAnswer(await client.get(paths.cities, query), 200, citiesAnswer).data.cities;

  it('of a region hold Los Angeles under the id of the vendor’s example', async () => {
    const found = await cities({ country: 'US', region: california });
    expect(found).toContainEqual({ id: losAngeles, city_name: 'Los Angeles', iso_country_code: 'US' });
    expect(found.map((city) => city.city_name)).not.toContain('Seattle');
  });

  it('of the US are listed without a region', async () => {
    const everywhere = await cities({ country: 'US' });
    const californian = await cities({ country: 'US', region: california });
    expect(everywhere.length).toBeGreaterThan(californian.length);
    const ids = new Set(everywhere.map((city) => city.id));
    expect(californian.every((city) => ids.has(city.id))).toBe(true);
    expect(ids.size).toBe(everywhere.length);
  });

  it('of a country without regions are listed', async () => {
    const found = await cities({ country: 'DE' });
    expect(found.map((city) => city.city_name)).toContain('Berlin');
    expect(new Set(found.map((city) => city.iso_country_code))).toEqual(new Set(['DE']));
  });

  it('take region_id as another name of region', async () => {
    const found = await cities({ country: 'US', region_id: california });
    expect(found).toEqual(await cities({ country: 'US', region: california }));
    expect(found).not.toEqual([]);
  });

  it('take a lower-case country', async () => {
    expect(await cities({ country: 'us', region: california })).toEqual(
      await cities({ country: 'US', region: california }),
    );
  });

  it('of an unknown region are none', async () => {
    expect(await cities({ country: 'US', region: 987654 })).toEqual([]);
  });

  it('of a region of another country are none', async () => {
    expect(await cities({ country: 'CA', region: california })).toEqual([]);
  });

  it.each(['abc', '12a', '1.5', '1e3', '0x7b'])('refuse the region %s', async (region) => {
    expectError(await client.get(paths.cities, { country: 'US', region }), 422);
  });

  it('need a country', async () => {
    expectError(await client.get(paths.cities, { region: california }), 400);
  });

  it.each(['USA', 'X', '99'])('refuse the country %s', async (country) => {
    expectError(await client.get(paths.cities, { country }), 422);
  });
});

describe('DID types', () => {
  it('are the whole vocabulary, local 1 and mobile 2 as published', async () => {
    const found = expectAnswer(await client.get(paths.didTypes), 200, didTypesAnswer).data.did_types;
    expect([...found.map((type) => type.name)].sort()).toEqual([...typeNames].sort());
    expect(new Map(found.map((type) => [type.name, type.id]))).toEqual(
      new Map([
        ['local', 1],
        ['mobile', 2],
        ['tollfree', 3],
        ['national', 4],
        ['global', 5],
        ['sharedcost', 6],
      ]),
    );
  });

  it('ignore parameters', async () => {
    expectAnswer(await client.get(paths.didTypes, { country: 'nowhere' }), 200, didTypesAnswer);
  });
});

describe('requirements', () => {
  const requirements = async (query: Query) =>
    expectAnswer(await client.get(paths.requirements, query), 200, requirementsAnswer).data.requirements;

  it.each([{}, { did_type: '1' }, { did_type: 'local' }])('are none in the US (%j)', async (filter) => {
    expect(await requirements({ country: 'US', ...filter })).toEqual([]);
  });

  it('are some in Germany', async () => {
    const types = (await requirements({ country: 'DE' })).map((row) => row.did_type);
    expect(types).toContain('local');
    expect(types).toContain('mobile');
  });

  it.each([
    ['1', 'local'],
    ['2', 'mobile'],
  ])('of type id %s are those of %s', async (id, name) => {
    const byId = await requirements({ country: 'DE', did_type: id });
    expect(byId).not.toEqual([]);
    expect(new Set(byId.map((row) => row.did_type))).toEqual(new Set([name]));
    expect(await requirements({ country: 'DE', did_type: name })).toEqual(byId);
  });

  it('take a lower-case country', async () => {
    expect(await requirements({ country: 'de' })).toEqual(await requirements({ country: 'DE' }));
  });

  it('are an empty list where nothing is sold', async () => {
    expect(await requirements({ country: 'AC' })).toEqual([]);
  });

  it.each(['99', '0', '-1', 'bogus', '1.5'])('refuse the type %s', async (did_type) => {
    expectError(await client.get(paths.requirements, { country: 'DE', did_type }), 422);
  });

  it('need a country', async () => {
    expectError(await client.get(paths.requirements), 400);
  });

  it.each(['DEU', 'D', '49'])('refuse the country %s', async (country) => {
    expectError(await client.get(paths.requirements, { country }), 422);
  });
});
