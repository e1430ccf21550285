import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectEmpty, expectError } from './contract.js';
import { assignedAgent, makeAgent, numberOf, Office, unassignAgent } from './office.js';
import type { Settled } from './office.js';

let office: Office;
let owner: Settled;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled({ balances: { EUR: 20_000 } });
});

afterAll(() => office.close());

describe('assigning', () => {
  it('gives a number to an agent, by numeric id', async () => {
    const [id, agent] = [await office.owned(owner), await makeAgent(owner, 'Reception')];
    const answer = await owner.client.assign(id, agent.id);
    expect(expectAnswer(answer, 'assigned')).toEqual({
      success: true,
      phone_number_id: id,
      agent_id: agent.id,
    });
    expect(await numberOf(owner, id)).toMatchObject({ agent_id: agent.id, agent_name: 'Reception' });
  });

  it('takes the public id as well, and answers the numeric one', async () => {
    const [id, agent] = [await office.owned(owner), await makeAgent(owner)];
    const answer = await owner.client.assign(id, agent.public_id);
    expect(expectAnswer(answer, 'assigned').agent_id).toBe(agent.id);
    expect((await numberOf(owner, id)).agent_id).toBe(agent.id);
  });

  it('replaces an agent without asking, and repeats without change', async () => {
    const id = await office.owned(owner);
    const first = await assignedAgent(owner, id);
    expectAnswer(await owner.client.assign(id, first.id), 'assigned');
    const second = await makeAgent(owner, 'Night Desk');
    expectAnswer(await owner.client.assign(id, second.id), 'assigned');
    expect(await numberOf(owner, id)).toMatchObject({ agent_id: second.id, agent_name: 'Night Desk' });
  });

  it('may give one agent several numbers', async () => {
    const [one = 0, two = 0] = await office.ownedMany(owner, 2);
    const agent = await assignedAgent(owner, one);
    expectAnswer(await owner.client.assign(two, agent.id), 'assigned');
    for (const id of [one, two]) expect((await numberOf(owner, id)).agent_id).toBe(agent.id);
  });

  it('costs nothing and leaves the tags alone', async () => {
    const id = await office.owned(owner);
    await owner.client.tag(id, ['vip']);
    const before = await owner.client.get('/credits');
    await assignedAgent(owner, id);
    expect((await numberOf(owner, id)).tags).toEqual(['vip']);
    expect((await owner.client.get('/credits')).body).toEqual(before.body);
  });

  it.each([
    ['missing', {}],
    ['null', { agent_id: null }],
    ['true', { agent_id: true }],
    ['a part of a number', { agent_id: 1.5 }],
    ['a list', { agent_id: [1] }],
    ['an object', { agent_id: { id: 1 } }],
    ['an empty string', { agent_id: '' }],
    ['a word', { agent_id: 'reception' }],
    ['a numeral in a string', { agent_id: '1' }],
  ])('is refused when agent_id is %s', async (_what, body) => {
    const id = await office.owned(owner);
    expectError(await owner.client.put(`/phone-numbers/${id}/assign`, body), 'VALIDATION_ERROR', 'agent_id');
    expect((await numberOf(owner, id)).agent_id).toBeNull();
  });

  it.each([undefined, '{', '[]', 'null', '"27"', '27'])('is refused with a body of %s', async (body) => {
    const id = await office.owned(owner);
    expectError(await owner.client.put(`/phone-numbers/${id}/assign`, body), 'VALIDATION_ERROR');
  });

  it('finds no agent that is not there, and keeps the one that is', async () => {
    const id = await office.owned(owner);
    const agent = await assignedAgent(owner, id);
    for (const nobody of [999_999_999, Number.MAX_SAFE_INTEGER, 'agent_zzzzzzzz']) {
      expectError(await owner.client.assign(id, nobody), 'NOT_FOUND');
    }
    expect((await numberOf(owner, id)).agent_id).toBe(agent.id);
  });

  it('finds neither a stranger’s agent nor a stranger’s number', async () => {
    const stranger = await office.settled();
    const theirs = { id: await office.owned(stranger), agent: await makeAgent(stranger) };
    const mine = { id: await office.owned(owner), agent: await makeAgent(owner) };
    expectError(await owner.client.assign(mine.id, theirs.agent.id), 'NOT_FOUND');
    expectError(await owner.client.assign(mine.id, theirs.agent.public_id), 'NOT_FOUND');
    expectError(await owner.client.assign(theirs.id, mine.agent.id), 'NOT_FOUND');
    expectError(await owner.client.assign(theirs.id, theirs.agent.id), 'NOT_FOUND');
    for (const [tenant, { id }] of [
      [owner, mine],
      [stranger, theirs],
    ] as const) {
      expect((await numberOf(tenant, id)).agent_id).toBeNull();
    }
  });

  it('is refused while the number waits for release', async () => {
    const id = await office.released(owner);
    const agent = await makeAgent(owner);
    expectError(await owner.client.assign(id, agent.id), 'CONFLICT');
    expect(await numberOf(owner, id)).toMatchObject({ status: 'pending_release', agent_id: null });
    expectAnswer(await owner.client.reclaim(id), 'reclaimed');
    expectAnswer(await owner.client.assign(id, agent.id), 'assigned');
  });

  it('and releasing at once never leave a released number with an agent', async () => {
    const agent = await makeAgent(owner);
    for (let round = 0; round < 8; round++) {
      const id = await office.owned(owner);
      const [assigned, released] = await Promise.all([
        owner.client.assign(id, agent.id),
        owner.client.release(id),
      ]);
      const wonBy = released.status === 200 ? 'release' : 'assignment';
      const [loser, status] = wonBy === 'release' ? [assigned, 'pending_release'] : [released, 'active'];
      expectError(loser, 'CONFLICT');
      expect((await numberOf(owner, id)).status).toBe(status);
    }
  });
});

describe('unassigning', () => {
  it('leaves the number without an agent, and answers nothing', async () => {
    const id = await office.owned(owner);
    await assignedAgent(owner, id);
    expectEmpty(await owner.client.unassign(id));
    expect(await numberOf(owner, id)).toMatchObject({ agent_id: null, agent_name: null, status: 'active' });
  });

  it('is refused where there is no agent, before and after', async () => {
    const id = await office.owned(owner);
    expectError(await owner.client.unassign(id), 'CONFLICT');
    await assignedAgent(owner, id);
    await unassignAgent(owner, id);
    expectError(await owner.client.unassign(id), 'CONFLICT');
    expectError(await owner.client.unassign(await office.released(owner)), 'CONFLICT');
  });

  it('happens once, however many ask', async () => {
    const id = await office.owned(owner);
    await assignedAgent(owner, id);
    const answers = await Promise.all(Array.from({ length: 5 }, () => owner.client.unassign(id)));
    const [done, ...refused] = [...answers].sort((a, b) => a.status - b.status);
    if (done) expectEmpty(done);
    for (const answer of refused) expectError(answer, 'CONFLICT');
  });
});

describe('an agent', () => {
  it('shows its new name on its numbers at once', async () => {
    const id = await office.owned(owner);
    const agent = await assignedAgent(owner, id);
    expectAnswer(await owner.client.patch(`/agents/${agent.id}`, { name: 'Renamed' }), 'agent');
    expect((await numberOf(owner, id)).agent_name).toBe('Renamed');
  });

  it('that is deleted lets go of all its numbers', async () => {
    const [one = 0, two = 0] = await office.ownedMany(owner, 2);
    const agent = await assignedAgent(owner, one);
    expectAnswer(await owner.client.assign(two, agent.id), 'assigned');
    expect([200, 204]).toContain((await owner.client.delete(`/agents/${agent.id}`)).status);
    for (const id of [one, two]) {
      expect(await numberOf(owner, id)).toMatchObject({ agent_id: null, agent_name: null });
      expectError(await owner.client.assign(id, agent.id), 'NOT_FOUND');
      expectAnswer(await owner.client.release(id), 'released');
    }
  });
});
