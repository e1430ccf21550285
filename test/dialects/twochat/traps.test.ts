import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer } from './client.js';
import type { Client } from './client.js';
import {
  availableAnswer,
  citiesAnswer,
  groupsAnswer,
  purchaseAnswer,
  requirementsAnswer,
  virtualNumbersAnswer,
} from './contract.js';
import {
  Exchange,
  buy,
  california,
  groupsFound,
  losAngeles,
  losAngelesGroup,
  paths,
  present,
  reservations,
  reserve,
  virtualNumber,
} from './exchange.js';

/** The places in which a client of this API most easily trips, one test each. */
let exchange: Exchange;
let client: Client;

beforeAll(async () => {
  exchange = await Exchange.open();
  client = (await exchange.tenant()).client;
  await exchange.stock('losAngeles', 3);
});

afterAll(() => exchange.close());

const raw = (path: string) => client.send({ method: 'GET', path });

it('did_type is a name or an id, in groups as in requirements', async () => {
  await exchange.stock('berlin', 1);
  const byName = await groupsFound(client, { country: 'DE', did_type: 'local' });
  expect(byName).not.toEqual([]);
  expect(await groupsFound(client, { country: 'DE', did_type: 1 })).toEqual(byName);
  const named = await client.get(paths.requirements, { country: 'DE', did_type: 'local' });
  const numbered = await client.get(paths.requirements, { country: 'DE', did_type: 1 });
  expect(expectAnswer(named, 200, requirementsAnswer).data.requirements).not.toEqual([]);
  expect(expectAnswer(numbered, 200, requirementsAnswer)).toEqual(
    expectAnswer(named, 200, requirementsAnswer),
  );
});

it('the region filter is called region in cities and region_id in groups', async () => {
  const answer = await client.get(paths.cities, { country: 'US', region: california });
  const ids = expectAnswer(answer, 200, citiesAnswer).data.cities.map((city) => city.id);
  expect(ids).toContain(losAngeles);
  const groups = await groupsFound(client, { country: 'US', region_id: california });
  expect(groups.map((group) => group.id)).toEqual([losAngelesGroup]);
});

it('prices are strings in groups and numbers in reservations, of the same amount', async () => {
  const group = present((await groupsFound(client, { country: 'US', city_id: losAngeles }))[0]);
  const { number } = await reserve(client, { group_id: losAngelesGroup });
  const held = present((await reservations(client)).find((row) => row.number === number));
  expect(Object.values(group.price).map((price) => typeof price)).toEqual(['string', 'string', 'string']);
  expect([held.setup_price, held.monthly_price, held.ppm]).toEqual([
    Number(group.price.setup_price),
    Number(group.price.monthly_price),
    Number(group.price.ppm),
  ]);
});

it('a reservation names its instants and its group differently when created and when listed', async () => {
  const created = await reserve(client, { group_id: losAngelesGroup });
  const listed = present((await reservations(client)).find((row) => row.uuid === created.uuid));
  expect([listed.reservation_date, listed.reservation_end_date, listed.did_group_id]).toEqual([
    created.created_at,
    created.expires_at,
    losAngelesGroup,
  ]);
  expect(Object.keys(created)).not.toContain('reservation_date');
  expect(Object.keys(listed)).not.toContain('created_at');
});

it('a purchase and the owned numbers have no data wrapper', async () => {
  const number = await exchange.stockOne('losAngeles');
  const purchase = expectAnswer(await client.post(paths.purchase, { number }), 201, purchaseAnswer);
  expect(Object.keys(purchase).sort()).toEqual(['failed', 'purchased', 'success']);
  const owned = expectAnswer(await client.get(paths.virtualNumbers), 200, virtualNumbersAnswer);
  expect(Object.keys(owned).sort()).toEqual(['count', 'numbers', 'page', 'success']);
});

it('owned numbers live below /voip and not below /numbers', async () => {
  expect((await raw('/open/voip/virtual-numbers')).status).toBe(200);
  expect((await raw('/open/numbers/virtual-numbers')).status).toBe(404);
  expect((await raw('/open/voip/reservations')).status).toBe(404);
});

it('the type sharedcost is the provider_type shared-cost', async () => {
  const number = await exchange.stockOne('germanSharedCost');
  const [group] = await groupsFound(client, { country: 'DE', did_type: 'sharedcost' });
  expect(group?.type).toBe('sharedcost');
  await buy(client, { number });
  expect((await virtualNumber(client, number)).provider_type).toBe('shared-cost');
});

it('count is the number of rows in the page', async () => {
  const owner = await exchange.tenant();
  for (const number of await exchange.stock('losAngeles', 3)) await buy(owner.client, { number });
  const counts = [];
  for (const page of [0, 1, 2]) {
    const answer = await owner.client.get(paths.virtualNumbers, { page, per_page: 2 });
    counts.push(expectAnswer(answer, 200, virtualNumbersAnswer).count);
  }
  expect(counts).toEqual([2, 1, 0]);
});

it('a + in a query string, which decodes to a space, is still a +', async () => {
  const number = await exchange.stockOne('losAngeles');
  const available = await raw(`${paths.available}?group_id=${losAngelesGroup}&number_contains=${number}`);
  const { numbers } = expectAnswer(available, 200, availableAnswer).data;
  expect(numbers.map((row) => row.number)).toEqual([number]);
  const found = await raw(`${paths.groups}?country=US&city_name_or_prefix=+1+(213)`);
  const { groups } = expectAnswer(found, 200, groupsAnswer).data;
  expect(groups.map((group) => group.id)).toEqual([losAngelesGroup]);
});

describe('GET and DELETE with a JSON content type', () => {
  it.each(['', '{}'])('and the body %j are served', async (body) => {
    const headers = { 'Content-Type': 'application/json' };
    const { uuid } = await reserve(client, {
      group_id: losAngelesGroup,
      number: await exchange.stockOne('losAngeles'),
    });
    const listed = await client.send({ method: 'GET', path: paths.reservations, headers, body });
    expect(listed.status).toBe(200);
    const path = `${paths.reservations}/${uuid}`;
    expect((await client.send({ method: 'DELETE', path, headers, body })).status).toBe(200);
  });
});
