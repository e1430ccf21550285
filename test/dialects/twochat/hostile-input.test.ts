import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectError, expectNoServerFailure, isSound } from './client.js';
import {
  Exchange,
  losAngelesGroup,
  paths,
  reservations,
  reserve,
  uuidOfNobody,
  virtualNumbers,
} from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let tenant: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  await exchange.stock('losAngeles', 5);
});

beforeEach(async () => {
  tenant = await exchange.tenant();
});

afterAll(() => exchange.close());

/** Values of a query or path, already encoded. */
const encodedValues: readonly string[] = [
  '',
  '%20',
  '%00',
  'US%00',
  'abc%00123',
  '-1',
  '0',
  '-9223372036854775809',
  '2147483648',
  '9223372036854775808',
  '9'.repeat(400),
  '1e400',
  'NaN',
  'Infinity',
  '-0',
  '0x10',
  '%D9%A1%D9%A2%D9%A3',
  '%F0%9F%93%9E',
  '%E2%80%AE%CC%81%EF%BF%BF',
  '%ED%A0%80',
  '%FF%FE',
  '%',
  '%zz',
  '%25%25',
  '%5C',
  "'%20or%20'1'%3D'1",
  '%22%3B--',
  '%7B%7D',
  '[]',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  'a'.repeat(6000),
  '1'.repeat(6000),
  '%2E%2E%2F%2E%2E%2F',
];

const parameters: readonly string[] = [
  `${paths.regions}?country=`,
  `${paths.cities}?country=`,
  `${paths.cities}?country=US&region=`,
  `${paths.cities}?country=US&region_id=`,
  `${paths.requirements}?country=`,
  `${paths.requirements}?country=DE&did_type=`,
  `${paths.groups}?country=`,
  `${paths.groups}?country=US&region_id=`,
  `${paths.groups}?country=US&city_id=`,
  `${paths.groups}?country=US&city_name_or_prefix=`,
  `${paths.groups}?country=DE&did_type=`,
  `${paths.available}?group_id=`,
  `${paths.available}?group_id=${losAngelesGroup}&number_contains=`,
  `${paths.virtualNumbers}?page_number=`,
  `${paths.virtualNumbers}?results_per_page=`,
  `${paths.virtualNumbers}?page=`,
  `${paths.virtualNumbers}?per_page=`,
];

describe('an absurd value', () => {
  it.each(parameters)('of %s never breaks the server', async (path) => {
    const broken: string[] = [];
    for (const value of encodedValues) {
      const answer = await tenant.client.send({ method: 'GET', path: path + value });
      if (!isSound(answer))
        broken.push(`${value.slice(0, 60)}: ${answer.status} ${answer.text.slice(0, 120)}`);
    }
    expect(broken).toEqual([]);
  });

  it.each([
    `country=US&country=CA`,
    'country[]=US',
    'country[a]=US',
    'country',
    '&&&',
    '=',
    'country=US&=&&x',
    `country=US&city_id=1&city_id=2`,
    'country=DE&did_type=local&did_type=mobile',
    'group_id=abc-123&group_id=grp-1',
    'group_id=abc-123&number_contains=1&number_contains=2',
    'page=1&page=2&per_page=3&per_page=4',
    'region=1&region=2&country=US',
    `${'x=1&'.repeat(1500)}country=US`,
  ])('of the query %# never breaks the server', async (query) => {
    for (const path of [
      paths.regions,
      paths.cities,
      paths.requirements,
      paths.groups,
      paths.available,
      paths.virtualNumbers,
    ]) {
      expectNoServerFailure(await tenant.client.send({ method: 'GET', path: `${path}?${query}` }));
    }
  });

  it.each([`${paths.reservations}/`, `${paths.virtualNumbers}/`, `${paths.virtualNumbers}/DID`])(
    'of the path %s never breaks the server and deletes nothing',
    async (path) => {
      const broken: string[] = [];
      const values = [...encodedValues, `${uuidOfNobody}%00`, uuidOfNobody.toUpperCase(), '*', 'a/b'];
      for (const value of values) {
        const answer = await tenant.client.send({ method: 'DELETE', path: path + value });
        const refused = isSound(answer) && answer.status >= 400;
        if (!refused) broken.push(`${value.slice(0, 60)}: ${answer.status} ${answer.text.slice(0, 120)}`);
      }
      expect(broken).toEqual([]);
    },
  );
});

const strings: readonly string[] = [
  '\u0000',
  'abc-123\u0000',
  '+1213555\u00000001',
  '\ud800',
  '📞',
  '‮+12135550001',
  '+١٢١٣٥٥٥٠٠٠١',
  '＋12135550001',
  "'; drop table number; --",
  '%',
  '_',
  '-1',
  'x'.repeat(100_000),
  `+${'1'.repeat(100_000)}`,
  '\n',
  '+12135550001\n',
  '__proto__',
];

describe('an absurd string in a body', () => {
  it.each([paths.purchase, paths.reservations])('of %s is refused and changes nothing', async (path) => {
    const broken: string[] = [];
    for (const value of strings) {
      const bodies: object[] = [
        { group_id: value },
        { group_id: losAngelesGroup, number: value },
        { group_id: value, number: '+12135550001' },
        { number: value },
      ];
      for (const body of bodies) {
        const answer = await tenant.client.post(path, body);
        const refused = isSound(answer) && answer.status >= 400;
        if (!refused) broken.push(`${JSON.stringify(body).slice(0, 90)}: ${answer.status} ${answer.text}`);
      }
    }
    expect(broken).toEqual([]);
    expect(await virtualNumbers(tenant.client)).toEqual([]);
    expect(await reservations(tenant.client)).toEqual([]);
    expect(await exchange.balanceOf(tenant)).toBe(10_000);
  });
});

describe('an absurd body', () => {
  const deepArray = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const deepObject = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const bodies: Readonly<Record<string, string>> = {
    'a deep array': deepArray,
    'a deep object': deepObject,
    'a deep array as group_id': `{"group_id":${deepArray}}`,
    'a deep array as number': `{"group_id":"abc-123","number":${deepArray}}`,
    'a deep object as number': `{"number":${deepObject}}`,
    __proto__: '{"__proto__":{"group_id":"abc-123"}}',
    'a constructor': '{"constructor":{"prototype":{"group_id":"abc-123"}}}',
    'a great number': '{"group_id":1e999}',
    'many fields': `{${Array.from({ length: 20_000 }, (_, index) => `"f${index}":0`).join(',')},"number":"x"}`,
    'three megabytes': JSON.stringify({ group_id: 'x'.repeat(3_000_000) }),
    'a NUL outside a string': '{"group_id":\u0000"abc-123"}',
    'a byte order mark': '\ufeff',
    'no JSON of many bytes': '}'.repeat(50_000),
    'an unclosed string': '{"group_id":"abc-123',
    'a comment': '{/* */}',
    'a trailing comma': '{"group_id":"abc-123",}',
  };

  it.each(Object.keys(bodies))('(%s) is refused and buys nothing', async (name) => {
    for (const path of [paths.purchase, paths.reservations]) {
      const answer = await tenant.client.postText(path, bodies[name] ?? '');
      expectNoServerFailure(answer);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect(await virtualNumbers(tenant.client)).toEqual([]);
    expect(await reservations(tenant.client)).toEqual([]);
  });

  it('in an unknown field does no harm', async () => {
    const answer = await tenant.client.postText(
      paths.purchase,
      `{"number":"+12135559999","note":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
    );
    expectNoServerFailure(answer);
    expect([400, 404]).toContain(answer.status);
  });

  it('of nothing but null values is a wrong type, never an order for everything reserved', async () => {
    await reserve(tenant.client, { group_id: losAngelesGroup });
    for (const body of [{ group_id: null }, { number: null }, { group_id: null, number: null }]) {
      expectError(await tenant.client.post(paths.purchase, body), 400);
    }
    expect(await virtualNumbers(tenant.client)).toEqual([]);
    expect(await reservations(tenant.client)).toHaveLength(1);
  });

  it.each([
    'application/json; charset=latin1',
    'text/html',
    'multipart/form-data',
    'application/xml',
    'a/b/c',
    ';',
  ])('under the content type %s never breaks the server', async (type) => {
    const headers = { 'Content-Type': type };
    expectNoServerFailure(await tenant.client.postText(paths.purchase, '<x/>', headers));
    expect(await virtualNumbers(tenant.client)).toEqual([]);
  });
});
