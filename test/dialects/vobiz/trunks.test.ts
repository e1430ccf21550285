import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { expectBody, expectFlat, expectInvalid, expectNothing, expectShape } from './contract.js';
import {
  Exchange,
  fieldOf,
  holding,
  listIn,
  makeApplication,
  makeTrunk,
  uuidForm,
  uuidOfNobody,
} from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
});

afterAll(() => exchange.close());

describe('a trunk', () => {
  it('is made, shown, listed, changed and deleted', async () => {
    const owner = await exchange.master();
    const id = await makeTrunk(owner, 'Main');
    expect(id).toMatch(uuidForm);
    const shown = await owner.get(`/trunks/${id}`);
    expect(shown.status).toBe(200);
    const trunk = holding(shown.body, 'trunk_id');
    expectShape(trunk, 'trunk');
    expect(trunk).toMatchObject({
      trunk_id: id,
      name: 'Main',
      trunk_type: 'INBOUND',
      max_concurrent_calls: 10,
      enabled: true,
    });
    const list = await owner.get('/trunks');
    expect(list.status).toBe(200);
    expect(listIn(list.body).map((row) => row['trunk_id'])).toEqual([id]);
    const changed = await owner.account('PUT', `/trunks/${id}`, { name: 'Renamed', enabled: false });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const after = holding((await owner.get(`/trunks/${id}`)).body, 'trunk_id');
    expect(after).toMatchObject({ trunk_id: id, name: 'Renamed', enabled: false, trunk_type: 'INBOUND' });
    expect([200, 204]).toContain((await owner.account('DELETE', `/trunks/${id}`)).status);
    expect((await owner.get(`/trunks/${id}`)).status).toBe(404);
    expect(listIn((await owner.get('/trunks')).body)).toEqual([]);
  });

  it('has a domain of its own', async () => {
    const domains = [];
    for (let i = 0; i < 3; i++) {
      const shown = await master.get(`/trunks/${await makeTrunk(master)}`);
      domains.push(holding(shown.body, 'trunk_id')['trunk_domain']);
    }
    expect(new Set(domains).size).toBe(3);
  });

  it.each([{}, { name: 5 }, { name: 'T', trunk_type: 'SIDEWAYS' }, { name: 'T', max_concurrent_calls: 'x' }])(
    'is not made of %j',
    async (body) => {
      expectInvalid(await master.account('POST', '/trunks', body));
    },
  );

  it('that nobody knows is 404 for every verb', async () => {
    const theirs = await makeTrunk(await exchange.master());
    for (const id of [uuidOfNobody, theirs]) {
      expect((await master.get(`/trunks/${id}`)).status).toBe(404);
      expect((await master.account('PUT', `/trunks/${id}`, { name: 'X' })).status).toBe(404);
      expect((await master.account('DELETE', `/trunks/${id}`)).status).toBe(404);
    }
  });

  it('that is deleted leaves its numbers without one', async () => {
    const id = await makeTrunk(master);
    const number = await exchange.bought(master);
    expectNothing(await master.assignTrunk(number, id));
    await master.account('DELETE', `/trunks/${id}`);
    expect(await fieldOf(master, number, 'trunk_group_id')).toBeUndefined();
    expectNothing(await master.assignTrunk(number, await makeTrunk(master)));
  });
});

describe('assigning a trunk', () => {
  it('shows on the number until it is taken away', async () => {
    const id = await makeTrunk(master);
    const number = await exchange.bought(master);
    expectNothing(await master.assignTrunk(number, id));
    expect(await fieldOf(master, number, 'trunk_group_id')).toBe(id);
    expectNothing(await master.unassignTrunk(number));
    expect((await master.number(number)).body).not.toHaveProperty('trunk_group_id');
  });

  it('never overwrites: 400 for another trunk and for the same', async () => {
    const [one, two] = [await makeTrunk(master), await makeTrunk(master)];
    const number = await exchange.bought(master);
    expectNothing(await master.assignTrunk(number, one));
    for (const id of [one, two]) {
      expectBody(await master.assignTrunk(number, id), 400, {
        error: 'invalid request',
        message: 'This number is already assigned to a trunk.',
      });
    }
    expect(await fieldOf(master, number, 'trunk_group_id')).toBe(one);
  });

  it('is won by one of two who race', async () => {
    const ids = [await makeTrunk(master), await makeTrunk(master)];
    for (let round = 0; round < 5; round++) {
      const number = await exchange.bought(master);
      const answers = await Promise.all(ids.map((id) => master.assignTrunk(number, id)));
      expect(answers.map((answer) => answer.status).sort()).toEqual([204, 400]);
      const winner = answers[0]?.status === 204 ? ids[0] : ids[1];
      expect(await fieldOf(master, number, 'trunk_group_id')).toBe(winner);
    }
  });

  it.each([undefined, null, '', 'abc', 5, {}, ['3f0b9a52-6c1d-4e7f-8a90-5d2c7b1e4f68'], '31415926535897932'])(
    'is refused for the id %j',
    async (id) => {
      const number = await exchange.bought(master);
      expectInvalid(await master.assignTrunk(number, id));
    },
  );

  it('is 404 for a trunk that is not there or another’s', async () => {
    const number = await exchange.bought(master);
    const theirs = await makeTrunk(await exchange.master());
    for (const id of [uuidOfNobody, theirs]) {
      expectFlat(await master.assignTrunk(number, id), 404, 'Trunk not found');
    }
    expect(await fieldOf(master, number, 'trunk_group_id')).toBeUndefined();
  });

  it('is 404 for a number that is not there, in stock, another’s or a sub-account’s', async () => {
    const id = await makeTrunk(master);
    const sub = await exchange.sub(master);
    const theirs = await exchange.bought(await exchange.master());
    const numbers = ['+918099999999', await exchange.stockOne(), theirs, await exchange.given(master, sub)];
    for (const number of numbers) {
      expectFlat(await master.assignTrunk(number, id), 404, 'Number not found');
    }
  });
});

describe('unassigning a trunk', () => {
  it('is 404 when there is none, also the second time', async () => {
    const number = await exchange.bought(master);
    expectShape((await master.unassignTrunk(number)).body, 'flat');
    expect((await master.unassignTrunk(number)).status).toBe(404);
    await master.assignTrunk(number, await makeTrunk(master));
    expectNothing(await master.unassignTrunk(number));
    expect((await master.unassignTrunk(number)).status).toBe(404);
  });

  it('is 404 for a number of nobody or of another, whose trunk stays', async () => {
    const other = await exchange.master();
    const theirs = await exchange.bought(other);
    const id = await makeTrunk(other);
    await other.assignTrunk(theirs, id);
    for (const number of ['+918099999999', theirs]) {
      expectFlat(await master.unassignTrunk(number), 404, 'Number not found');
    }
    expect(await fieldOf(other, theirs, 'trunk_group_id')).toBe(id);
  });
});

describe('trunk and application', () => {
  it('come and go without each other', async () => {
    const number = await exchange.bought(master);
    const [trunk, app] = [await makeTrunk(master), await makeApplication(master)];
    const both = async () => {
      const { body } = await master.number(number);
      return [at(body, 'trunk_group_id'), at(body, 'application_id')];
    };
    await master.assignTrunk(number, trunk);
    await master.attach(number, app);
    expect(await both()).toEqual([trunk, app]);
    await master.unassignTrunk(number);
    expect(await both()).toEqual([undefined, app]);
    await master.assignTrunk(number, trunk);
    await master.detach(number);
    expect(await both()).toEqual([trunk, undefined]);
  });

  it('of a sub-account’s number are the sub-account’s', async () => {
    const sub = await exchange.sub(master);
    const number = await exchange.bought(sub);
    expectFlat(await sub.assignTrunk(number, await makeTrunk(master)), 404, 'Trunk not found');
    const own = await makeTrunk(sub);
    expectNothing(await master.on(sub.id).assignTrunk(number, own));
    expect(await fieldOf(sub, number, 'trunk_group_id')).toBe(own);
  });
});
