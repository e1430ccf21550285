import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './contract.js';
import type { PhoneNumber } from './contract.js';
import { allNumbersOf, assignedAgent, numberOf, Office } from './office.js';
import type { Settled } from './office.js';

let office: Office;
let owner: Settled;
let id: number;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled();
  id = await office.owned(owner);
});

afterAll(() => office.close());

describe('a number by its id', () => {
  it('is the bare object, with its agent and tags', async () => {
    const agent = await assignedAgent(owner, id);
    expectAnswer(await owner.client.tag(id, ['intake', 'nl']), 'number');
    expect(await numberOf(owner, id)).toEqual({
      id,
      phone_number: '+12135550001',
      status: 'active',
      agent_id: agent.id,
      agent_name: 'Front Desk',
      tags: ['intake', 'nl'],
    });
    await owner.client.unassign(id);
  });

  it('says until when it may be reclaimed, once it is released', async () => {
    const released = await office.released(owner);
    expect(await numberOf(owner, released)).toMatchObject({
      status: 'pending_release',
      reclaim_before: office.instant(7 * 24 * 3600),
    });
  });

  it.each([
    '0',
    '-1',
    '1.5',
    'abc',
    '1abc',
    '0x1',
    '999999999',
    '9007199254740993',
    '99999999999999999999999999',
    'NaN',
    'null',
    '%00',
    '%F0%9F%98%80',
    "1'%20or%20'1'='1",
  ])('is not found as %s', async (odd) => {
    expectError(await owner.client.number(odd), 'NOT_FOUND');
    expectError(await owner.client.patch(`/phone-numbers/${odd}`, { tags: [] }), 'NOT_FOUND');
    expectError(await owner.client.put(`/phone-numbers/${odd}/assign`, { agent_id: 1 }), 'NOT_FOUND');
    expectError(await owner.client.delete(`/phone-numbers/${odd}/assign`), 'NOT_FOUND');
    expectError(await owner.client.delete(`/phone-numbers/${odd}`), 'NOT_FOUND');
    expectError(await owner.client.post(`/phone-numbers/${odd}/reclaim`), 'NOT_FOUND');
  });
});

describe('the list of numbers', () => {
  let holder: Settled;
  /** Newest first, as the list is. */
  let ids: number[];

  const page = async (query: string) => expectAnswer(await holder.client.list(query), 'numbers');
  const idsOf = (numbers: readonly PhoneNumber[]): number[] => numbers.map((number) => number.id);

  beforeAll(async () => {
    holder = await office.settled({ balances: { EUR: 20_000 } });
    ids = (await office.ownedMany(holder, 23)).reverse();
  });

  it('is empty where nothing is owned', async () => {
    const { client } = await office.tenant();
    expect(expectAnswer(await client.list(), 'numbers')).toEqual({ phone_numbers: [], next_cursor: null });
    expect(expectAnswer(await client.list('?after=5&limit=1'), 'numbers').phone_numbers).toEqual([]);
  });

  it('has 20 numbers on a page, newest first, with the last one’s id for a cursor', async () => {
    const first = await page('');
    expect(idsOf(first.phone_numbers)).toEqual(ids.slice(0, 20));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(first.next_cursor).toBe(String(ids[19]));
    const second = await page(`?after=${String(first.next_cursor)}`);
    expect(idsOf(second.phone_numbers)).toEqual(ids.slice(20));
    expect(second.next_cursor).toBeNull();
  });

  it('has the same objects as each number by itself', async () => {
    const [number] = (await page('?limit=1')).phone_numbers;
    expect(number).toEqual(await numberOf(holder, ids[0] ?? 0));
  });

  it.each([1, 7, 22, 23, 24, 100])('goes through everything once by %d', async (limit) => {
    const seen: number[] = [];
    let query = `?limit=${limit}`;
    for (let pages = 0; pages < 30; pages++) {
      const { phone_numbers, next_cursor } = await page(query);
      expect(phone_numbers.length).toBeLessThanOrEqual(limit);
      seen.push(...idsOf(phone_numbers));
      if (next_cursor === null) break;
      expect(phone_numbers).toHaveLength(limit);
      query = `?limit=${limit}&after=${next_cursor}`;
    }
    expect(seen).toEqual(ids);
  });

  it('ends with null on a page that is just full', async () => {
    expect((await page('?limit=23')).next_cursor).toBeNull();
    expect((await page(`?after=${String(ids[19])}&limit=3`)).next_cursor).toBeNull();
  });

  it('continues below any id, whoever’s it is or was', async () => {
    const foreign = await office.owned(owner);
    expect(idsOf((await page(`?after=${foreign}&limit=100`)).phone_numbers)).toEqual(ids);
    expect((await page(`?after=${String(ids.at(-1))}`)).phone_numbers).toEqual([]);
    expect((await page('?after=1')).next_cursor).toBeNull();
  });

  it.each(['0', '101', '-1', 'x', '1.5', '%00', '99999999999999999999'])(
    'refuses a limit of %s',
    async (limit) => {
      expectError(await holder.client.list(`?limit=${limit}`), 'VALIDATION_ERROR', 'limit');
    },
  );

  it.each(['x', '-1', '1.5', 'null', '12x', '%00', '%F0%9F%98%80', "1'--"])(
    'refuses a cursor of %s',
    async (after) => {
      expectError(await holder.client.list(`?after=${after}`), 'VALIDATION_ERROR', 'after');
    },
  );

  it('shows released numbers until their window has passed', async () => {
    const tenant = await office.settled();
    const [kept = 0, gone = 0] = await office.ownedMany(tenant, 2);
    expectAnswer(await tenant.client.release(gone), 'released');
    const during = await allNumbersOf(tenant);
    expect(during.map(({ id: shown, status }) => [shown, status])).toEqual([
      [gone, 'pending_release'],
      [kept, 'active'],
    ]);
    office.server.clock.advance(7 * 24 * 3600);
    expect((await allNumbersOf(tenant)).map(({ id: shown }) => shown)).toEqual([kept]);
    const after = expectAnswer(await tenant.client.list(`?after=${gone}`), 'numbers');
    expect(after.phone_numbers.map(({ id: shown }) => shown)).toEqual([kept]);
  });
});

describe('tags', () => {
  const tag = async (tags: unknown) => expectAnswer(await owner.client.tag(id, tags), 'number').tags;

  it('are replaced as a whole, answered with the number, and cleared by an empty list', async () => {
    const answer = await owner.client.tag(id, ['intake', 'nl']);
    expect(expectAnswer(answer, 'number')).toEqual({
      ...(await numberOf(owner, id)),
      tags: ['intake', 'nl'],
    });
    expect(await tag(['sales'])).toEqual(['sales']);
    expect((await numberOf(owner, id)).tags).toEqual(['sales']);
    expect(await tag([])).toEqual([]);
    expect((await numberOf(owner, id)).tags).toEqual([]);
  });

  it('keep their order, and each is there once', async () => {
    expect(await tag(['z', 'a', 'z', 'm', 'a'])).toEqual(['z', 'a', 'm']);
    expect(await tag(['a', 'A'])).toEqual(['a', 'A']);
  });

  it('are 20 at most, of 50 code points at most', async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `tag ${index}`);
    expect(await tag(twenty)).toEqual(twenty);
    expectError(await owner.client.tag(id, [...twenty, 'one more']), 'VALIDATION_ERROR', 'tags');
    for (const letter of ['x', 'é', '😀', '漢']) {
      expect(await tag([letter.repeat(50)])).toEqual([letter.repeat(50)]);
      expectError(await owner.client.tag(id, [letter.repeat(51)]), 'VALIDATION_ERROR', 'tags');
    }
    expect((await numberOf(owner, id)).tags).toEqual(['漢'.repeat(50)]);
  });

  it('come back as they were written', async () => {
    const odd = ["o'clock", '"quoted"', '\\', '<b>', '%s', '{a,b}', 'NULL', '🇳🇱 Zürich', '../..'];
    expect(await tag(odd)).toEqual(odd);
    expect((await numberOf(owner, id)).tags).toEqual(odd);
  });

  it('stand alone: other fields of the body change nothing', async () => {
    const before = await numberOf(owner, id);
    const body = { tags: ['x'], status: 'pending_release', agent_id: 1, phone_number: '+12135559999', id: 7 };
    const answer = await owner.client.patch(`/phone-numbers/${id}`, body);
    expect(expectAnswer(answer, 'number')).toEqual({ ...before, tags: ['x'] });
  });

  it('may be changed while a number waits for release', async () => {
    const released = await office.released(owner);
    expect(expectAnswer(await owner.client.tag(released, ['late']), 'number')).toMatchObject({
      status: 'pending_release',
      tags: ['late'],
    });
  });

  it.each([
    ['missing', {}],
    ['null', { tags: null }],
    ['a string', { tags: 'intake' }],
    ['an object', { tags: { 0: 'intake' } }],
    ['a number', { tags: 1 }],
    ['numbers', { tags: [1, 2] }],
    ['nulls', { tags: [null] }],
    ['lists', { tags: [['intake']] }],
    ['partly strings', { tags: ['intake', 2] }],
    ['empty strings', { tags: [''] }],
    ['blank strings', { tags: ['intake', ' \t '] }],
  ])('may not be %s', async (_what, body) => {
    const before = await numberOf(owner, id);
    expectError(await owner.client.patch(`/phone-numbers/${id}`, body), 'VALIDATION_ERROR', 'tags');
    expect(await numberOf(owner, id)).toEqual(before);
  });

  it.each([undefined, '{', '[]', 'null', '"tags"', '1'])('are not found in a body of %s', async (body) => {
    expectError(await owner.client.patch(`/phone-numbers/${id}`, body), 'VALIDATION_ERROR');
  });
});
