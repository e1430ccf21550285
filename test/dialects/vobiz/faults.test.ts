import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { expectAnswer, expectInvalid } from './contract.js';
import { Exchange, makeApplication, makeTrunk, uuidOfNobody } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;
let sub: Caller;
let number: string;
let trunk: string;
let app: string;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master();
  sub = await exchange.sub(master);
  number = await exchange.bought(master);
  [trunk, app] = [await makeTrunk(master), await makeApplication(master)];
});

afterAll(() => exchange.close());

/** The one 400 says something of each of these. */
function expectTold(answer: Answer, told: readonly string[]): void {
  expectInvalid(answer);
  const message = String(at(answer.body, 'message'));
  for (const text of told) expect(message).toContain(text);
}

const halves = ['\ud800', 'a\udfff', '\udc00\ud800'];

describe('all faults of a request are told at once, by the names that were given', () => {
  it('of a new trunk', async () => {
    const body = {
      trunk_direction: 'sideways',
      trunk_status: 'asleep',
      transport: 'pigeon',
      trunk_type: 7,
      max_concurrent_calls: 10_001,
      cps_limit: -1,
      secure: 'yes',
      trunk_domain: 'no host',
      webhook_url: 'ftp://example.com/',
      webhook_method: 'PUT',
      ip_whitelist: ['everywhere'],
      description: 'x'.repeat(501),
      password: '\u0000',
    };
    expectTold(await master.account('POST', '/trunks', body), [
      'name is required',
      ...Object.keys(body).map((field) => `${field}: must`),
      'inbound, outbound, both',
      'enabled, active, disabled, inactive',
      'udp, tcp, tls',
      'from 0 to 10000',
      'from 0 to 1000',
      'GET, POST',
    ]);
  });

  it('of a trunk that is changed', async () => {
    const body = { name: '', concurrent_calls_limit: 1.5, enabled: 'on' };
    const answer = await master.account('PUT', `/trunks/${trunk}`, body);
    expectTold(
      answer,
      Object.keys(body).map((field) => `${field}: must`),
    );
  });

  it.each(['', '/'])('of a new application, at “Application%s”', async (slash) => {
    const body = {
      answer_url: 'ftp://example.com/',
      answer_method: 'PUT',
      hangup_url: 'nowhere',
      sip_transfer_url: 5,
      default_number_app: 'yes',
      enabled: 1,
    };
    expectTold(await master.account('POST', `/Application${slash}`, body), [
      'app_name is required',
      ...Object.keys(body).map((field) => `${field}: must`),
      'GET, POST',
    ]);
  });

  it('of an application that is changed', async () => {
    const body = { app_name: ' ', fallback_answer_url: 'x', message_method: 'HEAD' };
    const answer = await master.account('POST', `/Application/${app}/`, body);
    expectTold(
      answer,
      Object.keys(body).map((field) => `${field}: must`),
    );
  });

  it('of a new sub-account, and of one that is changed', async () => {
    const body = {
      email: 'nobody',
      phone: 5,
      description: '\u0007',
      business_type: 'x'.repeat(501),
      rate_limit: 0,
      permissions: { calls: 'yes' },
      kyc_mode: 'somebody_else',
      enabled: 'no',
    };
    const told = [
      ...Object.keys(body).map((field) => `${field}: must`),
      'from 1 to 1000000',
      'personal_use, customer_use',
    ];
    expectTold(await master.subAccounts('POST', '/', body), ['name is required', ...told]);
    const changed = await master.subAccounts('PUT', `/${sub.id}`, { ...body, name: '' });
    expectTold(changed, ['name: must', ...told]);
    const reachable = await master.subAccounts('POST', '/', { kyc_mode: 'customer_use', rate_limit: 0 });
    expectTold(reachable, ['name, email are required', 'rate_limit: must']);
  });

  it('of a purchase', async () => {
    const path = '/numbers/purchase-from-inventory';
    const missing = await master.account('POST', path, { currency: 'rupees' });
    expectTold(missing, ['e164 is required', 'currency: must']);
    expectTold(await master.buy('five', { currency: 5 }), ['e164: must', 'currency: must']);
  });

  it('of a number’s routing and hand-over, path and body together', async () => {
    const path = '/numbers/not-a-number';
    for (const [way, field] of [
      ['assign', 'trunk_group_id'],
      ['application', 'application_id'],
      ['assign-subaccount', 'sub_account_id'],
    ] as const) {
      const told = ['number: must', `${field} is required`];
      expectTold(await master.account('POST', `${path}/${way}`, {}), told);
      expectTold(await master.account('POST', `${path}/${way}`, { [field]: '' }), [
        'number: must',
        `${field}: must`,
      ]);
    }
  });

  it.each(['', '/search', '/recent', '/export'])('of the filters of “cdr%s”', async (path) => {
    const filters = {
      from_number: 'abc',
      to_number: 'def',
      start_date: 'yesterday',
      end_date: '2026-02-30',
      call_direction: 'up',
      min_duration: 'long',
      hangup_cause: '\u0000',
      sip_call_id: '\u0000',
      context: '\u0000',
      search: '\u0000',
    };
    const answer = await master.get(`/cdr${path}?${new URLSearchParams(filters).toString()}`);
    const told = Object.keys(filters).map((field) => `${field}: must`);
    expectTold(answer, [...told, 'inbound or outbound']);
  });

  it('of the health of a number', async () => {
    const told = ['granularity: must be daily or hourly', 'days: must be a whole number from 1 to 366'];
    expectTold(await master.health(number, '?granularity=weekly&days=367'), told);
    expectTold(await master.health(number, '?granularity=weekly&days=1e2'), told);
  });

  it('of the filters of transactions that no row can have', async () => {
    const names = ['currency', 'description', 'reference'];
    const answer = await master.transactions(`?${names.map((name) => `${name}=a%00`).join('&')}`);
    expectTold(
      answer,
      names.map((name) => `${name}: must`),
    );
  });
});

describe('half a surrogate pair is refused, naming the field', () => {
  it('in every text of a trunk', async () => {
    const fields = ['name', 'trunk_direction', 'trunk_type', 'trunk_status', 'trunk_domain', 'description'];
    fields.push('transport', 'webhook_url', 'webhook_method', 'inbound_destination', 'credential_uuid');
    fields.push('ipacl_uuid', 'primary_uri_uuid', 'fallback_uri_uuid', 'pii_entity_types', 'username');
    fields.push('password');
    for (const field of fields) {
      for (const half of halves) {
        const body = { name: 'Line', [field]: half };
        expectTold(await master.account('POST', '/trunks', body), [`${field}: must`]);
        expectTold(await master.account('PUT', `/trunks/${trunk}`, body), [`${field}: must`]);
      }
    }
    const listed = await master.account('PUT', `/trunks/${trunk}`, { ip_whitelist: ['10.0.0.1', '\ud800'] });
    expectTold(listed, ['ip_whitelist: must']);
  });

  it('in every text of an application', async () => {
    const methods = ['answer_method', 'hangup_method', 'fallback_method', 'message_method'];
    for (const field of ['app_name', ...methods, 'sip_transfer_method']) {
      for (const half of halves) {
        const body = { app_name: 'App', [field]: half };
        expectTold(await master.account('POST', '/Application/', body), [`${field}: must`]);
        expectTold(await master.account('POST', `/Application/${app}/`, body), [`${field}: must`]);
      }
    }
    for (const field of [
      'answer_url',
      'hangup_url',
      'fallback_answer_url',
      'message_url',
      'sip_transfer_url',
    ]) {
      const body = { app_name: 'App', [field]: '\ud800' };
      expectTold(await master.account('POST', '/Application/', body), [`${field}: must`]);
    }
  });

  it('in every text of a sub-account, and in the names of permissions', async () => {
    for (const field of ['name', 'email', 'phone', 'description', 'business_type', 'kyc_mode']) {
      for (const half of halves) {
        const body = { name: 'Branch', [field]: half };
        expectTold(await master.subAccounts('POST', '/', body), [`${field}: must`]);
        expectTold(await master.subAccounts('PUT', `/${sub.id}`, body), [`${field}: must`]);
      }
    }
    const named = { name: 'Branch', permissions: { '\ud800': true } };
    expectTold(await master.subAccounts('POST', '/', named), ['permissions: has a name']);
  });

  it('in what a number is bought by, points at or is handed to', async () => {
    for (const half of halves) {
      expectTold(await master.buy(half), ['e164: must']);
      expectTold(await master.buy(number, { currency: half }), ['currency: must']);
      expectTold(await master.assignTrunk(number, half), ['trunk_group_id: must']);
      expectTold(await master.give(number, half), ['sub_account_id: must']);
      const attached = await master.attach(number, half);
      expect([attached.status, at(attached.body, 'error')]).toEqual([404, 'not_found']);
    }
  });
});

describe('what a page or an id cannot be', () => {
  it('is an empty page behind the end, however far, and the first page when it is no number', async () => {
    for (const page of ['99999999999999999999', '9007199254740993', '9'.repeat(400)]) {
      for (const path of ['/numbers', '/inventory/numbers', '/transactions', '/cdr', '/cdr/search']) {
        const answer = await master.get(`${path}?page=${page}&per_page=100`);
        expect(answer.status, path).toBe(200);
        expect(Object.values(answer.body as object).find(Array.isArray), path).toEqual([]);
      }
      for (const path of ['/trunks', '/Application/']) {
        expect(at((await master.get(`${path}?offset=${page}`)).body, 'objects'), path).toEqual([]);
      }
      expect(at((await master.subAccounts('GET', `/?page=${page}`)).body, 'sub_accounts')).toEqual([]);
    }
    for (const page of ['-1', '0', '1.5', 'NaN', '0x10', '1e3', '%00']) {
      expectAnswer(await master.list(`?page=${page}&per_page=${page}`), 'numbers');
      expect(at((await master.list(`?page=${page}`)).body, 'page'), page).toBe(1);
      expect(at((await master.get(`/trunks?offset=${page}`)).body, 'meta.offset'), page).toBe(0);
    }
  });

  it('is not found when it is an id in a path', async () => {
    for (const text of ['%00', 'a%00', '%ef%bf%bd', '%ed%a0%80', 'x'.repeat(90)]) {
      for (const path of ['/cdr/', '/Application/', '/trunks/']) {
        const answer = await master.get(`${path}${text}`);
        expect([400, 404], `${path}${text}`).toContain(answer.status);
      }
      const answer = await master.subAccounts('GET', `/${text}`);
      expect([400, 404], text).toContain(answer.status);
    }
    expect((await master.assignTrunk(number, uuidOfNobody)).status).toBe(404);
  });
});

describe('the dates of call lists', () => {
  const day = '2026-03-04';

  it.each(['', '/search', '/recent', '/export'])('come both or not at all: “cdr%s”', async (path) => {
    const ask = (query: string) => master.get(`/cdr${path}?${query}`);
    expectTold(await ask(`start_date=${day}`), ['end_date: must be given together with start_date']);
    expectTold(await ask(`end_date=${day}`), ['start_date: must be given together with end_date']);
    expectTold(await ask(`start_date=${day}&end_date=`), ['end_date: must be given']);
    expect((await ask(`start_date=${day}&end_date=${day}`)).status).toBe(200);
    expect((await ask('start_date=&end_date=')).status).toBe(200);
    expect((await ask('')).status).toBe(200);
  });
});
