import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './client.js';
import type { Client } from './client.js';
import { availableAnswer } from './contract.js';
import { Exchange, buy, losAngelesGroup, numbersAvailable, paths, reserve } from './exchange.js';

let exchange: Exchange;
let client: Client;

beforeAll(async () => {
  exchange = await Exchange.open();
  client = (await exchange.tenant()).client;
});

afterAll(() => exchange.close());

const matching = async (number_contains: string): Promise<string[]> => {
  const answer = await client.get(paths.available, { group_id: losAngelesGroup, number_contains });
  return expectAnswer(answer, 200, availableAnswer).data.numbers.map((row) => row.number);
};

describe('the numbers of a group', () => {
  it('are those in stock, each with an id of its own', async () => {
    const stocked = await exchange.stock('losAngeles', 3);
    const answer = await client.get(paths.available, { group_id: losAngelesGroup });
    const { numbers } = expectAnswer(answer, 200, availableAnswer).data;
    expect(numbers.map((row) => row.number).sort()).toEqual([...stocked].sort());
    expect(new Set(numbers.map((row) => row.id)).size).toBe(3);
  });

  it('leave out what anyone holds, the caller included, and what is sold', async () => {
    const other = (await exchange.tenant()).client;
    const [mine = '', theirs = '', sold = '', free = ''] = await exchange.stock('newYork', 4);
    const group_id = await exchange.groupOf(free);
    await reserve(client, { group_id, number: mine });
    await reserve(other, { group_id, number: theirs });
    await buy(other, { number: sold });
    expect(await numbersAvailable(client, group_id)).toEqual([free]);
    expect(await numbersAvailable(other, group_id)).toEqual([free]);
  });

  it('are an empty list when none is left', async () => {
    const number = await exchange.stockOne('sanFrancisco');
    const group = await exchange.groupOf(number);
    await buy(client, { group_id: group });
    expect(await numbersAvailable(client, group)).toEqual([]);
  });

  it('are at most 1000, the rest left out without a word', async () => {
    await exchange.stock('berlin', 1001);
    const found = await numbersAvailable(client, await exchange.groupOf('+493055000001'));
    expect(found).toHaveLength(1000);
    expect(new Set(found).size).toBe(1000);
  });

  it('of the other environment are not seen', async () => {
    const tester = (await exchange.tenant({ environment: 'test' })).client;
    expect(await numbersAvailable(tester, losAngelesGroup)).toEqual([]);
  });
});

describe('number_contains', () => {
  beforeAll(() => exchange.server.addNumbers(['+12137654321', '+12138654329']));

  it.each([
    ['7654', ['+12137654321']],
    ['654', ['+12137654321', '+12138654329']],
    ['4329', ['+12138654329']],
    ['12137654321', ['+12137654321']],
    ['1213865', ['+12138654329']],
    ['0000000', []],
  ])('%s keeps the numbers with that run of digits', async (digits, expected) => {
    expect((await matching(digits)).sort()).toEqual(expected);
  });

  it.each(['+1213765', ' 1213765', '+12137654321'])('takes the leading + or space of %j', async (value) => {
    expect(await matching(value)).toEqual(['+12137654321']);
  });

  it('takes a + that the query string has decoded to a space', async () => {
    const path = `${paths.available}?group_id=${losAngelesGroup}&number_contains=+12137654321`;
    const answer = expectAnswer(await client.send({ method: 'GET', path }), 200, availableAnswer);
    expect(answer.data.numbers.map((row) => row.number)).toEqual(['+12137654321']);
  });

  it.each(['abc', '+', '%', '_', '---', '*'])('without digits is refused: %s', async (number_contains) => {
    const answer = await client.get(paths.available, { group_id: losAngelesGroup, number_contains });
    expectError(answer, 422);
  });
});

it.each(['+', '%2B', '++'])('number_contains=%s in the URL has no digits and is refused', async (value) => {
  const path = `${paths.available}?group_id=${losAngelesGroup}&number_contains=${value}`;
  expectError(await client.send({ method: 'GET', path }), 422);
});

describe('a listing is refused', () => {
  it('without a group', async () => {
    expectError(await client.get(paths.available), 400);
    expectError(await client.get(paths.available, { number_contains: '1' }), 400);
  });

  it.each(['grp-none', 'ABC-123', '0', '-1', 'abc-123 ', 'é'])(
    'for the unknown group %j',
    async (group_id) => {
      expectError(await client.get(paths.available, { group_id }), 404);
    },
  );

  it('for a group without selection', async () => {
    const group_id = await exchange.groupOf(await exchange.stockOne('hamburg'));
    await exchange.forbidSelection(group_id);
    expectError(await client.get(paths.available, { group_id }), 406);
    expectError(await client.get(paths.available, { group_id, number_contains: '1' }), 406);
  });
});

it('parameters it does not know are ignored', async () => {
  const answer = await client.get(paths.available, { group_id: losAngelesGroup, page: 3, limit: 1 });
  const { numbers } = expectAnswer(answer, 200, availableAnswer).data;
  expect(numbers.map((row) => row.number).sort()).toEqual(
    [...(await numbersAvailable(client, losAngelesGroup))].sort(),
  );
});
