import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { rows } from './client.js';
import { expectAnswer, expectBody, expectFlat, expectInvalid, expectNothing } from './contract.js';
import { Exchange, makeTrunk, uuidOfNobody } from './exchange.js';
import type { Caller } from './exchange.js';

/** Trunks as the vendor's own SDKs write and read them: section 11.1 of the contract, not our code. */

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master();
});

afterAll(() => exchange.close());

/** Every member of the SDKs' request type that an answer shows again. */
const told = {
  name: 'Retell AI SIP',
  trunk_direction: 'outbound',
  secure: true,
  trunk_domain: 'pbx.example.com',
  transport: 'tls',
  inbound_destination: 'sip:agent@example.com',
  description: 'Outbound of the sales desk',
  concurrent_calls_limit: 50,
  cps_limit: 15,
  credential_uuid: 'b1e2c3d4-0000-4000-8000-000000000001',
  ipacl_uuid: 'c3d4e5f6-0000-4000-8000-000000000002',
  primary_uri_uuid: 'd4e5f6a7-0000-4000-8000-000000000003',
  fallback_uri_uuid: 'e5f6a7b8-0000-4000-8000-000000000004',
  recording: true,
  enable_transcription: true,
  pii_redaction: true,
  pii_entity_types: 'NAME,PHONE_NUMBER',
  webhook_url: 'https://example.com/vobiz/webhook',
  webhook_method: 'GET',
  recording_webhook_enabled: true,
  username: 'sales',
  ip_whitelist: ['203.0.113.7', '198.51.100.0/24', '2001:db8::/32'],
} as const;

async function made(body: object, caller = master) {
  const answer = await caller.account('POST', '/trunks', body);
  expectAnswer(answer, 'trunk', 201);
  return answer.body as Readonly<Record<string, unknown>>;
}

describe('a trunk made in the words of the SDKs', () => {
  it('keeps and answers everything that it was told, on creation, alone and in the list', async () => {
    const owner = await exchange.master();
    const trunk = await made({ auth_id: owner.id, ...told, trunk_status: 'enabled', password: 'x' }, owner);
    const shown = { ...told, account_id: owner.id, trunk_status: 'active', enabled: true };
    expect(trunk).toMatchObject({ ...shown, trunk_type: 'OUTBOUND', max_concurrent_calls: 50 });
    const alone = await owner.get(`/trunks/${String(trunk['trunk_id'])}`);
    expectAnswer(alone, 'trunk');
    expect(alone.body).toEqual(trunk);
    const list = await owner.get('/trunks');
    expectAnswer(list, 'trunks');
    expect(rows(list, 'objects')).toEqual([trunk]);
  });

  it('never answers a password', async () => {
    expect(JSON.stringify(await made({ name: 'T', password: 'hush-hush' }))).not.toContain('hush');
  });

  it('has the vendor’s defaults where only a name is given', async () => {
    expect(await made({ name: 'Plain' })).toMatchObject({
      account_id: master.id,
      trunk_status: 'active',
      trunk_domain: expect.stringMatching(/^.+\.sip\..+$/) as string,
      secure: false,
      transport: 'udp',
      concurrent_calls_limit: 10,
      cps_limit: 2,
      description: '',
      recording: false,
      enable_transcription: false,
      pii_redaction: false,
      webhook_method: 'POST',
      recording_webhook_enabled: false,
    });
  });

  it('leaves out what is not set', async () => {
    const trunk = await made({ name: 'Plain', webhook_url: null, credential_uuid: '' });
    for (const field of ['credential_uuid', 'primary_uri_uuid', 'inbound_destination', 'webhook_url']) {
      expect(trunk).not.toHaveProperty(field);
    }
  });

  it.each([
    [{ trunk_type: 'OUTBOUND' }, 'outbound', 'OUTBOUND'],
    [{ trunk_type: 'INBOUND' }, 'inbound', 'INBOUND'],
    [{ trunk_direction: 'both' }, 'both', 'BOTH'],
    [{ trunk_direction: 'inbound', trunk_type: 'INBOUND' }, 'inbound', 'INBOUND'],
  ])('means by %j the direction %s', async (words, direction, type) => {
    const trunk = await made({ name: 'T', ...words });
    expect(trunk).toMatchObject({ trunk_direction: direction, trunk_type: type });
  });

  it.each([
    [{ trunk_status: 'enabled' }, 'active'],
    [{ trunk_status: 'active' }, 'active'],
    [{ trunk_status: 'disabled' }, 'disabled'],
    [{ enabled: true }, 'active'],
    [{ enabled: false }, 'disabled'],
  ])('means by %j the status %s', async (words, status) => {
    const trunk = await made({ name: 'T', ...words });
    expect(trunk).toMatchObject({ trunk_status: status, enabled: status === 'active' });
  });

  it('takes both words for its calls at once, also zero', async () => {
    for (const word of ['concurrent_calls_limit', 'max_concurrent_calls']) {
      for (const limit of [0, 1, 1000]) {
        const trunk = await made({ name: 'T', [word]: limit });
        expect(trunk).toMatchObject({ concurrent_calls_limit: limit, max_concurrent_calls: limit });
      }
    }
  });

  it.each([
    ['trunk_direction', 'sideways'],
    ['trunk_status', 'asleep'],
    ['transport', 'carrier pigeon'],
    ['webhook_method', 'PUT'],
    ['webhook_url', 'ftp://example.com'],
    ['webhook_url', 'nonsense'],
    ['webhook_url', 5],
    ['secure', 'yes'],
    ['recording', 1],
    ['concurrent_calls_limit', -1],
    ['concurrent_calls_limit', 1.5],
    ['concurrent_calls_limit', 1e9],
    ['cps_limit', '2'],
    ['cps_limit', 1e9],
    ['description', 'x'.repeat(501)],
    ['description', 'half a pair \ud800'],
    ['pii_entity_types', ['NAME']],
    ['trunk_domain', 'two words'],
    ['credential_uuid', 'x'.repeat(501)],
    ['inbound_destination', 'a\u0000'],
    ['ip_whitelist', 'everybody'],
    ['ip_whitelist', [5]],
    ['ip_whitelist', Array.from({ length: 101 }, () => '192.0.2.1')],
    ['password', 5],
  ])('is refused, naming the field, for %s %j', async (field, value) => {
    const trunk = `/trunks/${await makeTrunk(master)}`;
    for (const answer of [
      await master.account('POST', '/trunks', { name: 'T', [field]: value }),
      await master.account('PUT', trunk, { [field]: value }),
    ]) {
      expectInvalid(answer);
      expect(at(answer.body, 'message')).toContain(field);
    }
  });
});

describe('an update of a trunk', () => {
  it('changes what is given, keeps the rest, and takes away what is emptied', async () => {
    const before = await made(told);
    const path = `/trunks/${String(before['trunk_id'])}`;
    exchange.advance(60);
    const answer = await master.account('PUT', path, {
      trunk_status: 'disabled',
      webhook_url: '',
      cps_limit: 3,
    });
    expectAnswer(answer, 'trunk');
    const kept: Record<string, unknown> = { ...before };
    delete kept['webhook_url'];
    expect(answer.body).toEqual({
      ...kept,
      trunk_status: 'disabled',
      enabled: false,
      cps_limit: 3,
      updated_at: expect.not.stringMatching(String(before['updated_at'])) as string,
    });
    expect((await master.get(path)).body).toEqual(answer.body);
  });
});

describe('the list of trunks', () => {
  it('honours limit and offset, and tells how many there are', async () => {
    const owner = await exchange.master();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await makeTrunk(owner, `Trunk ${i}`));
    const idsOf = async (query: string, meta: object) => {
      const answer = await owner.get(`/trunks${query}`);
      expectAnswer(answer, 'trunks');
      expect(at(answer.body, 'meta')).toMatchObject({ ...meta, total: 5 });
      return rows(answer, 'objects').map((row) => row['trunk_id']);
    };
    expect(await idsOf('?limit=2', { limit: 2, offset: 0 })).toEqual(ids.slice(0, 2));
    expect(await idsOf('?limit=2&offset=2', { limit: 2, offset: 2 })).toEqual(ids.slice(2, 4));
    expect(await idsOf('?limit=2&offset=4', { limit: 2, offset: 4 })).toEqual(ids.slice(4));
    expect(await idsOf('?offset=9', { offset: 9 })).toEqual([]);
    expect(await idsOf('', { offset: 0 })).toEqual(ids);
    for (const query of ['?limit=0', '?limit=-1', '?limit=x', '?offset=-1']) {
      expect(await idsOf(query, {})).toEqual(ids);
    }
  });

  it.each(['credentials', 'ip-acl', 'origination-uris'])('has no trunk named %s', async (word) => {
    for (const method of ['GET', 'POST']) {
      expectFlat(
        await master.account(method, `/trunks/${word}`, method === 'POST' ? {} : undefined),
        404,
        'not_found',
      );
    }
  });
});

describe('a second unassign', () => {
  it('says that the number has no trunk', async () => {
    const number = await exchange.bought(master);
    await master.assignTrunk(number, await makeTrunk(master));
    expectNothing(await master.unassignTrunk(number));
    expectBody(await master.unassignTrunk(number), 404, {
      error: 'Trunk not found',
      message: 'This number is not assigned to a trunk.',
    });
  });
});

it('keeps a trunk of nobody unknown in both spellings', async () => {
  const answer = await master.account('PUT', `/trunks/${uuidOfNobody}`, { trunk_status: 'disabled' });
  expectFlat(answer, 404, 'not_found');
});
