import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { bodyOf, dataOf, expectProblem, walk } from './client.js';
import { Exchange } from './exchange.js';
import type { Tenant } from './exchange.js';

/** Lists of the own API that grow with what an account has: each is read in pages, and each row is in one of them. */

let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  owner = await exchange.tenant();
});

afterAll(() => exchange.close());

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] => rows.map((row) => row['id']);

async function expectPaged(path: string, made: readonly unknown[]): Promise<void> {
  expect(idsOf(await walk(owner.api, path, 2))).toEqual(made);
  const first = await owner.api.get(`${path}?limit=2`);
  expect(dataOf(first)).toHaveLength(2);
  expect(at(first.body, 'next_cursor')).toEqual(expect.any(String));
  for (const query of ['?limit=0', '?limit=101', '?cursor=1']) {
    expectProblem(await owner.api.get(path + query), 400, 'invalid_input');
  }
}

it('keys are listed in pages, oldest first, revoked ones too', async () => {
  const own = idsOf(dataOf(await owner.api.get('/account/keys')));
  const made: unknown[] = [];
  for (const scope of ['read', 'full', 'read']) {
    made.push(bodyOf(await owner.api.post('/account/keys', { scope }), 201)['id']);
  }
  bodyOf(await owner.api.delete(`/account/keys/${String(made[0])}`));
  await expectPaged('/account/keys', [...own, ...made]);
});

it('holds are listed in pages, oldest first', async () => {
  const made: unknown[] = [];
  for (let n = 0; n < 3; n++) {
    const number = await exchange.stock();
    made.push(bodyOf(await owner.api.post('/reservations', { number }), 201)['id']);
  }
  await expectPaged('/reservations', made);
});

it('applications are listed in pages, oldest first', async () => {
  const made: unknown[] = [];
  for (const name of ['One', 'Two', 'Three']) {
    made.push(bodyOf(await owner.api.post('/applications', { name }), 201)['id']);
  }
  await expectPaged('/applications', made);
});

it('sub-accounts are listed in pages, newest first', async () => {
  const made: unknown[] = [];
  for (let n = 0; n < 3; n++) made.unshift((await exchange.sub(owner)).id);
  await expectPaged('/sub-accounts', made);
});

it('a crafted cursor of charges is refused by its name', async () => {
  await exchange.rent(owner);
  await exchange.rent(owner);
  const cursor = String(at((await owner.api.get('/owed?days=40&limit=1')).body, 'next_cursor'));
  const print = cursor.slice(cursor.indexOf('~'));
  for (const ms of [-1, Date.UTC(10_000, 0), Number.MAX_SAFE_INTEGER]) {
    const crafted = encodeURIComponent(`${ms.toString(36)}.1${print}`);
    const answer = await owner.api.get(`/owed?days=40&cursor=${crafted}`);
    expectProblem(answer, 400, 'invalid_input', { field: 'cursor' });
  }
});
