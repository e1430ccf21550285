import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCall, record } from '../../support/calls.js';
import { at } from '../../support/request.js';
import { bodyOf, dataOf, expectProblem, OwnApi, walk } from './client.js';
import { Exchange } from './exchange.js';
import type { Holder, Tenant } from './exchange.js';

const coolOffSeconds = 15 * 24 * 3600;

let exchange: Exchange;
let parent: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
});

beforeEach(async () => {
  parent = await exchange.tenant();
});

afterAll(() => exchange.close());

const numberPath = (sub: Holder, number: string): string => `/sub-accounts/${sub.id}/numbers/${number}`;

describe('a sub-account', () => {
  it('is opened with a key that is shown once, found, changed and deleted', async () => {
    const now = exchange.server.clock.now().toISOString();
    const profile = {
      email: 'branch@example.com',
      phone: '+12135550100',
      description: 'The branch in the north',
      business_type: 'retail',
      requests_per_minute: 60,
      end_user: 'customer',
    };
    const made = bodyOf(await parent.api.post('/sub-accounts', { name: ' Branch ', ...profile }), 201);
    const { api_key: key, ...shown } = made;
    expect(key).toMatch(/^nx_live_[0-9a-f]{48}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^SA_[2-9A-Z]{10}$/) as string,
      name: 'Branch',
      status: 'active',
      enabled: true,
      ...profile,
      created_at: now,
      updated_at: now,
    });
    const path = `/sub-accounts/${String(made['id'])}`;
    expect(bodyOf(await parent.api.get(path))).toEqual(shown);
    const api = new OwnApi(exchange.server.url, String(key));
    expect(bodyOf(await api.get('/account'))).toMatchObject({ id: made['id'], kind: 'sub', name: 'Branch' });
    exchange.server.clock.advance(60);
    const changes = { name: 'South', phone: null };
    const changed = bodyOf(await parent.api.patch(path, changes));
    const updated_at = exchange.server.clock.now().toISOString();
    expect(changed).toEqual({ ...shown, ...changes, updated_at });
    expect(bodyOf(await parent.api.delete(path))).toEqual({ id: made['id'], deleted: true });
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      expectProblem(
        await parent.api.call(method, path, method === 'PATCH' ? {} : undefined),
        404,
        'not_found',
      );
    }
    expectProblem(await api.get('/account'), 401, 'unauthenticated');
    expectProblem(await parent.api.actingFor(String(made['id'])).get('/account'), 404, 'not_found');
    expect(await exchange.eventsOf(parent)).toEqual([
      'sub_account.deleted',
      'sub_account.updated',
      'sub_account.created',
      'wallet.deposited',
    ]);
  });

  it('has the usual profile when nothing is said of it', async () => {
    const made = bodyOf(await parent.api.post('/sub-accounts', { name: 'Bare' }), 201);
    expect(made).toMatchObject({
      email: null,
      phone: null,
      description: null,
      business_type: null,
      requests_per_minute: 1000,
      end_user: 'self',
      enabled: true,
    });
  });

  it('is listed newest first, in pages, and without the disabled ones if so asked', async () => {
    for (const [name, enabled] of [
      ['One', true],
      ['Two', false],
      ['Three', true],
    ] as const) {
      await parent.api.post('/sub-accounts', { name, enabled });
    }
    const names = async (query: string) => {
      const answer = await parent.api.get(`/sub-accounts${query}`);
      return [dataOf(answer).map((row) => row['name']), at(answer.body, 'total')];
    };
    expect(await names('')).toEqual([['Three', 'Two', 'One'], 3]);
    expect(await names('?limit=2')).toEqual([['Three', 'Two'], 3]);
    expect((await walk(parent.api, '/sub-accounts', 2)).map((row) => row['name'])).toEqual([
      'Three',
      'Two',
      'One',
    ]);
    expect(await names('?active_only=true')).toEqual([['Three', 'One'], 2]);
    for (const query of ['?limit=0', '?limit=101', '?offset=1', '?active_only=perhaps', '?cursor=1']) {
      expectProblem(await parent.api.get(`/sub-accounts${query}`), 400, 'invalid_input');
    }
  });

  it.each([
    [{}, 'missing_input'],
    [{ name: '' }, 'invalid_input'],
    [{ name: '   ' }, 'invalid_input'],
    [{ name: 'a\u0007' }, 'invalid_input'],
    [{ name: 'x'.repeat(1000) }, 'invalid_input'],
    [{ name: 'x', email: 'nobody' }, 'invalid_input'],
    [{ name: 'x', email: '' }, 'invalid_input'],
    [{ name: 'x', phone: 'x'.repeat(501) }, 'invalid_input'],
    [{ name: 'x', requests_per_minute: 0 }, 'invalid_input'],
    [{ name: 'x', requests_per_minute: 1.5 }, 'invalid_input'],
    [{ name: 'x', requests_per_minute: 1_000_001 }, 'invalid_input'],
    [{ name: 'x', permissions: { cdr: true } }, 'invalid_input'],
    [{ name: 'half a pair \ud800' }, 'invalid_input'],
    [{ name: 'x', description: '\udc00' }, 'invalid_input'],
    [{ name: 'x', end_user: 'somebody' }, 'invalid_input'],
    [{ name: 'x', end_user: 'customer' }, 'missing_input'],
    [{ name: 'x', colour: 'red' }, 'invalid_input'],
  ])('is not made of %j, nor changed into it', async (fields, code) => {
    expectProblem(await parent.api.post('/sub-accounts', fields), 400, code);
    const sub = await exchange.sub(parent);
    const before = bodyOf(await parent.api.get(`/sub-accounts/${sub.id}`));
    if (Object.keys(fields).length === 0) return;
    expectProblem(await parent.api.patch(`/sub-accounts/${sub.id}`, fields), 400, code);
    expect(bodyOf(await parent.api.get(`/sub-accounts/${sub.id}`))).toEqual(before);
  });

  it('is made once for one idempotency key, and its secret shown once', async () => {
    const headers = { 'idempotency-key': 'open-branch' };
    const first = bodyOf(await parent.api.post('/sub-accounts', { name: 'Branch' }, headers), 201);
    const again = bodyOf(await parent.api.post('/sub-accounts', { name: 'Branch' }, headers), 201);
    expect(again).toEqual({ ...first, api_key: null });
    expect(at((await parent.api.get('/sub-accounts')).body, 'total')).toBe(1);
    expectProblem(
      await parent.api.post('/sub-accounts', { name: 'Other' }, headers),
      422,
      'idempotency_key_reused',
    );
    const path = `/sub-accounts/${String(first['id'])}`;
    const remove = { 'idempotency-key': 'close-branch' };
    const removed = bodyOf(await parent.api.delete(path, remove));
    expect(bodyOf(await parent.api.delete(path, remove))).toEqual(removed);
    expectProblem(await parent.api.delete(path), 404, 'not_found');
  });

  it('has no sub-accounts of its own', async () => {
    const sub = await exchange.sub(parent);
    expectProblem(await sub.api.post('/sub-accounts', { name: 'Below' }), 403, 'forbidden');
    expectProblem(
      await parent.api.actingFor(sub.id).post('/sub-accounts', { name: 'Below' }),
      403,
      'forbidden',
    );
    expect(dataOf(await sub.api.get('/sub-accounts'))).toEqual([]);
  });

  it('may be looked at, not changed, with a key that only reads', async () => {
    const sub = await exchange.sub(parent);
    const reader = await exchange.readerOf(parent);
    expect(bodyOf(await reader.get(`/sub-accounts/${sub.id}`))).toMatchObject({ id: sub.id });
    const writes: [string, string, unknown?][] = [
      ['POST', '/sub-accounts', { name: 'x' }],
      ['PATCH', `/sub-accounts/${sub.id}`, { name: 'x' }],
      ['DELETE', `/sub-accounts/${sub.id}`],
      ['PUT', numberPath(sub, '+12135550000')],
    ];
    for (const [method, path, body] of writes) {
      expectProblem(await reader.call(method, path, body), 403, 'read_only_key');
      expectProblem(await reader.actingFor(sub.id).call(method, path, body), 403, 'read_only_key');
    }
  });
});

describe('a disabled sub-account', () => {
  it('is refused itself, while its parent acts for it', async () => {
    const sub = await exchange.sub(parent);
    const { rental } = await exchange.handed(parent, sub);
    const path = `/sub-accounts/${sub.id}`;
    expect(bodyOf(await parent.api.patch(path, { enabled: false }))).toMatchObject({
      enabled: false,
      status: 'disabled',
    });
    for (const answer of [await sub.api.get('/rentals'), await sub.api.post('/agents', { name: 'x' })]) {
      expectProblem(answer, 403, 'account_blocked');
    }
    const acting = parent.api.actingFor(sub.id);
    expect(dataOf(await acting.get('/rentals'))).toMatchObject([{ id: rental }]);
    bodyOf(await acting.patch(`/rentals/${rental}`, { label: 'kept' }));
    bodyOf(await parent.api.patch(path, { enabled: true }));
    expect(dataOf(await sub.api.get('/rentals'))).toMatchObject([{ id: rental, label: 'kept' }]);
  });

  it('can be made disabled from the start', async () => {
    const sub = await exchange.sub(parent, { enabled: false });
    expectProblem(await sub.api.get('/account'), 403, 'account_blocked');
  });

  it('that the operator has blocked is not let in by its parent', async () => {
    const sub = await exchange.sub(parent);
    bodyOf(await exchange.admin.post(`/accounts/${sub.id}/block`));
    const path = `/sub-accounts/${sub.id}`;
    expect(bodyOf(await parent.api.patch(path, { enabled: true }))).toMatchObject({
      status: 'blocked',
      enabled: false,
    });
    expectProblem(await sub.api.get('/account'), 403, 'account_blocked');
  });

  it('is not brought to life again by the operator once it is deleted', async () => {
    const sub = await exchange.sub(parent);
    bodyOf(await parent.api.delete(`/sub-accounts/${sub.id}`));
    for (const verb of ['block', 'unblock']) {
      expectProblem(await exchange.admin.post(`/accounts/${sub.id}/${verb}`), 404, 'not_found');
    }
    expectProblem(await exchange.admin.post(`/accounts/${sub.id}/keys`, { scope: 'full' }), 404, 'not_found');
    expectProblem(await parent.api.get(`/sub-accounts/${sub.id}`), 404, 'not_found');
  });

  it('stays disabled when the operator lifts a block that was never there', async () => {
    const sub = await exchange.sub(parent, { enabled: false });
    await exchange.admin.post(`/accounts/${sub.id}/unblock`);
    expectProblem(await sub.api.get('/account'), 403, 'account_blocked');
  });
});

describe('acting for another account', () => {
  it('is the operator’s for any account, and is in the audit', async () => {
    const sub = await exchange.sub(parent);
    for (const { id } of [parent, sub]) {
      const acting = exchange.admin.actingFor(id);
      expect(bodyOf(await acting.get('/account'))).toMatchObject({ id });
      const agent = bodyOf(await acting.post('/agents', { name: 'By the operator' }), 201);
      const [made] = await exchange.audited(`account=${id}&action=agent.create`);
      expect(made).toMatchObject({ account: id, actor: expect.stringMatching(/^operator/) as string });
      expect(bodyOf(await acting.get(`/agents/${String(agent['id'])}`))).toMatchObject({ id: agent['id'] });
    }
    expect(dataOf(await parent.api.get('/agents'))).toHaveLength(1);
    expectProblem(await exchange.admin.actingFor('MA_NOBODY').get('/account'), 404, 'not_found');
    expectProblem(await exchange.admin.get('/agents'), 403, 'forbidden');
  });

  it('is a parent’s for its sub-accounts, and nobody’s else', async () => {
    const sub = await exchange.sub(parent);
    const sibling = await exchange.sub(parent);
    const stranger = await exchange.tenant();
    expect(bodyOf(await parent.api.actingFor(sub.id).get('/account'))).toMatchObject({ id: sub.id });
    expect(bodyOf(await parent.api.actingFor(parent.id).get('/account'))).toMatchObject({ id: parent.id });
    for (const api of [sibling.api, stranger.api]) {
      expectProblem(await api.actingFor(sub.id).get('/account'), 404, 'not_found');
    }
    expectProblem(await sub.api.actingFor(parent.id).get('/account'), 404, 'not_found');
  });

  it('buys for the sub-account, and the parent pays', async () => {
    const sub = await exchange.sub(parent);
    const before = await exchange.balanceOf(parent);
    const { rental } = await exchange.rent({ id: sub.id, api: parent.api.actingFor(sub.id) });
    expect(dataOf(await sub.api.get('/rentals'))).toMatchObject([{ id: rental }]);
    expect(dataOf(await parent.api.get('/rentals'))).toEqual([]);
    expect(await exchange.balanceOf(parent)).toBe(before - 350);
    expect(dataOf(await sub.api.get('/wallets'))).toEqual([]);
  });
});

describe('the keys of a sub-account', () => {
  it('are listed, made and revoked by its parent, and its parent’s own stay out of it', async () => {
    const sub = await exchange.sub(parent);
    const acting = parent.api.actingFor(sub.id);
    const made = bodyOf(await acting.post('/account/keys', { scope: 'read' }), 201);
    const api = new OwnApi(exchange.server.url, String(made['api_key']));
    expect(bodyOf(await api.get('/account'))).toMatchObject({ id: sub.id });
    expect(dataOf(await acting.get('/account/keys')).map(({ id }) => id)).toContain(made['id']);
    const [own] = dataOf(await parent.api.get('/account/keys'));
    for (const by of [acting, exchange.admin.actingFor(sub.id)]) {
      expectProblem(await by.delete(`/account/keys/${String(own?.['id'])}`), 404, 'not_found');
    }
    expect(bodyOf(await acting.delete(`/account/keys/${String(made['id'])}`))).toMatchObject({
      revoked: true,
    });
    expectProblem(await api.get('/account'), 401, 'unauthenticated');
    expect(bodyOf(await parent.api.get('/account'))).toMatchObject({ id: parent.id });
  });
});

describe('handing a number over', () => {
  it('changes the holder and nothing of the contract, and lets go of what it pointed at', async () => {
    const sub = await exchange.sub(parent);
    const { number, rental } = await exchange.rent(parent);
    const agent = bodyOf(await parent.api.post('/agents', { name: 'Desk' }), 201);
    bodyOf(await parent.api.put(`/rentals/${rental}/assignment`, { agent_id: agent['id'] }));
    const before = bodyOf(await parent.api.get(`/rentals/${rental}`));
    const balance = await exchange.balanceOf(parent);
    const handed = bodyOf(await parent.api.put(numberPath(sub, number)));
    expect(handed).toEqual({ rental_id: rental, number, holder: sub.id });
    expect(bodyOf(await sub.api.get(`/rentals/${rental}`))).toEqual({ ...before, assignments: [] });
    expectProblem(await parent.api.get(`/rentals/${rental}`), 404, 'not_found');
    expect(await exchange.balanceOf(parent)).toBe(balance);
    expect(bodyOf(await parent.api.put(numberPath(sub, number)))).toEqual(handed);
    expect(await exchange.audited(`number=${encodeURIComponent(number)}&action=number.move`)).toMatchObject([
      { account: parent.id, details: { number, from: parent.id, to: sub.id, forced: false } },
    ]);
    expect((await exchange.eventsOf(parent))[0]).toBe('number.moved');
  });

  it('is refused for what is not the parent’s to hand over', async () => {
    const [sub, sibling] = [await exchange.sub(parent), await exchange.sub(parent)];
    const { number } = await exchange.handed(parent, sub);
    expectProblem(await parent.api.put(numberPath(sibling, number)), 404, 'not_found');
    expectProblem(await sub.api.put(numberPath(sibling, number)), 403, 'forbidden');
    expectProblem(await parent.api.put(numberPath(sub, await exchange.stock())), 404, 'not_found');
    expectProblem(await parent.api.put(numberPath(sub, 'nonsense')), 404, 'not_found');
    const released = await exchange.rent(parent);
    bodyOf(await parent.api.delete(`/rentals/${released.rental}`));
    expectProblem(await parent.api.put(numberPath(sub, released.number)), 409, 'wrong_state');
    expect(bodyOf(await parent.api.get(`/sub-accounts/${sub.id}`))).toMatchObject({ id: sub.id });
    expect(dataOf(await sub.api.get('/rentals'))).toHaveLength(1);
  });

  it('happens once for one idempotency key, also when the number is back already', async () => {
    const sub = await exchange.sub(parent);
    const { number } = await exchange.rent(parent);
    const headers = { 'idempotency-key': `hand-${number}` };
    const first = bodyOf(await parent.api.put(numberPath(sub, number), undefined, headers));
    bodyOf(await parent.api.delete(numberPath(sub, number)));
    expect(bodyOf(await parent.api.put(numberPath(sub, number), undefined, headers))).toEqual(first);
    expect(dataOf(await sub.api.get('/rentals'))).toEqual([]);
  });
});

describe('taking a number back', () => {
  /** A number of the sub-account whose last call began now, and lasted no time. */
  async function used(sub: Holder): Promise<{ number: string; calledAt: Date }> {
    const { number } = await exchange.handed(parent, sub);
    const calledAt = exchange.server.clock.now();
    exchange.server.clock.advance(120);
    await record(exchange.server, [aCall({ to: number, startedAt: calledAt.toISOString() })]);
    return { number, calledAt };
  }

  it('is at once for a number that was never used', async () => {
    const sub = await exchange.sub(parent);
    const { number, rental } = await exchange.handed(parent, sub);
    const back = bodyOf(await parent.api.delete(numberPath(sub, number)));
    expect(back).toEqual({ rental_id: rental, number, holder: parent.id });
    expect(dataOf(await parent.api.get('/rentals'))).toMatchObject([{ id: rental }]);
    expectProblem(await parent.api.delete(numberPath(sub, number)), 404, 'not_found');
  });

  it('waits for the cool-off, to the second', async () => {
    const sub = await exchange.sub(parent);
    const { number, calledAt } = await used(sub);
    const until = new Date(calledAt.getTime() + coolOffSeconds * 1000).toISOString();
    const left = coolOffSeconds - 120;
    const path = numberPath(sub, number);
    expectProblem(await parent.api.delete(path), 409, 'cool_off_in_effect', {
      number,
      until,
      remaining_seconds: left,
    });
    exchange.server.clock.advance(left - 1);
    expectProblem(await parent.api.delete(path), 409, 'cool_off_in_effect', { remaining_seconds: 1 });
    expect(dataOf(await sub.api.get('/rentals'))).toHaveLength(1);
    exchange.server.clock.advance(1);
    expect(bodyOf(await parent.api.delete(path))).toMatchObject({ number, holder: parent.id });
  });

  it('goes by the policy of the operator', async () => {
    const other = await exchange.tenant({ environment: 'test' });
    bodyOf(await exchange.admin.put('/policies/cool_off_seconds', { environment: 'test', value: 3600 }));
    const sub = await exchange.sub(other);
    const number = await exchange.stock('test');
    bodyOf(await other.api.post('/orders', { lines: [{ number }] }), 201);
    bodyOf(await other.api.put(numberPath(sub, number)));
    const startedAt = exchange.server.clock.now().toISOString();
    exchange.server.clock.advance(3599);
    await record(exchange.server, [aCall({ to: number, startedAt })], 'test');
    const path = numberPath(sub, number);
    expectProblem(await other.api.delete(path), 409, 'cool_off_in_effect', { remaining_seconds: 1 });
    exchange.server.clock.advance(1);
    bodyOf(await other.api.delete(path));
  });

  it('by force is the operator’s alone, and stays in the audit', async () => {
    const sub = await exchange.sub(parent);
    const { number, calledAt } = await used(sub);
    const path = `${numberPath(sub, number)}?force=true`;
    expectProblem(await parent.api.delete(path), 403, 'forbidden');
    expectProblem(await sub.api.delete(path), 403, 'forbidden');
    const acting = exchange.admin.actingFor(parent.id);
    expectProblem(await acting.delete(numberPath(sub, number)), 409, 'cool_off_in_effect');
    expect(dataOf(await sub.api.get('/rentals'))).toHaveLength(1);
    expect(bodyOf(await acting.delete(path))).toMatchObject({ number, holder: parent.id });
    const [move] = await exchange.audited(`number=${encodeURIComponent(number)}&action=number.move`);
    expect(move).toMatchObject({
      actor: expect.stringMatching(/^operator:/) as string,
      account: parent.id,
      details: {
        from: sub.id,
        to: parent.id,
        forced: true,
        last_call_at: calledAt.toISOString(),
        cool_off_until: new Date(calledAt.getTime() + coolOffSeconds * 1000).toISOString(),
      },
    });
  });

  it('is refused from another sub-account than the one that holds it', async () => {
    const [sub, sibling] = [await exchange.sub(parent), await exchange.sub(parent)];
    const { number } = await exchange.handed(parent, sub);
    expectProblem(await parent.api.delete(numberPath(sibling, number)), 404, 'not_found');
    bodyOf(await parent.api.actingFor(sub.id).delete(`/rentals/${String(await rentalOf(sub))}`));
    expectProblem(await parent.api.delete(numberPath(sub, number)), 409, 'wrong_state');
  });
});

async function rentalOf(holder: Holder): Promise<unknown> {
  return dataOf(await holder.api.get('/rentals'))[0]?.['id'];
}

describe('deleting a sub-account', () => {
  it('is refused while it holds numbers, also those that are being released', async () => {
    const sub = await exchange.sub(parent);
    const path = `/sub-accounts/${sub.id}`;
    const { rental } = await exchange.handed(parent, sub);
    expectProblem(await parent.api.delete(path), 409, 'still_in_use', { kind: 'account', id: sub.id });
    bodyOf(await sub.api.delete(`/rentals/${rental}`));
    expectProblem(await parent.api.delete(path), 409, 'still_in_use');
    bodyOf(await sub.api.delete(`/rentals/${rental}?leaves=now`));
    bodyOf(await parent.api.delete(path));
    expectProblem(await sub.api.get('/account'), 401, 'unauthenticated');
  });
});

describe('the release fee', () => {
  it('of a sub-account’s number is the parent’s, and comes back with a reclaim', async () => {
    const sub = await exchange.sub(parent);
    bodyOf(await exchange.admin.put(`/accounts/${parent.id}/release-fees/USD`, { amount_minor: 200 }));
    // A sub-account's own entry means nothing: it pays for nothing.
    bodyOf(await exchange.admin.put(`/accounts/${sub.id}/release-fees/USD`, { amount_minor: 9999 }));
    const { rental } = await exchange.handed(parent, sub);
    const before = await exchange.balanceOf(parent);
    const released = bodyOf(await sub.api.delete(`/rentals/${rental}`));
    expect(released).toMatchObject({ state: 'pending_release', fee_minor: 200 });
    expect(await exchange.balanceOf(parent)).toBe(before - 200);
    expect(dataOf(await parent.api.get('/wallets/USD/transfers'))[0]).toMatchObject({
      kind: 'release_fee',
      direction: 'debit',
      amount_minor: 200,
      rental_id: rental,
    });
    const reclaimed = bodyOf(await sub.api.post(`/rentals/${rental}/reclaim`));
    expect(reclaimed).toMatchObject({ refunded_minor: 200, charged_minor: 0 });
    expect(await exchange.balanceOf(parent)).toBe(before);
  });

  it('that the parent cannot pay keeps the number', async () => {
    const poor = await exchange.tenant({ balances: { USD: 350 } });
    const sub = await exchange.sub(poor);
    bodyOf(await exchange.admin.put(`/accounts/${poor.id}/release-fees/USD`, { amount_minor: 1 }));
    const { rental } = await exchange.handed(poor, sub);
    expectProblem(await sub.api.delete(`/rentals/${rental}`), 402, 'insufficient_funds', {
      required_minor: 1,
      available_minor: 0,
    });
    expect(bodyOf(await sub.api.get(`/rentals/${rental}`))).toMatchObject({ state: 'active' });
    await exchange.topUp(poor, 1);
    expect(bodyOf(await sub.api.delete(`/rentals/${rental}`))).toMatchObject({ fee_minor: 1 });
    expect(await exchange.balanceOf(poor)).toBe(0);
  });
});
