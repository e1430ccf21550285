import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRequirementMet, strictRequirement } from '../../src/core/compliance/index.js';
import type { AddressFacts, Requirement } from '../../src/core/compliance/index.js';
import type { Account } from '../../src/core/context.js';
import { buyNumber, buyNumbers, checkPurchase, reserveNumber } from '../../src/core/sales/index.js';
import { checkAddress, decideAddress, getRental, releaseNumber } from '../../src/core/rentals/index.js';
import type { BoughtLine } from '../../src/core/sales/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { openAddressBed } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let bed: AddressBed;

beforeAll(async () => {
  server = await startTestServer();
  bed = openAddressBed(server);
  await fillShelves();
});

afterAll(async () => {
  const { checks } = await verifyBooks({ ctx: server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  await bed.close();
  await server.close();
});

const tenant = async (balances: Record<string, number> = { EUR: 1_000_000 }): Promise<Account> =>
  (await server.createTenant({ balances })).account;

const shelves = { '4930': 100, '4989': 20, '3120': 5, '1213': 40 } as const;
const unused = new Map<string, number[]>();

async function fillShelves(): Promise<void> {
  for (const [prefix, count] of Object.entries(shelves)) {
    const first = Number(prefix.padEnd(11, '5').replace(/5{4}$/, '1000'));
    unused.set(
      prefix,
      Array.from({ length: count }, (_, n) => first + n),
    );
  }
  await server.addNumbers([...unused.values()].flat().map((digits) => `+${digits}`));
}

/** Row ids of numbers in stock that no other test uses. */
function stock(prefix: keyof typeof shelves, count = 1): number[] {
  const taken = unused.get(prefix)?.splice(0, count) ?? [];
  expect(taken).toHaveLength(count);
  return taken;
}

async function buy(
  account: Account,
  numberId: number,
  how: { addressId?: number; unmet?: 'refuse' | 'await' } = {},
): Promise<BoughtLine> {
  return buyNumber({
    ctx: bed.contextFor(account),
    input: { line: { numberId }, unmetRequirements: how.unmet ?? 'refuse', addressId: how.addressId },
  });
}

async function rentalOf(account: Account, { rentalId }: BoughtLine) {
  const { state } = await getRental({ ctx: bed.contextFor(account), input: { rentalId } });
  const [row] = await server.sql<{ addressId: number | null }[]>`
    select address_id as "addressId" from rental where id = ${rentalId}`;
  return { state, addressId: row?.addressId };
}

describe('a requirement', () => {
  const german: Requirement = strictRequirement('DE', 'local');
  const address: AddressFacts = {
    ...{ id: 1, accountId: 1, status: 'verified', country: 'DE', cityCode: '030' },
    ...{ callingCode: '49', localPresence: true },
  };
  const berlinNumber = 493012345678;
  const munichNumber = 498912345678;

  it.each<[string, boolean, Requirement, Partial<AddressFacts> | undefined, number]>([
    [
      'no registration needed, no address',
      true,
      { ...german, needsRegistration: false },
      undefined,
      munichNumber,
    ],
    ['no address', false, german, undefined, berlinNumber],
    ['the city code begins the number', true, german, {}, berlinNumber],
    ['partially verified', true, german, { status: 'partially_verified' }, berlinNumber],
    ['pending', false, german, { status: 'pending' }, berlinNumber],
    ['rejected', false, german, { status: 'rejected' }, berlinNumber],
    ['expired', false, german, { status: 'expired' }, berlinNumber],
    ['another city', false, german, {}, munichNumber],
    ['the code without its zero', true, german, { cityCode: '30' }, berlinNumber],
    ['no city code', false, german, { cityCode: null }, berlinNumber],
    ['nothing but zeros', false, german, { cityCode: '00' }, berlinNumber],
    ['another country', false, german, { country: 'AT' }, berlinNumber],
    ['no local presence, another city', true, german, { localPresence: false }, munichNumber],
    [
      'no local presence, another country',
      false,
      german,
      { localPresence: false, country: 'AT' },
      berlinNumber,
    ],
    ['a mobile number of another city', true, { ...german, type: 'mobile' }, {}, munichNumber],
    ['country scope, another city', true, { ...german, addressScope: 'country' }, {}, munichNumber],
    [
      'country scope, another country',
      false,
      { ...german, addressScope: 'country' },
      { country: 'AT' },
      munichNumber,
    ],
    [
      'anywhere, another country',
      true,
      { ...german, addressScope: 'world_wide' },
      { country: 'AT' },
      munichNumber,
    ],
    ['no scope, another country', true, { ...german, addressScope: null }, { country: 'AT' }, munichNumber],
    [
      'anywhere, pending',
      false,
      { ...german, addressScope: 'world_wide' },
      { status: 'pending' },
      munichNumber,
    ],
  ])('with %s: met is %s', (_case, met, requirement, change, number) => {
    expect(isRequirementMet(requirement, change && { ...address, ...change }, number)).toBe(met);
  });
});

describe('a purchase', () => {
  it('is registered with the address it names', async () => {
    const account = await tenant();
    const { id } = await bed.decided(account, 'approve');
    const [number = 0] = stock('4930');
    const bought = await buy(account, number, { addressId: id });
    expect(bought.state).toBe('active');
    expect(await rentalOf(account, bought)).toEqual({ state: 'active', addressId: id });
  });

  it('finds the address that fits by itself', async () => {
    const account = await tenant();
    await bed.decided(account, 'approve', { cityCode: '089' });
    const fitting = await bed.decided(account, 'partial');
    await bed.decided(account, 'approve', { country: 'NL' });
    const [number = 0] = stock('4930');
    expect(await rentalOf(account, await buy(account, number))).toEqual({
      state: 'active',
      addressId: fitting.id,
    });
  });

  it('of any number of a group is registered as well', async () => {
    const account = await tenant();
    const { id } = await bed.decided(account, 'approve', { country: 'NL', cityCode: undefined });
    const [number = 0] = stock('3120');
    const [row] = await server.sql<{ groupId: number }[]>`
      select group_id as "groupId" from number where id = ${number}`;
    const line = { groupId: row?.groupId ?? 0 };
    const bought = await buyNumber({
      ctx: bed.contextFor(account),
      input: { line, unmetRequirements: 'refuse' },
    });
    expect(await rentalOf(account, bought)).toEqual({ state: 'active', addressId: id });
  });

  it('without an address that fits is refused, or waits, as the buyer asked', async () => {
    const account = await tenant();
    await bed.decided(account, 'approve', { cityCode: '089' });
    await bed.submitted(account);
    await bed.decided(account, 'reject');
    const [number = 0] = stock('4930');
    await expect(buy(account, number)).rejects.toMatchObject({ code: 'requirements_unmet' });
    const waiting = await buy(account, number, { unmet: 'await' });
    expect(waiting.state).toBe('awaiting_registration');
    expect(await rentalOf(account, waiting)).toEqual({ state: 'awaiting_registration', addressId: null });
  });

  it('does not look for another address when it names one that does not fit', async () => {
    const account = await tenant();
    await bed.decided(account, 'approve');
    const munich = await bed.decided(account, 'approve', { cityCode: '089' });
    const [number = 0] = stock('4930');
    await expect(buy(account, number, { addressId: munich.id })).rejects.toMatchObject({
      code: 'requirements_unmet',
    });
  });

  it('with an address that is not usable is refused for that, whatever the number needs', async () => {
    const account = await tenant();
    const [german = 0] = stock('4930');
    const [american = 0] = stock('1213');
    const draft = await bed.draft(account);
    const pending = await bed.submitted(account);
    for (const [numberId, address] of [
      [german, draft],
      [german, pending],
      [american, pending],
    ] as const) {
      await expect(buy(account, numberId, { addressId: address.id, unmet: 'await' })).rejects.toMatchObject({
        code: 'wrong_state',
        details: { kind: 'address', state: address.status },
      });
    }
  });

  it('with somebody else’s address, or one that is not there, does not find it', async () => {
    const account = await tenant();
    const { id } = await bed.decided(await tenant(), 'approve');
    const [number = 0] = stock('4930');
    for (const addressId of [id, 999_999]) {
      await expect(buy(account, number, { addressId })).rejects.toMatchObject({
        code: 'not_found',
        details: { kind: 'address' },
      });
    }
    // Nor does it use one that it was not given.
    await expect(buy(account, number)).rejects.toMatchObject({ code: 'requirements_unmet' });
  });

  it('of a sub-account is not registered with its parent’s address', async () => {
    const parent = (await server.createTenant({ balances: { EUR: 100_000 } })).account;
    const sub = (await server.createTenant({ parent: parent.publicId, balances: {} })).account;
    await bed.decided(parent, 'approve');
    const [number = 0] = stock('4930');
    await expect(buy(sub, number)).rejects.toMatchObject({ code: 'requirements_unmet' });
  });

  it('of a number that needs no registration asks for no address, and keeps the one it names', async () => {
    const account = await tenant();
    const [one = 0, two = 0] = stock('1213', 2);
    expect(await rentalOf(account, await buy(account, one))).toEqual({ state: 'active', addressId: null });
    const { id } = await bed.decided(account, 'approve');
    expect(await rentalOf(account, await buy(account, two, { addressId: id }))).toEqual({
      state: 'active',
      addressId: id,
    });
  });

  it('of several numbers judges each by itself', async () => {
    const account = await tenant();
    const { id } = await bed.decided(account, 'approve');
    const [berlin = 0] = stock('4930');
    const [munich = 0] = stock('4989');
    const order = await buyNumbers({
      ctx: bed.contextFor(account),
      input: {
        lines: [{ numberId: munich }, { numberId: berlin }],
        mode: 'best_effort',
        unmetRequirements: 'refuse',
        addressId: id,
      },
    });
    expect(order.results).toMatchObject([
      { ok: false, error: { code: 'requirements_unmet' } },
      { ok: true, numberId: berlin, state: 'active' },
    ]);
  });
});

describe('a rental that awaits registration', () => {
  it('becomes active in the moment its account has a fitting address, and no other does', async () => {
    const account = await tenant();
    const other = await tenant();
    const [berlin = 0, foreign = 0] = stock('4930', 2);
    const [munich = 0] = stock('4989');
    const fits = await buy(account, berlin, { unmet: 'await' });
    const elsewhere = await buy(account, munich, { unmet: 'await' });
    const theirs = await buy(other, foreign, { unmet: 'await' });
    const { id } = await bed.decided(account, 'approve');
    expect(await rentalOf(account, fits)).toEqual({ state: 'active', addressId: id });
    expect(await rentalOf(account, elsewhere)).toEqual({ state: 'awaiting_registration', addressId: null });
    expect(await rentalOf(other, theirs)).toEqual({ state: 'awaiting_registration', addressId: null });
    const events = await server.sql`
      select account_id as account, payload from event
      where type = 'number.registered' and subject_kind = 'rental' and subject_id = ${fits.rentalId}`;
    expect([...events]).toEqual([
      { account: account.id, payload: { number: `+${berlin}`, state: 'active', address_id: id } },
    ]);
    const audits = await server.sql`
      select actor from audit_entry where action = 'number.register' and number_id = ${berlin}`;
    expect([...audits]).toEqual([{ actor: 'operator' }]);
  });

  it('becomes active by an automatic decision too', async () => {
    const { account } = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
    await server.addNumbers(['+493099990001'], 'test');
    const waiting = await buy(account, 1e15 + 493099990001, { unmet: 'await' });
    const { id } = await bed.submitted(account);
    await checkAddress({ ctx: bed.contextFor(account), input: { addressId: id } });
    expect(await rentalOf(account, waiting)).toEqual({ state: 'active', addressId: id });
  });

  it('stays as it is when the address is rejected, or the rental is being released', async () => {
    const account = await tenant();
    const [one = 0, two = 0] = stock('4930', 2);
    const waiting = await buy(account, one, { unmet: 'await' });
    await bed.decided(account, 'reject');
    expect((await rentalOf(account, waiting)).state).toBe('awaiting_registration');
    const leaving = await buy(account, two, { unmet: 'await' });
    await releaseNumber({
      ctx: bed.contextFor(account),
      input: { rentalId: leaving.rentalId, leaves: 'after_window', again: 'refuse' },
    });
    await bed.decided(account, 'approve');
    expect((await rentalOf(account, leaving)).state).toBe('pending_release');
    expect((await rentalOf(account, waiting)).state).toBe('active');
  });

  it('is found by a later look at a verified address, when its country asks for less by then', async () => {
    const account = await tenant();
    const [munich = 0] = stock('4989');
    const { id } = await bed.decided(account, 'approve');
    const waiting = await buy(account, munich, { unmet: 'await' });
    await server.sql`update country set local_presence = false where code = 'DE'`;
    await checkAddress({ ctx: bed.contextFor(account), input: { addressId: id } });
    await server.sql`update country set local_presence = true where code = 'DE'`;
    expect(await rentalOf(account, waiting)).toEqual({ state: 'active', addressId: id });
  });

  it('is never left behind when purchases and the decision race', async () => {
    for (let round = 0; round < 8; round++) {
      const account = await tenant();
      const numbers = stock('4930', 6);
      const { id } = await bed.submitted(account);
      const [, ...bought] = await Promise.all([
        decideAddress({ ctx: bed.operator(), input: { addressId: id, decision: 'approve' } }),
        ...numbers.map((numberId) => buy(account, numberId, { unmet: 'await' })),
      ]);
      for (const line of bought) {
        expect(await rentalOf(account, line)).toEqual({ state: 'active', addressId: id });
      }
    }
  });

  it('and its release that race with the decision end in one order or the other', async () => {
    for (let round = 0; round < 8; round++) {
      const account = await tenant();
      const [number = 0] = stock('4930');
      const { rentalId } = await buy(account, number, { unmet: 'await' });
      const { id } = await bed.submitted(account);
      await Promise.all([
        decideAddress({ ctx: bed.operator(), input: { addressId: id, decision: 'approve' } }),
        releaseNumber({
          ctx: bed.contextFor(account),
          input: { rentalId, leaves: 'after_window', again: 'refuse' },
        }),
      ]);
      const [row] = await server.sql<{ state: string; before: string; registered: boolean }[]>`
        select state, state_before_release as before,
               exists (select 1 from event where type = 'number.registered' and subject_id = rental.id
                         and subject_kind = 'rental') as registered
        from rental where id = ${rentalId}`;
      expect(row?.state).toBe('pending_release');
      expect(row?.before).toBe(row?.registered ? 'active' : 'awaiting_registration');
    }
  });
});

describe('a check before the purchase', () => {
  const check = (account: Account, numberId: number, how: { addressId?: number; currency?: string } = {}) =>
    checkPurchase({ ctx: bed.contextFor(account), input: { numberId, ...how } });
  const codes = (checked: Awaited<ReturnType<typeof check>>) => checked.obstacles.map(({ code }) => code);

  it('finds nothing in the way of a purchase that succeeds, and changes nothing', async () => {
    const account = await tenant();
    const { id } = await bed.decided(account, 'approve');
    const [number = 0] = stock('4930');
    const checked = await check(account, number, { addressId: id });
    expect(checked).toMatchObject({
      numberId: number,
      available: true,
      mayBuy: true,
      price: { currency: 'EUR', recurringMinor: 500 },
      requirement: { country: 'DE', type: 'local', needsRegistration: true },
      requirementMet: true,
      obstacles: [],
    });
    expect(await check(account, number)).toEqual(checked);
    expect((await buy(account, number)).state).toBe('active');
  });

  it('names everything that stands in the way at once', async () => {
    const poor = await tenant({ EUR: 0 });
    const rich = await tenant();
    const [number = 0, taken = 0] = stock('4930', 2);
    await buy(rich, taken, { unmet: 'await' });
    expect(codes(await check(poor, number))).toEqual(['requirements_unmet', 'insufficient_funds']);
    const all = await check(poor, taken);
    expect(codes(all)).toEqual(['number_unavailable', 'requirements_unmet', 'insufficient_funds']);
    expect(all).toMatchObject({ available: false, mayBuy: false, requirementMet: false });
    expect(codes(await check(rich, taken))).toEqual(['already_owned', 'requirements_unmet']);
  });

  it('tells of money that is not there, or of the wrong kind', async () => {
    const account = await tenant({ EUR: 1000, JPY: 1000 });
    const [number = 0] = stock('1213');
    expect(await check(account, number, { currency: 'USD' })).toMatchObject({
      price: null,
      obstacles: [{ code: 'no_wallet', details: { currency: 'USD' } }],
    });
    expect(codes(await check(account, number, { currency: 'JPY' }))).toEqual(['not_offered']);
    expect(codes(await check(account, number, { currency: 'EUR' }))).toEqual([]);
  });

  it('tells of an address that cannot be used', async () => {
    const account = await tenant();
    const pending = await bed.submitted(account);
    const foreign = await bed.decided(await tenant(), 'approve');
    const [german = 0] = stock('4930');
    const [american = 0] = stock('1213');
    expect(codes(await check(account, german, { addressId: pending.id }))).toEqual([
      'wrong_state',
      'requirements_unmet',
    ]);
    expect(codes(await check(account, american, { addressId: foreign.id }))).toEqual(['not_found']);
  });

  it('sees a hold as the one who has it does', async () => {
    const account = await tenant();
    const [number = 0] = stock('1213');
    await reserveNumber({ ctx: bed.contextFor(account), input: { line: { numberId: number } } });
    expect((await check(account, number)).mayBuy).toBe(true);
    expect(codes(await check(await tenant(), number))).toEqual(['number_unavailable']);
  });

  it('does not find a number that is not in stock, nor one of the other environment', async () => {
    const account = await tenant();
    const { account: sandbox } = await server.createTenant({ environment: 'test' });
    const [number = 0] = stock('1213');
    const unknown = [() => check(account, 12135550000), () => check(sandbox, number)];
    for (const attempt of unknown) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found', details: { kind: 'number' } });
    }
  });

  it('waits for nobody who is buying that number', async () => {
    const account = await tenant();
    const [number = 0] = stock('1213');
    await server.sql.begin(async (tx) => {
      await tx`select 1 from number where id = ${number} for update`;
      await tx`select 1 from wallet where account_id = ${account.id} for update`;
      expect((await check(account, number)).mayBuy).toBe(true);
    });
  });
});

it('the judgement of numbers that need no registration reads no address', async () => {
  const account = await tenant();
  await bed.decided(account, 'approve');
  const [number = 0] = stock('1213');
  // Were it read, the purchase would wait for the lock and this test for the purchase.
  await server.sql.begin(async (tx) => {
    await tx`lock table address in access exclusive mode`;
    expect((await buy(account, number)).state).toBe('active');
  });
});
