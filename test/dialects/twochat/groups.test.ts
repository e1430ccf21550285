import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from './client.js';
import type { Client, Query } from './client.js';
import {
  Exchange,
  buy,
  california,
  groupsFound,
  losAngeles,
  losAngelesGroup,
  paths,
  present,
  reserve,
} from './exchange.js';

let exchange: Exchange;
let client: Client;
let newYorkGroup: string;
let tollFreeGroup: string;

beforeAll(async () => {
  exchange = await Exchange.open();
  client = (await exchange.tenant()).client;
  await exchange.stock('losAngeles', 2);
  newYorkGroup = await exchange.groupOf(await exchange.stockOne('newYork'));
  tollFreeGroup = await exchange.groupOf(await exchange.stockOne('tollFree'));
  for (const kind of ['berlin', 'germanMobile', 'germanNational', 'germanSharedCost'] as const) {
    await exchange.stock(kind, 1);
  }
  await exchange.stock('ontario', 1);
});

afterAll(() => exchange.close());

const ids = async (query: Query): Promise<string[]> =>
  (await groupsFound(client, query)).map((group) => group.id);

describe('a group', () => {
  it('of Los Angeles is the vendor’s example with price, features and an empty requirement list', async () => {
    const found = await groupsFound(client, { country: 'US', city_id: losAngeles, did_type: 'local' });
    expect(found).toEqual([
      {
        id: losAngelesGroup,
        prefix: '+1 (213)',
        location: 'Los Angeles',
        price: { setup_price: '1.00', monthly_price: '2.50', ppm: '0.00' },
        type: 'local',
        requirements: [],
        allow_number_selection: true,
        is_eligible_for_free_number: false,
        features: ['voice', 'sms_in', 'sms_out', 'whatsapp_business'],
      },
    ]);
  });

  it('always has voice; regular WhatsApp only when mobile', async () => {
    for (const group of await groupsFound(client, { country: 'DE' })) {
      expect(group.features).toContain('voice');
      expect(group.features.includes('whatsapp')).toBe(group.type === 'mobile');
    }
  });

  it('of Germany names what it demands, each for its own type', async () => {
    const found = await groupsFound(client, { country: 'DE', did_type: 'local' });
    const berlin = present(found.find((group) => group.location === 'Berlin'));
    expect(berlin.requirements).not.toEqual([]);
    expect(new Set(berlin.requirements.map((row) => row.did_type))).toEqual(new Set(['local']));
  });

  it('costs what the price list says of its type', async () => {
    const [group] = await groupsFound(client, { country: 'US', did_type: 'tollfree' });
    expect(group?.price).toEqual({ setup_price: '2.00', monthly_price: '4.00', ppm: '0.00' });
  });

  it('without selection says so', async () => {
    const group = await exchange.groupOf(await exchange.stockOne('london'));
    await exchange.forbidSelection(group);
    const found = await groupsFound(client, { country: 'GB' });
    expect(found.find((row) => row.id === group)?.allow_number_selection).toBe(false);
  });
});

describe('a search by place and type', () => {
  it('finds by region', async () => {
    expect(await ids({ country: 'US', region_id: california })).toEqual([losAngelesGroup]);
  });

  it('finds by city', async () => {
    expect(await ids({ country: 'US', city_id: losAngeles })).toEqual([losAngelesGroup]);
  });

  it('takes a lower-case country', async () => {
    expect(await ids({ country: 'us', city_id: losAngeles })).toEqual([losAngelesGroup]);
  });

  it('joins filters with AND', async () => {
    expect(await ids({ country: 'US', region_id: california, city_name_or_prefix: '212' })).toEqual([]);
    expect(await ids({ country: 'US', region_id: california, city_id: losAngeles + 1 })).toEqual([]);
    expect(await ids({ country: 'US', city_id: losAngeles, did_type: 'tollfree' })).toEqual([]);
    expect(await ids({ country: 'CA', region_id: california })).toEqual([]);
    expect(
      await ids({ country: 'US', region_id: california, city_id: losAngeles, city_name_or_prefix: 'Los' }),
    ).toEqual([losAngelesGroup]);
  });

  it.each([
    ['2', 'mobile'],
    ['mobile', 'mobile'],
    ['national', 'national'],
    ['sharedcost', 'sharedcost'],
    ['local', 'local'],
    ['1', 'local'],
  ])('takes the type %s', async (did_type, name) => {
    const found = await groupsFound(client, { country: 'DE', did_type });
    expect(found).not.toEqual([]);
    expect(new Set(found.map((group) => group.type))).toEqual(new Set([name]));
  });

  it('finds every type under all, as without a type', async () => {
    const all = await groupsFound(client, { country: 'DE', did_type: 'all' });
    expect(new Set(all.map((group) => group.type))).toEqual(
      new Set(['local', 'mobile', 'national', 'sharedcost']),
    );
    expect(await groupsFound(client, { country: 'DE' })).toEqual(all);
  });

  it('that matches nothing answers an empty list', async () => {
    expect(await ids({ country: 'BR' })).toEqual([]);
    expect(await ids({ country: 'US', region_id: 987654 })).toEqual([]);
    expect(await ids({ country: 'US', city_id: 98765432 })).toEqual([]);
    expect(await ids({ country: 'US', did_type: 'global' })).toEqual([]);
  });

  it('ignores parameters it does not know', async () => {
    expect(await ids({ country: 'US', city_id: losAngeles, page: 7, limit: 0 })).toEqual([losAngelesGroup]);
  });
});

describe('city_name_or_prefix', () => {
  const byPrefix = (city_name_or_prefix: string) => ids({ country: 'US', city_name_or_prefix });

  it.each(['213', '1213', '+1213', '+1 (213)', '(213)', '1-213', ' 1213', ' 213 '])(
    'finds the area code written %j',
    async (prefix) => {
      expect(await byPrefix(prefix)).toEqual([losAngelesGroup]);
    },
  );

  it('finds a + that the query string has decoded to a space', async () => {
    const answer = await client.send({
      method: 'GET',
      path: `${paths.groups}?country=US&city_name_or_prefix=+1213`,
    });
    expect(answer.text).toContain(losAngelesGroup);
  });

  it.each(['Los Angeles', 'los angeles', 'LOS', 'l'])('finds the name that starts with %s', async (name) => {
    expect(await byPrefix(name)).toContain(losAngelesGroup);
  });

  it.each(['Angeles', 'Los Angelesss', '%', 'L%', 'Lo_ Angeles', '_', "L'", '\\', '999'])(
    'finds nothing under %s',
    async (name) => {
      expect(await byPrefix(name)).toEqual([]);
    },
  );

  it('of digits never means a name, nor a name digits', async () => {
    expect(await byPrefix('212')).toEqual([newYorkGroup]);
    expect(await byPrefix('New York')).toEqual([newYorkGroup]);
  });
});

describe('the US rule', () => {
  it.each(['', '&did_type=all', '&did_type=local', '&did_type=1', '&colour=red'])(
    'refuses a search of the whole US (%j) and names region_id',
    async (rest) => {
      const message = expectError(
        await client.send({ method: 'GET', path: `${paths.groups}?country=US${rest}` }),
        400,
      );
      expect(message).toContain('region_id');
    },
  );

  it('holds for the country in lower case', async () => {
    expect(expectError(await client.get(paths.groups, { country: 'us' }), 400)).toContain('region_id');
  });

  it('spares types without a place', async () => {
    expect(await ids({ country: 'US', did_type: 'tollfree' })).toEqual([tollFreeGroup]);
    expect(await ids({ country: 'US', did_type: '3' })).toEqual([tollFreeGroup]);
    expect(await ids({ country: 'US', did_type: 'mobile' })).toEqual([]);
  });

  it('is only for the US', async () => {
    expect(await ids({ country: 'CA' })).not.toEqual([]);
    expect(await ids({ country: 'DE' })).not.toEqual([]);
  });
});

describe('a group with nothing left', () => {
  const isListed = async (): Promise<boolean> =>
    (await ids({ country: 'US', city_name_or_prefix: 'San Francisco' })).length > 0;

  it('is omitted while its last number is reserved, and after it is sold', async () => {
    expect(await isListed()).toBe(false);
    const number = await exchange.stockOne('sanFrancisco');
    const group_id = await exchange.groupOf(number);
    expect(await isListed()).toBe(true);
    await reserve(client, { group_id, number });
    expect(await isListed()).toBe(false);
    exchange.server.clock.advance(3600);
    expect(await isListed()).toBe(true);
    await buy(client, { number });
    expect(await isListed()).toBe(false);
    await exchange.stock('sanFrancisco', 1);
    expect(await isListed()).toBe(true);
  });

  it('is omitted where only the other environment has numbers', async () => {
    await exchange.stock('hamburg', 1, 'test');
    const search = { country: 'DE', city_name_or_prefix: 'Hamburg' };
    expect(await ids(search)).toEqual([]);
    const tester = await exchange.tenant({ environment: 'test' });
    expect((await groupsFound(tester.client, search)).map((group) => group.location)).toEqual(['Hamburg']);
  });
});

describe('a search is refused', () => {
  it('without a country', async () => {
    expectError(await client.get(paths.groups, { city_id: losAngeles }), 400);
  });

  it.each([
    { country: 'USA' },
    { country: 'U' },
    { country: '99' },
    { country: 'DE', did_type: 'bogus' },
    { country: 'DE', did_type: '99' },
    { country: 'DE', did_type: '-1' },
    { country: 'US', region_id: 'abc' },
    { country: 'US', region_id: '1.5' },
    { country: 'US', city_id: 'Los Angeles' },
    { country: 'US', city_id: '4e2' },
  ])('for a malformed value: %j', async (query: Query) => {
    expectError(await client.get(paths.groups, query), 422);
  });
});
