import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';
import { cursorOf, newClient, PiopiyClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';

let server: TestServer;
let client: PiopiyClient;

const local = Array.from({ length: 7 }, (_, i) => `+1303555010${i}`);
const tollfree = '+18005550100';
const dutch = '+31204567890';
const everything = [...local, tollfree, dutch];

beforeAll(async () => {
  server = await startTestServer();
  client = await newClient(server);
  await server.addNumbers(everything);
  // Voice alone, and voice with text messages both ways: what a capability demands is on the row.
  await server.sql`update number set features = 1`;
  await server.sql`update number set features = 7 where id = ${Number(local[3]?.slice(1))}`;
});

afterAll(() => server.close());

async function numbersOf(query: string): Promise<string[]> {
  const answer = await client.search(query);
  expectAnswer(answer, 'available');
  return PiopiyClient.numbers(answer);
}

/** All pages, each asked for with what `more` adds to the cursor. */
async function turnPages(first: string, more = ''): Promise<string[]> {
  const numbers: string[] = [];
  let query = first;
  for (let page = 0; page < 50; page++) {
    const answer = await client.search(query);
    expectAnswer(answer, 'available');
    numbers.push(...PiopiyClient.numbers(answer));
    const next = cursorOf(answer);
    if (next === null) return numbers;
    query = `?cursor=${encodeURIComponent(next)}${more}`;
  }
  throw new Error('the pages do not end');
}

describe('the search', () => {
  it('lists unsold numbers of a region in the shape of the page', async () => {
    const answer = await client.search('?region=US');
    expectAnswer(answer, 'available');
    expect(at(answer.body, 'next_cursor')).toBeNull();
    expect(at(answer.body, 'data.0')).toMatchObject({
      number: local[0],
      region: 'US',
      capabilities: ['voice'],
    });
    expect(PiopiyClient.numbers(answer)).toEqual([...local, tollfree]);
  });

  it('lists every region without a filter, and takes either word and either case for it', async () => {
    expect((await numbersOf('')).sort()).toEqual([...everything].sort());
    expect(await numbersOf('?country=nl')).toEqual([dutch]);
    expect(await numbersOf('?region=NL&country=nl')).toEqual([dutch]);
    expect(await numbersOf('?region=NL&colour=red')).toEqual([dutch]);
  });

  it('narrows by type, in three spellings', async () => {
    for (const word of ['tollfree', 'toll_free', 'toll-free']) {
      expect(await numbersOf(`?region=US&number_type=${word}`)).toEqual([tollfree]);
    }
    expect((await numbersOf('?region=US&number_type=local')).sort()).toEqual(local);
    expect(await numbersOf('?region=US&number_type=mobile')).toEqual([]);
  });

  it('keeps numbers that have all capabilities', async () => {
    expect(await numbersOf('?capability=sms')).toEqual([local[3]]);
    expect(await numbersOf('?capability=voice,sms')).toEqual([local[3]]);
    expect(await numbersOf('?capability=voice&capability=sms')).toEqual([local[3]]);
    expect((await numbersOf('?capability=voice')).sort()).toEqual([...everything].sort());
    expect(await numbersOf('?capability=fax')).toEqual([]);
    expect(at((await client.search('?capability=sms')).body, 'data.0.capabilities')).toEqual([
      'voice',
      'sms',
    ]);
  });

  it('finds a run of digits anywhere, its plus sign or the space that it became left aside', async () => {
    expect(await numbersOf('?contains=45678')).toEqual([dutch]);
    expect(await numbersOf('?contains=+31204')).toEqual([dutch]);
    expect(await numbersOf('?contains=%2B31204')).toEqual([dutch]);
  });

  it('answers well-formed wishes that nothing meets with an empty page', async () => {
    for (const query of ['?region=ZZ', '?region=FR', '?contains=999999999999999']) {
      const answer = await client.search(query);
      expectAnswer(answer, 'available');
      expect(answer.body).toEqual({ data: [], next_cursor: null });
    }
  });

  it('shows the stock of the account’s own environment', async () => {
    const sandbox = await newClient(server, { environment: 'test' });
    expect((await sandbox.search()).body).toEqual({ data: [], next_cursor: null });
  });
});

describe('pages', () => {
  it('neither skip nor repeat, in the order of one long page', async () => {
    expect(await turnPages('?region=US&limit=2', '&limit=2')).toEqual([...local, tollfree]);
    expect(await turnPages('?limit=2', '&limit=2')).toEqual(await numbersOf('?limit=100'));
    expect(await turnPages('?number_type=local&limit=3', '&limit=1')).toEqual(
      await numbersOf('?number_type=local'),
    );
  });

  it('carry their filters in the cursor; the same ones may be sent along', async () => {
    const alone = await turnPages('?region=US&contains=303&capability=voice&limit=3', '&limit=3');
    expect([...alone].sort()).toEqual(local);
    const along = '&region=us&contains=303&capability=voice&limit=3';
    expect(await turnPages(`?${along.slice(1)}`, along)).toEqual(alone);
  });

  it('refuse other filters with a cursor', async () => {
    const cursor = String(at((await client.search('?region=US&limit=1')).body, 'next_cursor'));
    for (const other of ['region=NL', 'contains=303', 'number_type=local', 'capability=voice']) {
      expectError(await client.search(`?cursor=${cursor}&${other}`), 400, 'invalid_request');
    }
  });

  it('go on when a number of theirs is sold', async () => {
    await server.addNumbers(['+14155550101', '+14155550102', '+14155550103']);
    const first = await client.search('?contains=1415555010&limit=1');
    const buyer = await newClient(server);
    expect((await buyer.buy('+14155550102')).status).toBe(200);
    const rest = await client.search(`?cursor=${String(at(first.body, 'next_cursor'))}`);
    expect(PiopiyClient.numbers(rest)).toEqual(['+14155550103']);
  });
});

describe('bad parameters', () => {
  const forged = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    'region=USA',
    'region=U',
    'region=',
    'region=%00%00',
    'region=US&region=CA',
    'country=12',
    'region=US&country=CA',
    'number_type=landline',
    'number_type=',
    'contains=',
    'contains=abc',
    'contains=1234567890123456',
    'contains=%00',
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=',
    'limit=1e1',
    'cursor=',
    'cursor=nonsense',
    'cursor=%F0%9F%98%80',
    `cursor=${forged('region=US')}`,
    `cursor=${forged('at=1.2.3.4~aaaaaaaa&region=US')}`,
    `cursor=${forged('at=zzz&region=USA')}`,
    `cursor=${forged(`at=${'9'.repeat(5000)}`)}`,
  ])('%s gets 400', async (query) => {
    expectError(await client.search(`?${query}`), 400, 'invalid_request');
  });

  it('never become a fault, whatever they are', async () => {
    const wild = [
      '%',
      '%zz',
      '\u0000',
      "'; drop table number; --",
      '🐘',
      'a'.repeat(2000),
      '[]',
      '__proto__',
    ];
    for (const name of ['region', 'country', 'number_type', 'capability', 'contains', 'limit', 'cursor']) {
      for (const value of wild) {
        const answer = await client.search(`?${name}=${encodeURIComponent(value)}`);
        expect([200, 400], `${name}=${value}`).toContain(answer.status);
      }
    }
  });
});
