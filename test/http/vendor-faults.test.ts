import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** One request, and what its refusal says: the status, and parts of the answer's text. */
interface Refused {
  readonly asked: string;
  readonly body?: unknown;
  readonly status: number;
  readonly says: readonly string[];
}

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 10_000, EUR: 10_000 } });
  await server.addNumbers(['+12135550101', '+12135550102']);
});

afterAll(() => server.close());

function send(asked: string, body?: unknown): Promise<Answer> {
  const [method = 'GET', path = '/'] = asked.split(' ');
  return ask(server.url, tenant.apiKey, method, path, body, { 'x-user-api-key': tenant.apiKey });
}

async function expectRefused({ asked, body, status, says }: Refused): Promise<void> {
  const answer = await send(asked, body);
  const text = JSON.stringify(answer.body);
  const which = `${asked} ${JSON.stringify(body)}: ${answer.status} ${text}`;
  expect(answer.status, which.slice(0, 1000)).toBe(status);
  for (const part of says) expect(text, which.slice(0, 1000)).toContain(part);
}

const everyFault: readonly (Refused & { readonly dialect: string })[] = [
  {
    dialect: 'Staffify',
    asked:
      'GET /v1/phone-numbers/search?country_code=Holland&type=fax&area_code=12&city_code=x&contains=y&limit=0',
    status: 400,
    says: ['country_code', 'local, mobile, toll_free', 'area_code', 'city_code', 'contains', 'from 1 to 100'],
  },
  { dialect: 'Staffify', asked: 'GET /v1/agents?limit=101&after=x', status: 400, says: ['limit', 'after'] },
  {
    dialect: 'Staffify',
    asked: 'POST /v1/phone-numbers',
    body: { country_code: 1, number_type: 'fax', address_id: 'x', city_code: 'y' },
    status: 400,
    says: [
      '"phone_number":"is required"',
      'country_code',
      'local, mobile, toll_free',
      'address_id',
      'city_code',
    ],
  },
  {
    dialect: 'Staffify',
    asked: 'POST /v1/agents',
    body: { language: 1, voice: {} },
    status: 400,
    says: ['"name":"is required"', 'language', 'voice'],
  },
  {
    dialect: 'Staffify',
    asked: 'POST /v1/agents',
    body: { name: ' \u0007 ', language: '!', voice: '\u202e' },
    status: 400,
    says: ['name', 'language', 'voice'],
  },
  {
    dialect: 'Staffify',
    asked: 'PATCH /v1/agents/1',
    body: { name: '', language: 1, voice: 2 },
    status: 400,
    says: ['"name":"is required"', 'language', 'voice'],
  },
  {
    dialect: 'Staffify',
    asked: 'POST /v1/addresses',
    body: { street_address: 1, city: ' ', company_name: 2, city_code: [] },
    status: 400,
    says: ['street_address', '"city":"is required"', 'contact_phone', 'company_name', 'city_code'],
  },
  {
    dialect: 'Staffify',
    asked: 'POST /v1/webhooks',
    body: { events: ['number.rented'] },
    status: 400,
    says: ['"url":"is required"', 'address.verification.verified'],
  },
  {
    dialect: '2Chat',
    asked: 'GET /open/numbers/groups?country=Spain&did_type=fax&region_id=x&city_id=y',
    status: 422,
    says: ['country', 'local, mobile, tollfree', 'region_id', 'city_id'],
  },
  {
    dialect: '2Chat',
    asked: 'GET /open/numbers/cities?region=x',
    status: 400,
    says: ['country is required', 'region'],
  },
  {
    dialect: '2Chat',
    asked: 'GET /open/numbers/requirements?did_type=fax',
    status: 400,
    says: ['country is required', 'did_type'],
  },
  {
    dialect: '2Chat',
    asked: 'GET /open/numbers/available?number_contains=abc',
    status: 400,
    says: ['group_id is required', 'number_contains'],
  },
  {
    dialect: '2Chat',
    asked: 'GET /open/voip/virtual-numbers?page=-1&per_page=0',
    status: 422,
    says: ['page: must be a whole number from 0', 'per_page: must be a whole number from 1'],
  },
  {
    dialect: '2Chat',
    asked: 'POST /open/numbers/reservations',
    body: { number: '12135550101' },
    status: 400,
    says: ['group_id is required', 'number: must be an E.164 number'],
  },
  {
    dialect: '2Chat',
    asked: 'POST /open/numbers/purchase',
    body: { number: '12135550101', group_id: 5 },
    status: 400,
    says: ['number: must be an E.164 number', 'group_id must be a string'],
  },
  {
    dialect: 'Piopiy',
    asked:
      'GET /v1/list-available-numbers?region=USA&country=x&number_type=fax&contains=abc&limit=0&cursor=none',
    status: 400,
    says: ['region', 'country', 'local, mobile, tollfree, national', 'contains', 'from 1 to 100', 'cursor'],
  },
  {
    dialect: 'Piopiy',
    asked: 'GET /v1/purchased-phone-numbers?region=USA&number=x',
    status: 400,
    says: ['region', 'number'],
  },
  {
    dialect: 'Piopiy',
    asked: 'POST /v1/phone-number-routing',
    body: { phone_number: 'x', route_type: 'fax' },
    status: 400,
    says: ['agent_id is required', 'phone_number: ', 'route_type: must be ai_agent'],
  },
  {
    dialect: 'Piopiy',
    asked: 'POST /v1/ai-agents',
    body: { language: 5 },
    status: 400,
    says: ['name is required', 'language: must be a string'],
  },
];

describe('all faults of a request', () => {
  it.each(everyFault)('are told at once by $dialect: $asked $body', async (refused) => {
    await expectRefused(refused);
  });
});

/** Texts that no row can keep, or that read as another one. */
const unstorable = ['\ud800', 'a\udfff', '\u0000', 'a\u0000b', '\u202eb', 'x'.repeat(50_000)];

const address = {
  street_address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CJ',
  country_code: 'NL',
  contact_name: 'A. Vos',
  contact_email: 'vos@example.com',
  contact_phone: '+31205550100',
};
const textFields: readonly [dialect: string, asked: string, body: object, fields: readonly string[]][] = [
  [
    'Staffify',
    'POST /v1/agents',
    { name: 'Desk', language: 'nl', voice: 'alloy' },
    ['name', 'language', 'voice'],
  ],
  [
    'Staffify',
    'POST /v1/addresses',
    { ...address, company_name: 'Vos', city_code: '020' },
    [...Object.keys(address), 'company_name', 'city_code'],
  ],
  [
    'Staffify',
    'POST /v1/phone-numbers',
    { phone_number: '+12135550101' },
    ['phone_number', 'country_code', 'number_type', 'city_code'],
  ],
  ['Staffify', 'POST /v1/webhooks', { url: 'https://example.com/' }, ['url', 'events']],
  ['2Chat', 'POST /open/numbers/reservations', { group_id: 'abc-123' }, ['group_id', 'number']],
  ['2Chat', 'POST /open/numbers/purchase', { group_id: 'abc-123' }, ['group_id', 'number']],
  ['Piopiy', 'POST /v1/ai-agents', { name: 'Desk', language: 'en' }, ['name', 'language']],
  ['Piopiy', 'POST /v1/buy-phone-number', { number: '+12135550101' }, ['number']],
];

describe('a text that cannot be stored', () => {
  it.each(textFields)('is refused by its field: %s, %s', async (_dialect, asked, sound, fields) => {
    for (const field of fields) {
      for (const text of unstorable) {
        const answer = await send(asked, { ...sound, [field]: text });
        const which = `${field} ${JSON.stringify(text.slice(0, 20))}: ${JSON.stringify(answer.body).slice(0, 300)}`;
        expect([400, 422], which).toContain(answer.status);
        expect(JSON.stringify(answer.body), which).toContain(field);
      }
    }
  });

  it.each([
    ['/open/numbers/available?group_id='],
    ['/open/numbers/groups?country=DE&city_name_or_prefix='],
    ['/v1/list-available-numbers?contains='],
    ['/v1/purchased-phone-numbers?number='],
    ['/v1/phone-numbers/search?contains='],
  ])('is refused by its name in the query of %s', async (path) => {
    const name = /([a-z_]+)=$/.exec(path)?.[1] ?? '';
    for (const text of ['a%00', '%E2%80%AEx', 'x'.repeat(5_000)]) {
      const answer = await send(`GET ${path}${text}`);
      expect([400, 422], `${path}${text.slice(0, 20)}: ${answer.status}`).toContain(answer.status);
      expect(JSON.stringify(answer.body)).toContain(name);
    }
  });
});

const strangeCounts = ['-1', '1.5', '1e3', 'NaN', 'Infinity', '0x10', '9'.repeat(30), '%00'];

describe('a place in a list that there is none of', () => {
  it.each([
    ['/v1/phone-numbers?after=', 400],
    ['/v1/phone-numbers?limit=', 400],
    ['/v1/agents?after=', 400],
    ['/v1/addresses?after=', 400],
    ['/v1/list-available-numbers?limit=', 400],
    ['/v1/list-available-numbers?cursor=', 400],
    ['/v1/purchased-phone-numbers?limit=', 400],
    ['/v1/purchased-phone-numbers?cursor=', 400],
    ['/open/voip/virtual-numbers?page_number=', 422],
    ['/open/voip/virtual-numbers?per_page=', 422],
  ])('is refused by its name: %s', async (path, status) => {
    const name = /([a-z_]+)=$/.exec(path)?.[1] ?? '';
    for (const count of strangeCounts) {
      await expectRefused({ asked: `GET ${path}${count}`, status, says: [name] });
    }
  });

  it('is an empty page when it is far behind the last', async () => {
    const far = await send('GET /open/voip/virtual-numbers?page_number=999999999&per_page=999999999');
    expect(far).toMatchObject({ status: 200, body: { numbers: [] } });
    const after = await send(`GET /v1/agents?after=${Number.MAX_SAFE_INTEGER}`);
    expect(after.status).toBe(200);
  });

  it('is no cursor of another list, nor one that was made by hand', async () => {
    const crafted = (text: string): string => Buffer.from(text).toString('base64url');
    const found = await send('GET /v1/list-available-numbers?limit=1');
    const foreign = (found.body as { next_cursor: string }).next_cursor;
    const lists: Readonly<Record<string, readonly string[]>> = {
      '/v1/purchased-phone-numbers': [
        foreign,
        'at=-1',
        'at=99999999999999999999',
        'at=NaN',
        'at=1.5',
        'at=1&region=Holland',
        'at=1&number=%00',
      ],
      '/v1/list-available-numbers': [
        'at=5',
        'at=~',
        'at=1~abcdefgh',
        'at=%00',
        'at=1&number_type=fax',
        'x=1',
      ],
    };
    for (const [path, cursors] of Object.entries(lists)) {
      for (const text of cursors) {
        const cursor = text === foreign ? text : crafted(text);
        await expectRefused({ asked: `GET ${path}?cursor=${cursor}`, status: 400, says: ['cursor'] });
      }
    }
  });
});
