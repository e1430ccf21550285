import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError, expectNoFault } from './contract.js';
import { allNumbersOf, balanceOf, makeAgent, numberOf, Office } from './office.js';
import type { Settled } from './office.js';
import { newAddress, newDocument, pathOf, routes, titled, writes } from './routes.js';

/** Ids that are none, as they stand in a path. */
const oddIds = [
  '%00',
  '%2500',
  '%ff',
  '%zz',
  '%F0%9F%98%80',
  '-1',
  '1e9',
  '1.0',
  '0x10',
  'NaN',
  'undefined',
  '__proto__',
  'constructor',
  "1'%20OR%20'1'='1",
  '1;drop%20table%20account',
  '1%2F2',
  '%20',
  '9223372036854775807',
  '9223372036854775808',
  '9'.repeat(400),
];

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(100_000),
  '😀'.repeat(500),
  "'; drop table account; --",
  '$(reboot)',
  '../../../etc/passwd',
  '{{7*7}}',
  [],
  [[[[]]]],
  [null],
  {},
  { $gt: '' },
  { toString: 'x' },
  { length: -1 },
];

const oddBodies: readonly string[] = [
  '',
  '{',
  '[',
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '[{}]',
  '{}',
  '{"a":}',
  '{"a":1}{"b":2}',
  '\u0000',
  '\ufeff{}',
  '😀',
  '{"__proto__":{"tags":["x"]}}',
  '{"constructor":{"prototype":{"name":"x"}}}',
  '{"agent_id":1e999}',
  '{"agent_id":12345678901234567890}',
  '{"tags":["\\ud800"]}',
  '{"name":"\\u0000"}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"tags":[${'"x",'.repeat(20_000)}"x"]}`,
];

/** Every field of every body, one sound body per route. */
const soundBodies = new Map<string, Readonly<Record<string, unknown>>>([
  [
    'POST /phone-numbers',
    {
      phone_number: '+31205559999',
      country_code: 'NL',
      number_type: 'local',
      address_id: 987_654_321,
      city_code: '020',
    },
  ],
  ['PATCH /phone-numbers/:number', { tags: ['x'] }],
  ['PUT /phone-numbers/:number/assign', { agent_id: 987_654_321 }],
  ['POST /addresses', { ...newAddress, company_name: 'Vos BV', city_code: '020' }],
  ['POST /addresses/:address/documents', newDocument],
  ['POST /agents', { name: 'Desk', language: 'nl', voice: 'alloy' }],
  ['PATCH /agents/:agent', { name: 'Desk', language: 'nl', voice: 'alloy' }],
]);

const withBody = writes.filter(({ verb, path }) => soundBodies.has(`${verb} ${path}`));
const withId = routes.filter(({ path }) => path.includes(':'));

let office: Office;
let owner: Settled;
let number: number;
let agent: number;
let draft: number;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled();
  number = await office.owned(owner);
  agent = (await makeAgent(owner)).id;
  draft = await office.address(owner, 'draft');
});

afterAll(async () => {
  // Whatever was sent, nobody was charged and the server still works.
  expect(await balanceOf(owner)).toBe(45);
  expect((await allNumbersOf(owner)).map(({ id }) => id)).toEqual([number]);
  await office.close();
});

const ids = () => ({ number, agent, address: draft });

describe('an odd id', () => {
  it.each(titled(withId))('is no fault in %s', async (_title, route) => {
    for (const odd of oddIds) {
      const path = pathOf(route, { number: odd, agent: odd, address: odd });
      const answer = await owner.client.send(route.verb, path, route.body);
      expectNoFault(answer);
      expect([400, 404], `${odd}: ${answer.status}`).toContain(answer.status);
    }
  });
});

describe('an odd body', () => {
  it.each(titled(withBody))('is no fault in %s', async (_title, route) => {
    for (const body of oddBodies) {
      expectNoFault(await owner.client.send(route.verb, pathOf(route, ids()), body));
    }
  });

  it.each(titled(withBody))('of another kind than JSON is no fault in %s', async (_title, route) => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense']) {
      const headers = { 'content-type': type };
      expectNoFault(await owner.client.send(route.verb, pathOf(route, ids()), '<a b="c">d</a>', headers));
    }
    const broken = { 'content-type': 'multipart/form-data' };
    expectNoFault(await owner.client.send(route.verb, pathOf(route, ids()), 'x', broken));
    const cut = { 'content-type': 'multipart/form-data; boundary=x' };
    const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4';
    expectNoFault(await owner.client.send(route.verb, pathOf(route, ids()), part, cut));
  });

  it.each(titled(withBody))('has no odd value that is a fault in %s', async (title, route) => {
    const sound = soundBodies.get(title) ?? {};
    for (const field of Object.keys(sound)) {
      for (const value of oddValues) {
        const body = { ...sound, [field]: value };
        expectNoFault(await owner.client.send(route.verb, pathOf(route, ids()), body));
      }
    }
  });
});

describe('an odd query', () => {
  const odd = ['%00', '%ff', '%zz', '%F0%9F%98%80', '-1', '1e400', "'--", '[]', '', 'x'.repeat(5_000)];

  it.each([
    [
      '/phone-numbers/search',
      'country_code',
      'type',
      'number_type',
      'area_code',
      'city_code',
      'contains',
      'limit',
    ],
    ['/phone-numbers', 'limit', 'after'],
    ['/phone-numbers/countries', 'limit'],
    ['/addresses', 'limit', 'after'],
    ['/addresses/requirements', 'country'],
    ['/agents', 'limit', 'after'],
    ['/credits', 'limit'],
  ])('is no fault in %s', async (path, ...names) => {
    for (const name of names) {
      for (const value of odd) expectNoFault(await owner.client.get(`${path}?${name}=${value}`));
      for (const query of [`${name}=1&${name}=2`, `${name}[]=1`, `${name}[a]=1`, `__proto__=1&${name}`]) {
        expectNoFault(await owner.client.get(`${path}?${query}`));
      }
    }
  });

  it('finds nothing that its wildcards or quotes might', async () => {
    await office.stock('losAngeles', 3);
    for (const contains of ['_', '%25', "5' or '1'='1", '.*', '5|6']) {
      const answer = await owner.client.search(`?contains=${contains}`);
      expectError(answer, 'VALIDATION_ERROR', 'contains');
    }
    const areaCode = await owner.client.search(`?area_code=${encodeURIComponent("213' or 'a'='a")}`);
    expectNoFault(areaCode);
    if (areaCode.status === 200) expect(expectAnswer(areaCode, 'found').phone_numbers).toEqual([]);
  });
});

describe('a text that looks like code', () => {
  it('is only a text, in a tag, a name or an address', async () => {
    const text = "'; drop table account; --";
    expect(expectAnswer(await owner.client.tag(number, [text]), 'number').tags).toEqual([text]);
    expect((await numberOf(owner, number)).tags).toEqual([text]);
    expect((await makeAgent(owner, text)).name).toBe(text);
    const id = await office.address(owner, 'draft', { city: text });
    expect(expectAnswer(await owner.client.get(`/addresses/${id}`), 'address')['city']).toBe(text);
  });

  it('may name a file, which is never looked for', async () => {
    for (const filename of ['../../../etc/passwd', 'C:\\x.pdf', '"; rm -rf /', 'ünïcode 😀.pdf', '.']) {
      expectNoFault(await owner.client.document(draft, { ...newDocument, filename }));
    }
  });
});

describe('odd headers', () => {
  it('are no fault', async () => {
    for (const headers of [
      { 'x-project-id': "proj_'; --" },
      { 'x-request-id': 'x'.repeat(4_000) },
      { accept: 'text/html' },
      { 'accept-encoding': 'nonsense' },
      { 'x-http-method-override': 'DELETE' },
    ]) {
      expectAnswer(await owner.client.get('/credits', headers as Record<string, string>), 'credits');
    }
    expectAnswer(await owner.client.number(number), 'number');
  });
});
