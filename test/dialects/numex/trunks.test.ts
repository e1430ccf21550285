import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodyOf, dataOf, expectProblem, walk } from './client.js';
import { Exchange } from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  owner = await exchange.tenant();
});

afterAll(() => exchange.close());

const body = { name: 'Main', domain: 'sip.example.com' };

async function makeTrunk(fields: object = {}): Promise<string> {
  return String(bodyOf(await owner.api.post('/trunks', { ...body, ...fields }), 201)['id']);
}

describe('a trunk', () => {
  it('is made, found, changed and deleted', async () => {
    const now = exchange.server.clock.now().toISOString();
    const made = bodyOf(await owner.api.post('/trunks', { ...body, name: ' Main ' }), 201);
    expect(made).toEqual({
      id: expect.stringMatching(/^trunk_[0-9a-z]+$/) as string,
      ...body,
      direction: 'inbound',
      description: '',
      max_concurrent_calls: 10,
      max_calls_per_second: 2,
      enabled: true,
      settings: {},
      created_at: now,
      updated_at: now,
    });
    const path = `/trunks/${String(made['id'])}`;
    expect(bodyOf(await owner.api.get(path))).toEqual(made);
    exchange.server.clock.advance(60);
    const changes = { direction: 'outbound', max_concurrent_calls: 10_000, enabled: false };
    const updated_at = exchange.server.clock.now().toISOString();
    expect(bodyOf(await owner.api.patch(path, changes))).toEqual({ ...made, ...changes, updated_at });
    expect(bodyOf(await owner.api.get(path))).toMatchObject(changes);
    expect(bodyOf(await owner.api.delete(path))).toEqual({ id: made['id'], deleted: true });
    for (const answer of [
      await owner.api.get(path),
      await owner.api.patch(path, {}),
      await owner.api.delete(path),
    ]) {
      expectProblem(answer, 404, 'not_found');
    }
    expect(dataOf(await owner.api.get('/trunks'))).toEqual([]);
    const events = await exchange.eventsOf(owner);
    expect(events.slice(0, 3)).toEqual(['trunk.deleted', 'trunk.updated', 'trunk.created']);
  });

  it('keeps its settings, changes those that are given and drops those set to null', async () => {
    const settings = {
      transport: 'tls',
      secure: true,
      records_calls: true,
      transcribes_recordings: true,
      redacts_personal_data: true,
      redacted_kinds: 'NAME,EMAIL',
      webhook_url: 'https://example.com/calls',
      webhook_method: 'GET',
      announces_recordings: true,
      inbound_destination: 'sip:desk@example.com',
      credential: 'cred-1',
      access_list: 'acl-1',
      primary_origin: 'uri-1',
      fallback_origin: 'uri-2',
      username: 'desk',
      allowed_addresses: ['192.0.2.0/24'],
    };
    const path = `/trunks/${await makeTrunk({ direction: 'both', description: 'Sales', settings })}`;
    expect(bodyOf(await owner.api.get(path))).toMatchObject({
      direction: 'both',
      description: 'Sales',
      settings,
    });
    const changes = { settings: { transport: 'tcp', username: null }, max_calls_per_second: 0 };
    const kept: Partial<typeof settings> = { ...settings };
    delete kept.username;
    const after = { settings: { ...kept, transport: 'tcp' }, max_calls_per_second: 0, description: 'Sales' };
    const changed = bodyOf(await owner.api.patch(path, changes));
    expect(changed).toMatchObject(after);
    expect(changed['settings']).toEqual(after.settings);
    expect(bodyOf(await owner.api.get(path))).toEqual(changed);
  });

  it('is listed in pages, oldest first', async () => {
    const names = ['One', 'Two', 'Three', 'Four', 'Five'];
    for (const name of names) await makeTrunk({ name });
    for (const limit of [1, 2, 5, 100]) {
      expect((await walk(owner.api, '/trunks', limit)).map((row) => row['name'])).toEqual(names);
    }
    for (const query of ['?limit=0', '?limit=101', '?limit=x', '?cursor=nonsense', '?offset=1']) {
      expectProblem(await owner.api.get(`/trunks${query}`), 400, 'invalid_input');
    }
  });

  it.each([
    [{ name: undefined }, 'missing_input'],
    [{ domain: undefined }, 'missing_input'],
    [{ name: '' }, 'invalid_input'],
    [{ name: ' ' }, 'invalid_input'],
    [{ name: 'a\u0000' }, 'invalid_input'],
    [{ name: 'x'.repeat(1000) }, 'invalid_input'],
    [{ domain: '' }, 'invalid_input'],
    [{ domain: 'two words' }, 'invalid_input'],
    [{ domain: 'sip:host' }, 'invalid_input'],
    [{ domain: 'x'.repeat(254) }, 'invalid_input'],
    [{ direction: 'sideways' }, 'invalid_input'],
    [{ max_calls_per_second: -1 }, 'invalid_input'],
    [{ description: 'half a pair \ud800' }, 'invalid_input'],
    [{ settings: { colour: 'red' } }, 'invalid_input'],
    [{ settings: { transport: 'smoke' } }, 'invalid_input'],
    [{ settings: { webhook_url: 'ftp://example.com' } }, 'invalid_input'],
    [{ settings: { username: 'half a pair \ud800' } }, 'invalid_input'],
    [{ settings: { allowed_addresses: ['a\u0000'] } }, 'invalid_input'],
    [{ max_concurrent_calls: 0 }, 'invalid_input'],
    [{ max_concurrent_calls: 10_001 }, 'invalid_input'],
    [{ max_concurrent_calls: '10' }, 'invalid_input'],
    [{ enabled: 'yes' }, 'invalid_input'],
    [{ colour: 'red' }, 'invalid_input'],
  ])('is not made with %j, nor changed into it', async (fields, code) => {
    expectProblem(await owner.api.post('/trunks', { ...body, ...fields }), 400, code);
    if (code === 'missing_input') return;
    const path = `/trunks/${await makeTrunk()}`;
    const before = bodyOf(await owner.api.get(path));
    expectProblem(await owner.api.patch(path, fields), 400, code);
    expect(bodyOf(await owner.api.get(path))).toEqual(before);
  });

  it('is made, changed and deleted once for one idempotency key', async () => {
    const first = bodyOf(await owner.api.post('/trunks', body, { 'idempotency-key': 'make' }), 201);
    expect(bodyOf(await owner.api.post('/trunks', body, { 'idempotency-key': 'make' }), 201)).toEqual(first);
    const path = `/trunks/${String(first['id'])}`;
    const change = { 'idempotency-key': 'change' };
    const changed = bodyOf(await owner.api.patch(path, { name: 'A' }, change));
    bodyOf(await owner.api.patch(path, { name: 'B' }));
    expect(bodyOf(await owner.api.patch(path, { name: 'A' }, change))).toEqual(changed);
    expect(bodyOf(await owner.api.get(path))['name']).toBe('B');
    expectProblem(await owner.api.patch(path, { name: 'C' }, change), 422, 'idempotency_key_reused');
    const remove = { 'idempotency-key': 'remove' };
    expect(bodyOf(await owner.api.delete(path, remove))).toEqual(
      bodyOf(await owner.api.delete(path, remove)),
    );
    expect(await walk(owner.api, '/trunks', 10)).toEqual([]);
  });

  it('lets go of the numbers that point at it when it is deleted, and of nothing else', async () => {
    const [trunk, other] = [await makeTrunk(), await makeTrunk({ name: 'Other' })];
    const [one, two, third] = [
      await exchange.rent(owner),
      await exchange.rent(owner),
      await exchange.rent(owner),
    ];
    const agent = bodyOf(await owner.api.post('/agents', { name: 'Desk' }), 201)['id'];
    const point = (rental: string, target: object) =>
      owner.api.put(`/rentals/${rental}/assignment`, target).then(bodyOf);
    await point(one.rental, { trunk_id: trunk });
    await point(one.rental, { agent_id: agent });
    await point(two.rental, { trunk_id: trunk });
    await point(third.rental, { trunk_id: other });
    bodyOf(await owner.api.delete(`/trunks/${trunk}`));
    const pointed = async (rental: string) =>
      (bodyOf(await owner.api.get(`/rentals/${rental}`))['assignments'] as { kind: string }[]).map(
        ({ kind }) => kind,
      );
    expect(await pointed(one.rental)).toEqual(['agent']);
    expect(await pointed(two.rental)).toEqual([]);
    expect(await pointed(third.rental)).toEqual(['trunk']);
    expectProblem(
      await owner.api.put(`/rentals/${one.rental}/assignment`, { trunk_id: trunk }),
      404,
      'not_found',
    );
    const unassigned = await exchange.audited(`account=${owner.id}&action=number.unassign`);
    expect(unassigned).toHaveLength(2);
  });

  it('may be looked at, not changed, with a key that only reads', async () => {
    const trunk = await makeTrunk();
    const reader = await exchange.readerOf(owner);
    expect(bodyOf(await reader.get(`/trunks/${trunk}`))).toMatchObject({ id: trunk });
    expectProblem(await reader.post('/trunks', body), 403, 'read_only_key');
    expectProblem(await reader.patch(`/trunks/${trunk}`, { name: 'x' }), 403, 'read_only_key');
    expectProblem(await reader.delete(`/trunks/${trunk}`), 403, 'read_only_key');
  });
});
