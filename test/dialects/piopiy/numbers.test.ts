import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setQuarantine } from '../../support/policies.js';
import { at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';
import { setReleaseFee } from '../../../src/core/billing/index.js';
import { verifyBooks } from '../../../src/core/verify/index.js';
import { balanceOf, cursorOf, idOf, newClient, PiopiyClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';

let server: TestServer;
let client: Awaited<ReturnType<typeof newClient>>;
let nextLine = 1000;

beforeAll(async () => {
  server = await startTestServer();
  // The vendor's own way: numbers do not rest.
  await setQuarantine(server, 0);
  client = await newClient(server, { balances: { USD: 1_000_000 } });
});

afterAll(() => server.close());

async function freshNumber(prefix = '+1213557'): Promise<string> {
  const number = `${prefix}${nextLine++}`;
  await server.addNumbers([number]);
  return number;
}

async function searchId(number: string): Promise<string> {
  return String(at((await client.search(`?contains=${number.slice(1)}`)).body, 'data.0.id'));
}

describe('buying', () => {
  it('gives the number at once, under the id that the search showed', async () => {
    const number = await freshNumber();
    const id = await searchId(number);
    const answer = await client.buy(number);
    expectAnswer(answer, 'bought');
    expect(answer.body).toEqual({ id, number, status: 'active' });
    expect(PiopiyClient.numbers(await client.search(`?contains=${number.slice(1)}`))).toEqual([]);
    expect((await client.owned(`?number=${number.slice(1)}`)).body).toEqual({
      data: [{ id, number, status: 'active' }],
    });
  });

  it('takes the digits without a plus sign, and unknown fields', async () => {
    const number = await freshNumber();
    const answer = await client.post('/buy-phone-number', { number: number.slice(1), colour: 'red' });
    expectAnswer(answer, 'bought');
    expect(at(answer.body, 'number')).toBe(number);
  });

  it('charges the account’s first wallet once; a repeat is the same answer for nothing', async () => {
    const buyer = await newClient(server, { balances: { EUR: 2_000, USD: 10_000 } });
    const number = await freshNumber();
    const answers = [await buyer.buy(number), await buyer.buy(number), await buyer.buy(number.slice(1))];
    for (const answer of answers) {
      expectAnswer(answer, 'bought');
      expect(answer.body).toEqual(answers[0]?.body);
    }
    expect(await balanceOf(server, buyer.tenant)).toBe(1_500);
    expect(PiopiyClient.numbers(await buyer.owned())).toEqual([number]);
  });

  it('lets exactly one of two racing buyers have it', async () => {
    const rival = await newClient(server);
    for (let round = 0; round < 10; round++) {
      const number = await freshNumber();
      const answers = await Promise.all([client.buy(number), rival.buy(number)]);
      const [loser] = answers.filter((answer) => answer.status !== 200);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      if (loser) expectError(loser, 409, 'number_not_available');
    }
  });

  it('lets the repeats of one buyer all succeed, for one charge', async () => {
    const buyer = await newClient(server, { balances: { EUR: 2_000 } });
    const number = await freshNumber();
    const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.buy(number)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(await balanceOf(server, buyer.tenant)).toBe(1_500);
  });

  it.each([
    ['no body', undefined],
    ['no JSON', '{'],
    ['a list', []],
    ['a string', '"+12135551234"'],
    ['null', 'null'],
    ['nothing in it', {}],
    ['null for a number', { number: null }],
    ['an integer', { number: 12135551234 }],
    ['an object', { number: { $ne: null } }],
    ['no number at all', { number: '' }],
    ['letters', { number: 'hello' }],
    ['too few digits', { number: '+12345' }],
    ['too many digits', { number: '+1234567890123456' }],
    ['a zero in front', { number: '+01234567890' }],
    ['a NUL', { number: '+1213555\u00001234' }],
    ['an id', { number: 'num_4kz9m' }],
  ])('refuses %s with 400', async (_what, body) => {
    expectError(await client.post('/buy-phone-number', body), 400, 'invalid_request');
  });

  it('answers 404 for a number that is not in the inventory', async () => {
    expectError(await client.buy('+12135999999'), 404, 'not_found');
    const sandbox = await newClient(server, { environment: 'test' });
    expectError(await sandbox.buy(await freshNumber()), 404, 'not_found');
  });

  it('answers 409 for a number that another owns or holds', async () => {
    const other = await newClient(server);
    const number = await freshNumber();
    await other.buy(number);
    expectError(await client.buy(number), 409, 'number_not_available');
  });

  it('answers 402 when the balance does not cover it, and leaves the number for sale', async () => {
    const poor = await newClient(server, { balances: { EUR: 499 } });
    const penniless = await newClient(server, { balances: {} });
    const number = await freshNumber();
    expectError(await poor.buy(number), 402, 'insufficient_balance');
    expectError(await penniless.buy(number), 402, 'insufficient_balance');
    expect((await client.buy(number)).status).toBe(200);
  });

  it('answers 403 where verification is outstanding, where no price is, and for a key that may only read', async () => {
    expectError(await client.buy(await freshNumber('+493012345')), 403, 'forbidden');
    const yen = await newClient(server, { balances: { JPY: 100_000 } });
    expectError(await yen.buy(await freshNumber()), 403, 'forbidden');
    const reader = await newClient(server, { scope: 'read' });
    expectError(await reader.buy(await freshNumber()), 403, 'forbidden');
  });
});

describe('the owned list', () => {
  it('has every number in one answer, oldest first and without a cursor', async () => {
    const owner = await newClient(server, { balances: { USD: 100_000 } });
    const empty = await owner.owned();
    expectAnswer(empty, 'purchased');
    expect(empty.body).toEqual({ data: [] });
    const numbers = [];
    for (let i = 0; i < 5; i++) numbers.push(await freshNumber());
    numbers.reverse();
    for (const number of numbers) expect((await owner.buy(number)).status).toBe(200);
    const all = await owner.owned();
    expectAnswer(all, 'purchased');
    expect(PiopiyClient.numbers(all)).toEqual(numbers);
  });

  it('turns pages when asked to', async () => {
    const owner = await newClient(server, { balances: { USD: 100_000 } });
    const numbers = [];
    for (let i = 0; i < 5; i++) {
      const number = await freshNumber();
      numbers.push(number);
      await owner.buy(number);
    }
    const seen: string[] = [];
    let query = '?limit=2&region=us';
    for (;;) {
      const page = await owner.owned(query);
      expectAnswer(page, 'purchasedPage');
      seen.push(...PiopiyClient.numbers(page));
      const next = cursorOf(page);
      if (next === null) break;
      query = `?limit=2&cursor=${next}`;
      expectError(await owner.owned(`${query}&region=NL`), 400, 'invalid_request');
    }
    expect(seen).toEqual(numbers);
    expect(at((await owner.owned('?limit=100')).body, 'next_cursor')).toBeNull();
  });

  it('narrows by region and by number, whose plus sign may have become a space', async () => {
    const owner = await newClient(server, { balances: { USD: 100_000 } });
    const number = await freshNumber();
    await owner.buy(number);
    await owner.buy(await freshNumber());
    for (const query of [
      `?number=${number}`,
      `?number=%2B${number.slice(1)}`,
      `?number=${number.slice(1)}`,
    ]) {
      const answer = await owner.owned(query);
      expectAnswer(answer, 'purchased');
      expect(PiopiyClient.numbers(answer)).toEqual([number]);
    }
    expect((await owner.owned('?region=NL')).body).toEqual({ data: [] });
    expect(PiopiyClient.numbers(await owner.owned('?country=us'))).toHaveLength(2);
  });

  it.each(['limit=0', 'limit=101', 'cursor=x', 'region=USA', 'number=abc', 'number=', 'number=%00'])(
    'refuses %s with 400',
    async (query) => {
      expectError(await client.owned(`?${query}`), 400, 'invalid_request');
    },
  );

  it('says pending and suspended of numbers that are owned but unusable', async () => {
    const owner = await newClient(server, { balances: { USD: 100_000 } });
    const number = await freshNumber();
    await owner.buy(number);
    for (const [state, status] of [
      ['awaiting_registration', 'pending'],
      ['suspended', 'suspended'],
      ['blocked', 'suspended'],
    ]) {
      await server.sql`update rental set state = ${String(state)} where number_id = ${Number(number.slice(1))}`;
      const answer = await owner.owned();
      expectAnswer(answer, 'purchased');
      expect(at(answer.body, 'data.0.status')).toBe(status);
    }
  });
});

describe('releasing', () => {
  it('takes effect at once and puts the number back under the same id', async () => {
    const number = await freshNumber();
    const id = idOf(await client.buy(number));
    const before = await balanceOf(server, client.tenant);
    const answer = await client.release(id, { 'content-type': 'application/json' });
    expectAnswer(answer, 'released');
    expect(answer.body).toEqual({ id, status: 'released' });
    expect(PiopiyClient.numbers(await client.owned())).not.toContain(number);
    expect(await searchId(number)).toBe(id);
    expect(await balanceOf(server, client.tenant)).toBe(before);
    const other = await newClient(server);
    expect(idOf(await other.buy(number))).toBe(id);
  });

  it('lets the number rest as long as policy says, and costs the fee that the account has, as everywhere', async () => {
    const owner = await newClient(server, { balances: { USD: 10_000 } });
    const { account } = owner.tenant;
    const ctx = server.operator();
    await setReleaseFee({ ctx, input: { account, currency: 'USD', amountMinor: 150 } });
    await setQuarantine(server, 86_400);
    const number = await freshNumber();
    const id = idOf(await owner.buy(number));
    const before = await balanceOf(server, owner.tenant);
    for (let i = 0; i < 2; i++) expectAnswer(await owner.release(id), 'released');
    expect(await balanceOf(server, owner.tenant)).toBe(before - 150);
    expect(PiopiyClient.numbers(await client.search(`?contains=${number.slice(1)}`))).toEqual([]);
    expectError(await client.buy(number), 409, 'number_not_available');
    await setQuarantine(server, 0);
  });

  it('is 402 when the account cannot pay its fee, and the number stays', async () => {
    const owner = await newClient(server, { balances: { USD: 400 } });
    const { account } = owner.tenant;
    await setReleaseFee({ ctx: server.operator(), input: { account, currency: 'USD', amountMinor: 900 } });
    const number = await freshNumber();
    const id = idOf(await owner.buy(number));
    expectError(await owner.release(id), 402, 'insufficient_balance');
    expect(PiopiyClient.numbers(await owner.owned())).toEqual([number]);
  });

  it('may be repeated while nobody has bought the number, and is 404 from then on', async () => {
    const number = await freshNumber();
    const id = idOf(await client.buy(number));
    const first = await client.release(id);
    for (let i = 0; i < 2; i++) {
      const again = await client.release(id);
      expectAnswer(again, 'released');
      expect(again.body).toEqual(first.body);
    }
    const other = await newClient(server);
    await other.buy(number);
    expectError(await client.release(id), 404, 'not_found');
    expect(PiopiyClient.numbers(await other.owned())).toEqual([number]);
    await other.release(id);
    expectError(await client.release(id), 404, 'not_found');
  });

  it('works at once and together, and the number can be bought and released again', async () => {
    const number = await freshNumber();
    for (let round = 0; round < 2; round++) {
      const id = idOf(await client.buy(number));
      const answers = await Promise.all(Array.from({ length: 5 }, () => client.release(id)));
      for (const answer of answers) expectAnswer(answer, 'released');
    }
    const [row] = await server.sql<{ count: number }[]>`
      select count(*) from rental where number_id = ${Number(number.slice(1))} and state = 'ended'`;
    expect(row?.count).toBe(2);
  });

  it('is 404 for ids that are unknown, unsold, another’s, or no ids', async () => {
    const number = await freshNumber();
    const unsold = await searchId(number);
    const stranger = await newClient(server);
    const theirs = idOf(await stranger.buy(await freshNumber()));
    const wild = [
      'num_zzzzzz',
      'num_0',
      'num_',
      'NUM_1',
      number,
      '%2B12135571000',
      '%00',
      '..%2f..',
      '%zz',
      '%ff',
      'x'.repeat(3000),
    ];
    for (const id of [unsold, theirs, theirs.toUpperCase(), theirs.replace('_', '%255F'), ...wild]) {
      expectError(await client.release(id), 404, 'not_found');
    }
    expect((await stranger.owned()).body).toMatchObject({ data: [{ id: theirs }] });
    // Decoded once, and then the same.
    expectAnswer(await stranger.release(theirs.replace('_', '%5F')), 'released');
  });

  it('is 403 for a key that may only read', async () => {
    const reader = await newClient(server, { scope: 'read' });
    expectError(await reader.release('num_4kz9m'), 403, 'forbidden');
  });

  it('hides a number that was given up elsewhere, and can still end it', async () => {
    const owner = await newClient(server);
    const number = await freshNumber();
    const id = idOf(await owner.buy(number));
    await server.sql`
      update rental set state = 'pending_release', released_at = ${server.clock.now()},
        reclaim_until = ${new Date(server.clock.now().getTime() + 1000)}
      where number_id = ${Number(number.slice(1))} and ended_at is null`;
    expect((await owner.owned()).body).toEqual({ data: [] });
    expectError(await owner.buy(number), 409, 'number_not_available');
    expectAnswer(await owner.release(id), 'released');
    expect(await searchId(number)).toBe(id);
  });
});

describe('an idempotency key', () => {
  const keyed = (key: string) => ({ 'idempotency-key': key });

  it('gives the purchase its first answer again, even after the number has gone', async () => {
    const number = await freshNumber();
    const first = await client.buy(number, keyed('buy-1'));
    expectAnswer(first, 'bought');
    expect((await client.buy(number, keyed('buy-1'))).body).toEqual(first.body);
    await client.release(idOf(first));
    const other = await newClient(server);
    await other.buy(number);
    const again = await client.buy(number, keyed('buy-1'));
    expectAnswer(again, 'bought');
    expect(again.body).toEqual(first.body);
    expectError(await client.buy(number, keyed('buy-2')), 409, 'number_not_available');
  });

  it('gives a repeat on one’s own number its first answer again', async () => {
    const number = await freshNumber();
    await client.buy(number);
    const first = await client.buy(number, keyed('own-1'));
    expectAnswer(first, 'bought');
    await client.release(idOf(first));
    expect((await client.buy(number, keyed('own-1'))).body).toEqual(first.body);
  });

  it('remembers refusals', async () => {
    const poor = await newClient(server, { balances: { EUR: 100 } });
    const number = await freshNumber();
    const first = await poor.buy(number, keyed('poor'));
    expectError(first, 402, 'insufficient_balance');
    expectError(await poor.buy(number, keyed('poor')), 402, 'insufficient_balance');
  });

  it('gives the release its first answer again, even after another has bought the number', async () => {
    const number = await freshNumber();
    const id = idOf(await client.buy(number));
    const first = await client.release(id, keyed('release-1'));
    expectAnswer(first, 'released');
    const other = await newClient(server);
    await other.buy(number);
    expect((await client.release(id, keyed('release-1'))).body).toEqual(first.body);
    expectError(await client.release(id, keyed('release-2')), 404, 'not_found');
    expect(PiopiyClient.numbers(await other.owned())).toEqual([number]);
  });

  it('is refused for another request, and belongs to one account', async () => {
    const [one, two] = [await freshNumber(), await freshNumber()];
    const bought = await client.buy(one, keyed('mine'));
    expectError(await client.buy(two, keyed('mine')), 409, 'idempotency_conflict');
    expectError(await client.release(idOf(bought), keyed('mine')), 409, 'idempotency_conflict');
    const other = await newClient(server);
    expectAnswer(await other.buy(two, keyed('mine')), 'bought');
  });

  it.each(['x'.repeat(256), 'with space'])('must be 1 to 255 visible characters: %s', async (key) => {
    expectError(await client.buy('+12135551234', keyed(key)), 400, 'invalid_request');
  });
});

describe('the books', () => {
  it('have an audit row and an event for each purchase and release, under the caller’s request id', async () => {
    const number = await freshNumber();
    const id = idOf(await client.buy(number, { 'x-request-id': 'piopiy-buy' }));
    await client.release(id, { 'x-request-id': 'piopiy-release' });
    await client.release(id, { 'x-request-id': 'piopiy-again' });
    const rows = await server.sql`
      select request_id, action from audit_entry where request_id like 'piopiy-%' order by id`;
    expect(rows).toEqual([
      { request_id: 'piopiy-buy', action: 'number.buy' },
      { request_id: 'piopiy-release', action: 'number.release' },
    ]);
  });

  it('are in order after all of this', async () => {
    const { checks } = await verifyBooks({ ctx: server.operator() });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  });
});
