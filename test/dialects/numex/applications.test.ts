import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { bodyOf, dataOf, expectProblem, walk } from './client.js';
import { Exchange } from './exchange.js';
import type { Holder, Tenant } from './exchange.js';

let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  owner = await exchange.tenant();
});

afterAll(() => exchange.close());

const settings = {
  answer_url: 'https://example.com/answer',
  answer_method: 'POST',
  hangup_url: 'http://example.com/hangup?x=1',
  hangup_method: 'GET',
  fallback_url: 'https://example.com/fallback',
  fallback_method: 'POST',
  message_url: 'https://example.com/message',
  message_method: 'GET',
};

async function makeApplication(fields: object = {}, { api }: Holder = owner): Promise<string> {
  return String(bodyOf(await api.post('/applications', { name: 'Desk', ...fields }), 201)['id']);
}

/** What a rental points at, by the own API. */
async function pointsAt({ api }: Holder, rental: string): Promise<unknown[]> {
  const rows = bodyOf(await api.get(`/rentals/${rental}`))['assignments'] as Record<string, unknown>[];
  return rows.map((row) => row[`${String(row['kind'])}_id`]);
}

describe('an application', () => {
  it('is made, found, changed and deleted', async () => {
    const now = exchange.server.clock.now().toISOString();
    const made = bodyOf(await owner.api.post('/applications', { name: ' Desk ', ...settings }), 201);
    expect(made).toEqual({
      id: expect.stringMatching(/^app_[0-9a-z]+$/) as string,
      name: 'Desk',
      ...settings,
      takes_new_numbers: false,
      enabled: true,
      created_at: now,
      updated_at: now,
    });
    const path = `/applications/${String(made['id'])}`;
    expect(bodyOf(await owner.api.get(path))).toEqual(made);
    exchange.server.clock.advance(60);
    const changes = { name: 'Night', answer_url: 'https://example.com/night', enabled: false };
    const updated_at = exchange.server.clock.now().toISOString();
    expect(bodyOf(await owner.api.patch(path, changes))).toEqual({ ...made, ...changes, updated_at });
    expect(bodyOf(await owner.api.delete(path))).toEqual({ id: made['id'], deleted: true });
    for (const answer of [
      await owner.api.get(path),
      await owner.api.patch(path, {}),
      await owner.api.delete(path),
    ]) {
      expectProblem(answer, 404, 'not_found');
    }
    const events = await exchange.eventsOf(owner);
    expect(events.slice(0, 3)).toEqual(['application.deleted', 'application.updated', 'application.created']);
  });

  it('is listed oldest first, in pages with the count of all', async () => {
    for (const name of ['One', 'Two', 'Three']) await makeApplication({ name });
    const names = async (query: string) => {
      const answer = await owner.api.get(`/applications${query}`);
      return [dataOf(answer).map((row) => row['name']), at(answer.body, 'total')];
    };
    expect(await names('')).toEqual([['One', 'Two', 'Three'], 3]);
    expect(await names('?limit=2')).toEqual([['One', 'Two'], 3]);
    expect((await walk(owner.api, '/applications', 2)).map((row) => row['name'])).toEqual([
      'One',
      'Two',
      'Three',
    ]);
    for (const query of ['?limit=0', '?limit=101', '?offset=1', '?cursor=1']) {
      expectProblem(await owner.api.get(`/applications${query}`), 400, 'invalid_input');
    }
  });

  it.each([
    [{ name: undefined }, 'missing_input'],
    [{ name: '' }, 'invalid_input'],
    [{ name: ' ' }, 'invalid_input'],
    [{ name: 'a\u0007' }, 'invalid_input'],
    [{ answer_url: 'not a url' }, 'invalid_input'],
    [{ answer_url: '' }, 'invalid_input'],
    [{ answer_url: 'ftp://example.com/' }, 'invalid_input'],
    [{ hangup_url: 'javascript:alert(1)' }, 'invalid_input'],
    [{ message_url: `https://example.com/${'x'.repeat(2000)}` }, 'invalid_input'],
    [{ answer_method: 'PUT' }, 'invalid_input'],
    [{ takes_new_numbers: 1 }, 'invalid_input'],
    [{ enabled: 'yes' }, 'invalid_input'],
    [{ colour: 'red' }, 'invalid_input'],
  ])('is not made with %j, nor changed into it', async (fields, code) => {
    expectProblem(await owner.api.post('/applications', { name: 'Desk', ...fields }), 400, code);
    if (code === 'missing_input') return;
    const path = `/applications/${await makeApplication()}`;
    const before = bodyOf(await owner.api.get(path));
    expectProblem(await owner.api.patch(path, fields), 400, code);
    expect(bodyOf(await owner.api.get(path))).toEqual(before);
  });

  it('is made and deleted once for one idempotency key, a refusal included', async () => {
    const make = { 'idempotency-key': 'make' };
    const body = { name: 'Desk', takes_new_numbers: true };
    const first = bodyOf(await owner.api.post('/applications', body, make), 201);
    expect(bodyOf(await owner.api.post('/applications', body, make), 201)).toEqual(first);
    expect(at((await owner.api.get('/applications')).body, 'total')).toBe(1);
    const { rental } = await exchange.rent(owner);
    const path = `/applications/${String(first['id'])}`;
    const refused = { 'idempotency-key': 'refused' };
    expectProblem(await owner.api.delete(path, refused), 409, 'still_in_use');
    bodyOf(await owner.api.delete(`/rentals/${rental}/assignment?kind=application`));
    expectProblem(await owner.api.delete(path, refused), 409, 'still_in_use');
    const removed = { 'idempotency-key': 'removed' };
    expect(bodyOf(await owner.api.delete(path, removed))).toEqual(
      bodyOf(await owner.api.delete(path, removed)),
    );
  });

  it('is not deleted while a number points at it', async () => {
    const application = await makeApplication();
    const path = `/applications/${application}`;
    const { rental } = await exchange.rent(owner);
    bodyOf(await owner.api.put(`/rentals/${rental}/assignment`, { application_id: application }));
    expectProblem(await owner.api.delete(path), 409, 'still_in_use', { kind: 'application' });
    expect(await pointsAt(owner, rental)).toEqual([application]);
    bodyOf(await owner.api.delete(`/rentals/${rental}`));
    bodyOf(await owner.api.delete(path));
    // What came to an end with the release does not come back to something that is gone.
    bodyOf(await owner.api.post(`/rentals/${rental}/reclaim`));
    expect(await pointsAt(owner, rental)).toEqual([]);
    expectProblem(
      await owner.api.put(`/rentals/${rental}/assignment`, { application_id: application }),
      404,
      'not_found',
    );
  });

  it('may be looked at, not changed, with a key that only reads', async () => {
    const application = await makeApplication();
    const reader = await exchange.readerOf(owner);
    expect(bodyOf(await reader.get(`/applications/${application}`))).toMatchObject({ id: application });
    expectProblem(await reader.post('/applications', { name: 'x' }), 403, 'read_only_key');
    expectProblem(await reader.patch(`/applications/${application}`, {}), 403, 'read_only_key');
    expectProblem(await reader.delete(`/applications/${application}`), 403, 'read_only_key');
  });
});

describe('an application that takes new numbers', () => {
  it('has every number of its account from the moment of the sale', async () => {
    const old = await exchange.rent(owner);
    const application = await makeApplication({ takes_new_numbers: true });
    const numbers = [await exchange.stock(), await exchange.stock()];
    const order = bodyOf(
      await owner.api.post('/orders', { lines: numbers.map((number) => ({ number })) }),
      201,
    );
    for (const index of [0, 1]) {
      const rental = String(at(order, `results.${index}.rental_id`));
      expect(await pointsAt(owner, rental)).toEqual([application]);
    }
    expect(await pointsAt(owner, old.rental)).toEqual([]);
    // Sold and attached in one transaction: both rows are of the same one.
    const written = await exchange.server.sql<{ together: boolean }[]>`
      select r.xmin::text = s.xmin::text as together
      from rental r join assignment s on s.rental_id = r.id
      where r.account_id = ${owner.tenant.account.id}`;
    expect([...written]).toEqual([{ together: true }, { together: true }]);
  });

  it('hands that over to another one that is to, and there is one at most', async () => {
    const first = await makeApplication({ name: 'First', takes_new_numbers: true });
    const second = await makeApplication({ name: 'Second', takes_new_numbers: true });
    const takers = async () =>
      dataOf(await owner.api.get('/applications'))
        .filter((row) => row['takes_new_numbers'])
        .map(({ id }) => id);
    expect(await takers()).toEqual([second]);
    bodyOf(await owner.api.patch(`/applications/${first}`, { takes_new_numbers: true }));
    expect(await takers()).toEqual([first]);
    expect(await pointsAt(owner, (await exchange.rent(owner)).rental)).toEqual([first]);
    bodyOf(await owner.api.patch(`/applications/${first}`, { takes_new_numbers: false }));
    expect(await takers()).toEqual([]);
    expect(await pointsAt(owner, (await exchange.rent(owner)).rental)).toEqual([]);
  });

  it('takes none any more when it is deleted', async () => {
    const application = await makeApplication({ takes_new_numbers: true });
    bodyOf(await owner.api.delete(`/applications/${application}`));
    expect(await pointsAt(owner, (await exchange.rent(owner)).rental)).toEqual([]);
  });

  it('takes those of its own account, not of a sub-account nor of a parent', async () => {
    const sub = await exchange.sub(owner);
    const application = await makeApplication({ takes_new_numbers: true });
    expect(await pointsAt(sub, (await exchange.rent(sub)).rental)).toEqual([]);
    const below = await makeApplication({ takes_new_numbers: true }, sub);
    expect(await pointsAt(sub, (await exchange.rent(sub)).rental)).toEqual([below]);
    expect(await pointsAt(owner, (await exchange.rent(owner)).rental)).toEqual([application]);
  });

  it('points nowhere when the purchase fails', async () => {
    await makeApplication({ takes_new_numbers: true });
    const [number, free] = [await exchange.stock(), await exchange.stock()];
    const rival = await exchange.tenant();
    bodyOf(await rival.api.post('/orders', { lines: [{ number }] }), 201);
    const answer = await owner.api.post('/orders', { lines: [{ number: free }, { number }] });
    expect(bodyOf(answer, 409)['results']).toMatchObject([{ ok: false }, { ok: false }]);
    const [count] = await exchange.server.sql<{ rows: number }[]>`
      select count(*)::int as rows from assignment where account_id = ${owner.tenant.account.id}`;
    expect(count).toEqual({ rows: 0 });
  });
});
