import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holderAt, listAudit, recordChange } from '../../src/core/audit/index.js';
import type { ListAuditInput } from '../../src/core/audit/index.js';
import type { Account, Context } from '../../src/core/context.js';
import { numberIdOf } from '../../src/core/number-id.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let parent: Account;
let child: Account;
let stranger: Account;
const numberId = numberIdOf(12135551234, 'live');
const otherNumberId = numberIdOf(12135551235, 'live');

const start = Date.parse('2026-03-04T09:30:00Z');
/** An instant by its hour since the beginning. */
const hour = (count: number): Date => new Date(start + count * 3_600_000);

beforeAll(async () => {
  server = await startTestServer();
  await server.addNumbers(['+12135551234', '+12135551235']);
  parent = (await server.createTenant({ name: 'Parent' })).account;
  child = (await server.createTenant({ name: 'Child', parent: parent.publicId, balances: {} })).account;
  stranger = (await server.createTenant({ name: 'Stranger' })).account;
});

afterAll(() => server.close());

function actingAs(account: Account): Context {
  return { ...server.operator(), actor: { kind: 'key', keyId: 1, scope: 'read', account } };
}

describe('the trail', () => {
  beforeAll(async () => {
    const write = (
      at: Date,
      account: Account | null,
      action: string,
      requestId: string,
      about: number | null,
    ) =>
      recordChange(
        { ...server.operator(), requestId, clock: { now: () => at } },
        {
          environment: 'live',
          accountId: account?.id ?? null,
          action,
          subjectKind: 'test',
          subjectId: 1,
          numberId: about,
          details: {},
        },
      );
    await write(hour(1), parent, 'trail.a', 'req_1', numberId);
    await write(hour(2), child, 'trail.b', 'req_2', numberId);
    await write(hour(3), stranger, 'trail.c', 'req_2', numberId);
    await write(hour(4), null, 'trail.d', 'req_3', null);
    await write(hour(5), parent, 'trail.e', 'req_4', otherNumberId);
  });

  async function actions(ctx: Context, input: Partial<ListAuditInput> = {}): Promise<string[]> {
    const rows = await listAudit({ ctx, input: { limit: 100, ...input } });
    return rows.map((row) => row.action).filter((action) => action.startsWith('trail.'));
  }

  test('the operator sees everything, newest first', async () => {
    expect(await actions(server.operator())).toEqual(['trail.e', 'trail.d', 'trail.c', 'trail.b', 'trail.a']);
  });

  test('an account sees its own entries and its sub-accounts’, and nobody else’s', async () => {
    expect(await actions(actingAs(parent))).toEqual(['trail.e', 'trail.b', 'trail.a']);
    expect(await actions(actingAs(child))).toEqual(['trail.b']);
    expect(await actions(actingAs(stranger))).toEqual(['trail.c']);
    expect(await actions(actingAs(stranger), { numberId })).toEqual(['trail.c']);
    expect(await actions(actingAs(stranger), { requestId: 'req_2' })).toEqual(['trail.c']);
  });

  test('an account may ask for one of its own and not for another’s', async () => {
    expect(await actions(actingAs(parent), { account: child })).toEqual(['trail.b']);
    expect(await actions(actingAs(parent), { account: parent })).toEqual(['trail.e', 'trail.a']);
    for (const account of [parent, stranger]) {
      await expect(actions(actingAs(child), { account })).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('filters by account, number, request, action and time narrow each other down', async () => {
    const ctx = server.operator();
    expect(await actions(ctx, { account: parent })).toEqual(['trail.e', 'trail.a']);
    expect(await actions(ctx, { numberId })).toEqual(['trail.c', 'trail.b', 'trail.a']);
    expect(await actions(ctx, { requestId: 'req_2' })).toEqual(['trail.c', 'trail.b']);
    expect(await actions(ctx, { requestId: 'req_2', account: child })).toEqual(['trail.b']);
    expect(await actions(ctx, { action: 'trail.d' })).toEqual(['trail.d']);
    expect(await actions(ctx, { from: hour(2), until: hour(4) })).toEqual(['trail.c', 'trail.b']);
    expect(await actions(ctx, { from: hour(2), until: hour(4), numberId: otherNumberId })).toEqual([]);
  });

  test('pages join without gap or repeat', async () => {
    const ctx = actingAs(parent);
    const all = await listAudit({ ctx, input: { limit: 100 } });
    const ids: number[] = [];
    let beforeId: number | undefined;
    for (let page = 0; page < all.length; page++) {
      const [row] = await listAudit({ ctx, input: { limit: 1, beforeId } });
      if (row) ids.push(row.id);
      beforeId = row?.id;
    }
    expect(ids).toEqual(all.map((row) => row.id));
  });

  test('an entry says who acted, on what, when, under which request', async () => {
    const [row] = await listAudit({ ctx: actingAs(child), input: { limit: 1, action: 'trail.b' } });
    expect(row).toMatchObject({
      at: hour(2),
      environment: 'live',
      account: child.publicId,
      actor: 'operator',
      subjectKind: 'test',
      subjectId: 1,
      numberId,
      requestId: 'req_2',
      details: {},
    });
  });
});

describe('who had a number', () => {
  beforeAll(async () => {
    const [wallet] = await server.sql<
      { id: number }[]
    >`select id from wallet where account_id = ${parent.id}`;
    const group = server.sql`(select group_id from number where id = ${numberId})`;
    const rent = async (
      id: number,
      account: Account,
      state: string,
      from: Date,
      to: Date | null,
      reclaim: Date | null,
    ) => {
      await server.sql`
        insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
          recurring_minor, cycle, next_charge_at, started_at, updated_at, reclaim_until, ended_at)
        values (${id}, ${numberId}, ${account.id}, ${wallet?.id ?? 0}, ${group}, 1, ${state}, 'USD', 0, 0, 'month',
          ${hour(999)}, ${from}, ${from}, ${reclaim}, ${to})`;
    };
    await rent(1, stranger, 'ended', hour(10), hour(20), null);
    await rent(2, parent, 'ended', hour(20), hour(60), null);
    await rent(3, stranger, 'pending_release', hour(70), null, hour(80));
    const move = (from: Account, to: Account, at: Date) => server.sql`
      insert into rental_move (rental_id, number_id, from_account_id, to_account_id, moved_at)
      values (2, ${numberId}, ${from.id}, ${to.id}, ${at})`;
    await move(parent, child, hour(30));
    await move(child, parent, hour(40));
  });

  const cases: [string, number, string | null, number?, number?][] = [
    ['before the first rental', 9, null],
    ['the very instant it began', 10, 'Stranger', 10, 20],
    ['at the change of hands, the new one', 20, 'Parent', 20, 30],
    ['before it moved to the sub-account', 29, 'Parent', 20, 30],
    ['while it was with the sub-account', 30, 'Child', 30, 40],
    ['after it came back', 45, 'Parent', 40, 60],
    ['between two rentals', 65, null],
    ['while a release could still be undone', 79, 'Stranger', 70, 80],
    ['once the window was over, whether or not a job has noticed', 80, null],
  ];
  test.each(cases)('%s', async (_what, at, name, since, until) => {
    const holder = await holderAt({ ctx: server.operator(), input: { numberId, at: hour(at) } });
    if (name === null) {
      expect(holder).toBeNull();
      return;
    }
    expect(holder).toMatchObject({ name, since: hour(since ?? 0), until: hour(until ?? 0) });
  });

  test('a number that nobody ever had is free, one that is not in stock is not found', async () => {
    const ctx = server.operator();
    expect(await holderAt({ ctx, input: { numberId: otherNumberId, at: hour(1) } })).toBeNull();
    const unknown = numberIdOf(12135559999, 'live');
    await expect(holderAt({ ctx, input: { numberId: unknown, at: hour(1) } })).rejects.toMatchObject({
      code: 'not_found',
      details: { kind: 'number' },
    });
  });

  test('is the operator’s to know', async () => {
    const input = { numberId, at: hour(10) };
    await expect(holderAt({ ctx: actingAs(stranger), input })).rejects.toMatchObject({ code: 'forbidden' });
  });
});
