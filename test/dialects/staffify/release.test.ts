import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError } from './contract.js';
import {
  allNumbersOf,
  assignedAgent,
  balanceOf,
  numberOf,
  Office,
  statusesOf,
  unassignAgent,
} from './office.js';
import type { Settled } from './office.js';

const daySeconds = 24 * 3600;
const windowSeconds = 7 * daySeconds;
const cycleSeconds = 28 * daySeconds;
let office: Office;
let owner: Settled;

beforeAll(async () => {
  office = await Office.open();
  owner = await office.settled({ balances: { EUR: 50_000 } });
});

afterAll(() => office.close());

const pass = (seconds: number) => office.server.clock.advance(seconds);

describe('releasing', () => {
  it('starts a window of seven days and deletes nothing', async () => {
    const id = await office.owned(owner);
    const answer = expectAnswer(await owner.client.release(id), 'released');
    const reclaim_before = office.instant(windowSeconds);
    expect(answer).toEqual({ pending_release: true, id, reclaim_before });
    expect(await numberOf(owner, id)).toMatchObject({ id, status: 'pending_release', reclaim_before });
  });

  it('gives no money back', async () => {
    const id = await office.owned(owner);
    const before = await balanceOf(owner);
    expectAnswer(await owner.client.release(id), 'released');
    expect(await balanceOf(owner)).toBe(before);
  });

  it('is refused while an agent is assigned, and goes through without one', async () => {
    const id = await office.owned(owner);
    await assignedAgent(owner, id);
    expectError(await owner.client.release(id), 'CONFLICT');
    expect((await numberOf(owner, id)).status).toBe('active');
    await unassignAgent(owner, id);
    expectAnswer(await owner.client.release(id), 'released');
  });

  it('is refused a second time, and the window is not made longer', async () => {
    const id = await office.released(owner);
    const { reclaim_before } = await numberOf(owner, id);
    pass(3600);
    expectError(await owner.client.release(id), 'CONFLICT');
    expect((await numberOf(owner, id)).reclaim_before).toBe(reclaim_before);
  });

  it('happens once, however many ask', async () => {
    const id = await office.owned(owner);
    const answers = await Promise.all(Array.from({ length: 5 }, () => owner.client.release(id)));
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409, 409]);
  });

  it('of another’s number finds nothing and changes nothing', async () => {
    const stranger = await office.tenant();
    const id = await office.owned(owner);
    expectError(await stranger.client.release(id), 'NOT_FOUND');
    expect((await numberOf(owner, id)).status).toBe('active');
  });
});

describe('reclaiming', () => {
  it('makes the number active again, with its tags and without an agent', async () => {
    const id = await office.owned(owner);
    await owner.client.tag(id, ['intake', 'nl']);
    await assignedAgent(owner, id);
    await unassignAgent(owner, id);
    const before = await numberOf(owner, id);
    expectAnswer(await owner.client.release(id), 'released');
    const answer = expectAnswer(await owner.client.reclaim(id), 'reclaimed');
    expect(answer).toEqual({ reclaimed: true, id, status: 'active' });
    expect(await numberOf(owner, id)).toEqual(before);
    expect(before.tags).toEqual(['intake', 'nl']);
  });

  it('is refused while the number is active', async () => {
    const id = await office.owned(owner);
    expectError(await owner.client.reclaim(id), 'CONFLICT');
    expectAnswer(await owner.client.release(id), 'released');
    expectAnswer(await owner.client.reclaim(id), 'reclaimed');
    expectError(await owner.client.reclaim(id), 'CONFLICT');
  });

  it('happens once, however many ask', async () => {
    const id = await office.released(owner);
    const answers = await Promise.all(Array.from({ length: 5 }, () => owner.client.reclaim(id)));
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409, 409]);
  });

  it('may be followed by another release, with a window of its own', async () => {
    const id = await office.released(owner);
    pass(daySeconds);
    expectAnswer(await owner.client.reclaim(id), 'reclaimed');
    pass(daySeconds);
    const again = expectAnswer(await owner.client.release(id), 'released');
    expect(again.reclaim_before).toBe(office.instant(windowSeconds));
  });

  it('works up to the last second of the window', async () => {
    const id = await office.released(owner);
    pass(windowSeconds - 1);
    expect((await numberOf(owner, id)).status).toBe('pending_release');
    expectAnswer(await owner.client.reclaim(id), 'reclaimed');
  });

  it('is too late from the second at which the window ends: the number is nobody’s', async () => {
    const id = await office.released(owner);
    pass(windowSeconds);
    expectError(await owner.client.reclaim(id), 'NOT_FOUND');
    expectError(await owner.client.number(id), 'NOT_FOUND');
    expectError(await owner.client.tag(id, ['late']), 'NOT_FOUND');
    expectError(await owner.client.assign(id, 1), 'NOT_FOUND');
    expectError(await owner.client.unassign(id), 'NOT_FOUND');
    expectError(await owner.client.release(id), 'NOT_FOUND');
    expect((await allNumbersOf(owner)).map((number) => number.id)).not.toContain(id);
  });

  it('of another’s number finds nothing and changes nothing', async () => {
    const stranger = await office.tenant();
    const id = await office.released(owner);
    expectError(await stranger.client.reclaim(id), 'NOT_FOUND');
    expect((await numberOf(owner, id)).status).toBe('pending_release');
  });
});

describe('the money of a reclaim', () => {
  /** A number released 27 days into its first cycle, by a tenant who has so many cents left. */
  async function releasedLate(leftMinor: number): Promise<{ tenant: Settled; id: number }> {
    const tenant = await office.settled({ balances: { EUR: 500 + leftMinor } });
    const id = await office.owned(tenant);
    pass(cycleSeconds - daySeconds);
    expectAnswer(await tenant.client.release(id), 'released');
    return { tenant, id };
  }

  it('is nothing up to the last second of the paid cycle', async () => {
    const { tenant, id } = await releasedLate(1_000);
    pass(daySeconds - 1);
    expectAnswer(await tenant.client.reclaim(id), 'reclaimed');
    expect(await balanceOf(tenant)).toBe(10);
  });

  it('is the next cycle once that is due', async () => {
    const { tenant, id } = await releasedLate(1_000);
    pass(daySeconds);
    expect(await balanceOf(tenant)).toBe(10);
    expectAnswer(await tenant.client.reclaim(id), 'reclaimed');
    expect(await balanceOf(tenant)).toBe(5);
  });

  it('must be there: without it the number stays released, and comes back after a top-up', async () => {
    for (const leftMinor of [499, 0]) {
      const { tenant, id } = await releasedLate(leftMinor);
      pass(2 * daySeconds);
      expectError(await tenant.client.reclaim(id), 'INSUFFICIENT_CREDITS');
      expect((await numberOf(tenant, id)).status).toBe('pending_release');
      expect(await balanceOf(tenant)).toBe(leftMinor / 100);
      await office.topUp(tenant, 500);
      expectAnswer(await tenant.client.reclaim(id), 'reclaimed');
      expect(await balanceOf(tenant)).toBe(leftMinor / 100);
    }
  });

  it('is not asked of a paused account while no cycle is due', async () => {
    const { tenant, id } = await releasedLate(0);
    expectAnswer(await tenant.client.reclaim(id), 'reclaimed');
    expect((await numberOf(tenant, id)).status).toBe('active');
    expect(await balanceOf(tenant)).toBe(0);
  });

  it('is charged once, however many ask', async () => {
    const { tenant, id } = await releasedLate(2_000);
    pass(daySeconds);
    const answers = await Promise.all(Array.from({ length: 5 }, () => tenant.client.reclaim(id)));
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409, 409]);
    expect(await balanceOf(tenant)).toBe(15);
  });

  it('is never charged for a number whose window just passes', async () => {
    const { tenant, id } = await releasedLate(1_000);
    pass(windowSeconds);
    expectError(await tenant.client.reclaim(id), 'NOT_FOUND');
    expect(await balanceOf(tenant)).toBe(10);
  });
});
