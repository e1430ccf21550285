import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/request.js';
import { inPath, rows } from './client.js';
import type { VobizClient } from './client.js';
import { expectBody, expectMismatch } from './contract.js';
import { Exchange, listIn, makeApplication, makeTrunk } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let victim: Caller;
let victimSub: Caller;
let attacker: Caller;
let attackerSub: Caller;
let things: Things;
let before: string;

/** What the victim has, and what the attacker has of the same kinds. */
interface Things {
  readonly number: string;
  readonly pending: string;
  readonly subNumber: string;
  readonly trunk: string;
  readonly app: string;
  readonly sub: string;
  readonly call: string;
  readonly own: { readonly number: string; readonly trunk: string; readonly app: string };
}

beforeAll(async () => {
  exchange = await Exchange.open();
  victim = await exchange.master();
  victimSub = await exchange.sub(victim);
  attacker = await exchange.master();
  attackerSub = await exchange.sub(attacker);
  const number = await exchange.bought(victim);
  const pending = await exchange.bought(victim);
  const [trunk, app] = [await makeTrunk(victim, 'Secret trunk'), await makeApplication(victim)];
  await victim.assignTrunk(number, trunk);
  await victim.attach(number, app);
  await victim.release(pending);
  exchange.advance(7200);
  await exchange.bringCalls({ to: number, ago: 3600 });
  const [call = {}] = rows(await victim.calls(), 'data');
  things = {
    number,
    pending,
    subNumber: await exchange.given(victim, victimSub),
    trunk,
    app,
    sub: victimSub.id,
    call: String(call['uuid']),
    own: {
      number: await exchange.bought(attacker),
      trunk: await makeTrunk(attacker),
      app: await makeApplication(attacker),
    },
  };
  before = await state();
});

afterAll(() => exchange.close());

/** Everything that the victim can see of itself. */
async function state(): Promise<string> {
  const answers = await Promise.all([
    victim.list(),
    victimSub.list(),
    victim.get('/trunks'),
    victim.get('/Application/'),
    victim.subAccounts('GET'),
    victim.balance(),
    victim.transactions(),
    victim.calls(),
  ]);
  for (const answer of answers) expect(answer.status).toBe(200);
  // When a sub-account was last used is told by asking, and a request id is of its request.
  const passing = ['last_used', 'api_id'];
  return JSON.stringify(
    answers.map((answer) => answer.body),
    (key, value: unknown) => (passing.includes(key) ? undefined : value),
  );
}

/** Nothing of the victim's is in an answer. */
function expectNoData(answer: Answer): void {
  const text = JSON.stringify(answer.body);
  expect(text).not.toContain('Secret trunk');
  for (const secret of [things.call, victim.credentials.authToken, victimSub.credentials.authToken]) {
    expect(text).not.toContain(secret);
  }
}

/** Every route with a body that its owner would be served for. */
function calls(): readonly [verb: string, path: string, body?: object][] {
  const of = things;
  const at = (number: string) => `/Account/ID/numbers/${inPath(number)}`;
  return [
    ['GET', '/Account/ID/numbers'],
    ['GET', at(of.number)],
    ['GET', '/Account/ID/inventory/numbers'],
    ['DELETE', at(of.number)],
    ['DELETE', `${at(of.number)}?immediate=true`],
    ['DELETE', `${at(of.pending)}?immediate=true`],
    ['POST', `${at(of.number)}/assign`, { trunk_group_id: of.trunk }],
    ['DELETE', `${at(of.number)}/assign`],
    ['POST', `${at(of.number)}/application`, { application_id: of.app }],
    ['DELETE', `${at(of.number)}/application`],
    ['POST', `${at(of.number)}/assign-subaccount`, { sub_account_id: of.sub }],
    ['DELETE', `${at(of.subNumber)}/assign-subaccount`],
    ['DELETE', `${at(of.subNumber)}/assign-subaccount?force=true`],
    ['GET', `${at(of.number)}/health`],
    ['GET', '/Account/ID/trunks'],
    ['POST', '/Account/ID/trunks', { name: 'Planted', trunk_type: 'INBOUND' }],
    ['GET', `/Account/ID/trunks/${of.trunk}`],
    ['PUT', `/Account/ID/trunks/${of.trunk}`, { name: 'Changed' }],
    ['DELETE', `/Account/ID/trunks/${of.trunk}`],
    ['GET', '/Account/ID/Application/'],
    ['POST', '/Account/ID/Application/', { app_name: 'Planted', answer_url: 'https://example.com/' }],
    ['GET', `/Account/ID/Application/${of.app}/`],
    ['POST', `/Account/ID/Application/${of.app}/`, { app_name: 'Changed' }],
    ['DELETE', `/Account/ID/Application/${of.app}/`],
    ['GET', '/accounts/ID/sub-accounts/'],
    ['POST', '/accounts/ID/sub-accounts/', { name: 'Planted' }],
    ['GET', `/accounts/ID/sub-accounts/${of.sub}`],
    ['PUT', `/accounts/ID/sub-accounts/${of.sub}`, { enabled: false }],
    ['DELETE', `/accounts/ID/sub-accounts/${of.sub}`],
    ['GET', '/Account/ID/balance/INR'],
    ['GET', '/Account/ID/transactions'],
    ['GET', '/Account/ID/transactions/reference-types'],
    ['GET', '/Account/ID/cdr'],
    ['GET', '/Account/ID/cdr/search'],
    ['GET', '/Account/ID/cdr/recent'],
    ['GET', '/Account/ID/cdr/export'],
    ['GET', `/Account/ID/cdr/${of.call}`],
  ];
}

const send = (client: VobizClient, [verb, path, body]: ReturnType<typeof calls>[number], id: string) =>
  client.call(verb, path.replace('ID', id), body);

describe('another account’s paths', () => {
  it('are closed to a stranger: 403 for every call, and nothing has changed', async () => {
    for (const call of calls()) {
      for (const client of [attacker, attackerSub]) {
        for (const id of [victim.id, victimSub.id]) expectMismatch(await send(client, call, id));
      }
    }
    const number = await exchange.stockOne();
    expectMismatch(await attacker.on(victim.id).buy(number));
    expect(await state()).toBe(before);
  });

  it('of the parent are closed to its own sub-account', async () => {
    for (const call of calls()) expectMismatch(await send(victimSub, call, victim.id));
    expect(await state()).toBe(before);
  });

  it('are closed to sub-accounts of one parent among themselves', async () => {
    const sibling = await exchange.sub(attacker);
    for (const call of calls()) expectMismatch(await send(sibling, call, attackerSub.id));
  });

  it('are closed for a cancelled release in its own words', async () => {
    for (const client of [attacker, attackerSub]) {
      const answer = await client.on(victim.id).cancelRelease(things.pending);
      expectBody(answer, 403, { error: 'access denied' });
    }
    expect(await state()).toBe(before);
  });

  it('cannot be reached by writing them oddly', async () => {
    const { id } = victim;
    const odd = [
      `${attacker.id}%2F..%2F${id}`,
      `${attacker.id}/../${id}`,
      `%20${id}`,
      `${id}%20`,
      id.toLowerCase(),
      `${id}%00`,
      `${attacker.id},${id}`,
      encodeURIComponent(`${attacker.id}' or '1'='1`),
    ];
    for (const path of odd) {
      const answer = await attacker.on(path).list();
      expect([400, 403, 404], path).toContain(answer.status);
      expectNoData(answer);
    }
  });
});

describe('another account’s things on one’s own path', () => {
  it('are not there, and nothing has changed', async () => {
    const foreign = calls().filter(([, path]) =>
      [
        things.number,
        things.pending,
        things.subNumber,
        things.trunk,
        things.app,
        things.sub,
        things.call,
      ].some((id) => path.includes(inPath(id))),
    );
    expect(foreign.length).toBeGreaterThan(20);
    for (const call of foreign) {
      for (const client of [attacker, attackerSub]) {
        const answer = await send(client, call, client.id);
        expect([403, 404], `${call[0]} ${call[1]} ${JSON.stringify(answer.body)}`).toContain(answer.status);
        expectNoData(answer);
      }
    }
    const cancelled = await attacker.cancelRelease(things.pending);
    expectBody(cancelled, 403, { error: 'access denied' });
    expect(await state()).toBe(before);
  });

  it('cannot be tied to one’s own number', async () => {
    const { number } = things.own;
    expect((await attacker.assignTrunk(number, things.trunk)).status).toBe(404);
    expect((await attacker.attach(number, things.app)).status).toBe(404);
    expect((await attacker.give(number, things.sub)).status).toBe(404);
    const [row] = rows(await attacker.list(`?search=${number.slice(1)}`));
    expect(row).toMatchObject({ account_id: attacker.id });
    expect(row).not.toHaveProperty('trunk_group_id');
    expect(row).not.toHaveProperty('application_id');
    expect(await state()).toBe(before);
  });

  it('cannot have one’s own trunk, application or sub-account tied to them', async () => {
    expect((await attacker.assignTrunk(things.number, things.own.trunk)).status).toBe(404);
    expect((await attacker.attach(things.number, things.own.app)).status).toBe(404);
    expect((await attacker.give(things.number, attackerSub.id)).status).toBe(404);
    expect((await attacker.buy(things.number)).status).toBe(404);
    expect((await attacker.buy(things.pending)).status).toBe(404);
    expect(await state()).toBe(before);
  });

  it('are in none of its lists', async () => {
    for (const path of ['/numbers', '/trunks', '/Application/', '/cdr', '/cdr/recent', '/transactions']) {
      const answer = await attacker.get(path);
      expect(answer.status).toBe(200);
      const text = JSON.stringify(answer.body);
      for (const id of [things.number, things.pending, things.subNumber, things.trunk, things.sub]) {
        expect(text, path).not.toContain(id);
      }
      expectNoData(answer);
    }
    const apps = listIn((await attacker.get('/Application/')).body).map((row) => row['app_id']);
    expect(apps).toEqual([things.own.app]);
    const subs = rows(await attacker.subAccounts('GET'), 'sub_accounts').map((row) => row['auth_id']);
    expect(subs).toContain(attackerSub.id);
    expect(subs).not.toContain(things.sub);
  });
});

describe('a parent on its child’s path', () => {
  it('sees and does what the child does, and nothing of its own', async () => {
    const parent = await exchange.master();
    const child = await exchange.sub(parent);
    const own = await exchange.bought(parent);
    const theirs = await exchange.given(parent, child);
    const [row] = rows(await parent.on(child.id).list());
    expect(row).toMatchObject({ e164: theirs, account_id: child.id });
    expect((await parent.on(child.id).number(own)).status).toBe(404);
    expect((await parent.on(child.id).release(own)).status).toBe(403);
    expect((await parent.on(child.id).assignTrunk(own, await makeTrunk(parent))).status).toBe(404);
  });
});
