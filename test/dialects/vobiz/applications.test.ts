import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { rows } from './client.js';
import { expectAnswer, expectFlat, expectInvalid, expectNothing, expectShape } from './contract.js';
import { Exchange, fieldOf, holding, makeApplication } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
});

afterAll(() => exchange.close());

/** The application as it reads now. */
async function shown(client: Caller, id: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await client.get(`/Application/${id}/`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return holding(answer.body, 'app_id');
}

describe('an application', () => {
  it('is made, shown, changed by POST and deleted', async () => {
    const id = await makeApplication(master, { app_name: 'Desk', hangup_url: 'https://example.com/bye' });
    expect(id).toMatch(/^\d+$/);
    const made = await shown(master, id);
    expectShape(made, 'application');
    expect(made).toMatchObject({
      app_id: id,
      app_name: 'Desk',
      application_type: 'XML',
      answer_url: 'https://example.com/answer',
      answer_method: 'POST',
      hangup_url: 'https://example.com/bye',
      enabled: true,
    });
    const body = { app_name: 'Night desk', answer_url: 'https://example.com/night' };
    const changed = await master.account('POST', `/Application/${id}/`, body);
    expect([200, 202], JSON.stringify(changed.body)).toContain(changed.status);
    expect(await shown(master, id)).toMatchObject({ ...body, hangup_url: 'https://example.com/bye' });
    expectNothing(await master.account('DELETE', `/Application/${id}/`));
    expect((await master.get(`/Application/${id}/`)).status).toBe(404);
  });

  it.each([{ app_name: 5 }, { app_name: 'A', answer_url: 7 }, { app_name: 'A', default_number_app: 'x' }])(
    'is not made of %j',
    async (body) => {
      expectInvalid(await master.account('POST', '/Application/', body));
    },
  );

  it('that nobody knows, or that is another’s, is 404 for every verb', async () => {
    const other = await exchange.master();
    const theirs = await makeApplication(other, { app_name: 'Theirs' });
    for (const id of ['31415926535897932', theirs, 'abc', '0']) {
      expectFlat(await master.get(`/Application/${id}/`), 404, 'not_found');
      expectFlat(await master.account('POST', `/Application/${id}/`, { app_name: 'X' }), 404, 'not_found');
      expectFlat(await master.account('DELETE', `/Application/${id}/`), 404, 'not_found');
    }
    expect(await shown(other, theirs)).toMatchObject({ app_name: 'Theirs' });
  });

  it('stays while numbers are attached to it', async () => {
    const id = await makeApplication(master);
    const number = await exchange.bought(master);
    expectAnswer(await master.attach(number, id), 'attached');
    const refused = await master.account('DELETE', `/Application/${id}/`);
    expect(refused.status).toBe(409);
    expectShape(refused.body, 'flat');
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(await fieldOf(master, number, 'application_id')).toBe(id);
    expectAnswer(await master.detach(number), 'detached');
    expectNothing(await master.account('DELETE', `/Application/${id}/`));
  });
});

describe('the list of applications', () => {
  let owner: Caller;

  beforeAll(async () => {
    owner = await exchange.master();
    for (let i = 0; i < 23; i++) await makeApplication(owner, { app_name: `App ${i}` });
  });

  const ids = (answer: Awaited<ReturnType<Caller['get']>>) =>
    rows(answer, 'objects').map((row) => row['app_id']);

  it('has 20 on a page unless asked otherwise, and says what comes before and after', async () => {
    const first = await owner.get('/Application/');
    expectAnswer(first, 'applications');
    expect(at(first.body, 'meta')).toMatchObject({ limit: 20, offset: 0, previous: null, total_count: 23 });
    expect(at(first.body, 'meta.next')).toMatch(/\S/);
    expect(ids(first)).toHaveLength(20);
    const last = await owner.get('/Application/?limit=20&offset=20');
    expect(at(last.body, 'meta')).toMatchObject({ limit: 20, offset: 20, next: null, total_count: 23 });
    expect(at(last.body, 'meta.previous')).toMatch(/\S/);
    expect(new Set([...ids(first), ...ids(last)]).size).toBe(23);
  });

  it('neither skips nor repeats, and is empty beyond the end', async () => {
    const seen = [];
    for (let offset = 0; offset < 23; offset += 4) {
      seen.push(...ids(await owner.get(`/Application/?limit=4&offset=${offset}`)));
    }
    expect(seen).toEqual(ids(await owner.get('/Application/?limit=100')));
    const beyond = await owner.get('/Application/?offset=1000');
    expectAnswer(beyond, 'applications');
    expect(ids(beyond)).toEqual([]);
  });

  it.each(['0', '-1', 'x', '101', ''])('falls back to 20 for a limit of %j', async (limit) => {
    const answer = await owner.get(`/Application/?limit=${limit}`);
    expect(at(answer.body, 'meta.limit')).toBe(20);
    expect(ids(answer)).toHaveLength(20);
  });

  it('is its owner’s alone', async () => {
    const other = await exchange.master();
    expect(ids(await other.get('/Application/'))).toEqual([]);
  });
});

describe('the default application of new numbers', () => {
  it('is attached at the purchase, until it is the default no more', async () => {
    const owner = await exchange.master();
    const id = await makeApplication(owner, { default_number_app: true });
    expect(await fieldOf(owner, await exchange.bought(owner), 'application_id')).toBe(id);
    const changed = await owner.account('POST', `/Application/${id}/`, { default_number_app: false });
    expect([200, 202]).toContain(changed.status);
    expect(await fieldOf(owner, await exchange.bought(owner), 'application_id')).toBeUndefined();
  });

  it('is one’s own, not another account’s', async () => {
    await makeApplication(await exchange.master(), { default_number_app: true });
    const other = await exchange.master();
    expect(await fieldOf(other, await exchange.bought(other), 'application_id')).toBeUndefined();
  });
});

describe('attaching an application', () => {
  it('answers with number and application, and shows on the number', async () => {
    const id = await makeApplication(master, { app_name: 'Desk' });
    const number = await exchange.bought(master);
    const answer = await master.attach(number, id);
    expectAnswer(answer, 'attached');
    expect(at(answer.body, 'number')).toBe(number);
    expect(at(answer.body, 'application')).toMatchObject({ app_id: id, app_name: 'Desk' });
    expect(await fieldOf(master, number, 'application_id')).toBe(id);
  });

  it('replaces another one; again the same is fine', async () => {
    const [one, two] = [await makeApplication(master), await makeApplication(master)];
    const number = await exchange.bought(master);
    for (const id of [one, two, two]) expectAnswer(await master.attach(number, id), 'attached');
    expect(await fieldOf(master, number, 'application_id')).toBe(two);
    expectNothing(await master.account('DELETE', `/Application/${one}/`));
  });

  it.each([undefined, null, '', {}, [], true])('is refused for the id %j', async (id) => {
    const number = await exchange.bought(master);
    expectInvalid(await master.attach(number, id));
  });

  it('is 404 for an application of nobody or of another', async () => {
    const number = await exchange.bought(master);
    const theirs = await makeApplication(await exchange.master());
    for (const id of ['31415926535897932', theirs]) {
      expectFlat(await master.attach(number, id), 404, 'not_found');
    }
    expect(await fieldOf(master, number, 'application_id')).toBeUndefined();
  });

  it('is 404 for a number that is not there, in stock, another’s or a sub-account’s', async () => {
    const id = await makeApplication(master);
    const sub = await exchange.sub(master);
    const theirs = await exchange.bought(await exchange.master());
    const numbers = ['+918099999999', await exchange.stockOne(), theirs, await exchange.given(master, sub)];
    for (const number of numbers) expectFlat(await master.attach(number, id), 404, 'not_found');
  });
});

describe('detaching an application', () => {
  it('answers with what was attached', async () => {
    const id = await makeApplication(master);
    const number = await exchange.bought(master);
    await master.attach(number, id);
    const answer = await master.detach(number);
    expectAnswer(answer, 'detached');
    expect(at(answer.body, 'number')).toBe(number);
    expect(at(answer.body, 'application.app_id')).toBe(id);
    expect((await master.number(number)).body).not.toHaveProperty('application_id');
  });

  it('is harmless when nothing is attached', async () => {
    const number = await exchange.bought(master);
    for (let i = 0; i < 2; i++) {
      const answer = await master.detach(number);
      expectAnswer(answer, 'detached');
      expect(at(answer.body, 'application')).toBeNull();
    }
  });

  it('is 404 for a number of nobody or of another, whose application stays', async () => {
    const other = await exchange.master();
    const theirs = await exchange.bought(other);
    const id = await makeApplication(other);
    await other.attach(theirs, id);
    for (const number of ['+918099999999', await exchange.stockOne(), theirs]) {
      expectFlat(await master.detach(number), 404, 'not_found');
    }
    expect(await fieldOf(other, theirs, 'application_id')).toBe(id);
  });
});
