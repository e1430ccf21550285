import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addCurrency,
  changePriceList,
  createPriceList,
  exportPriceRules,
  getPriceList,
  importPriceRules,
  listPriceRules,
  removePriceRule,
  setAccountPricing,
  setPriceRule,
} from '../../src/core/billing/index.js';
import type { RuleInput } from '../../src/core/billing/index.js';
import { findAccountByPublicId } from '../../src/core/accounts/store.js';
import { checkPurchase } from '../../src/core/sales/index.js';
import { explainPrice, getNumber, offerNumbers, priceNumbers } from '../../src/core/stock/index.js';
import { present } from '../../src/lib/assert.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import type { RootContext } from '../../src/core/context.js';
import { openAddressBed } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { idOf } from '../support/calls.js';
import { buyAll, doDueWork, moveTo } from '../support/due.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let bed: AddressBed;
const numberAt = (place: number): string => `+121255501${String(place + 10)}`;

beforeAll(async () => {
  server = await startTestServer();
  bed = openAddressBed(server);
  await server.addNumbers(Array.from({ length: 40 }, (_, place) => numberAt(place)));
});

afterAll(async () => {
  await bed.close();
  await server.close();
});

const op = () => server.operator();
const scopeOf = ({ country, type, group, prefix }: Record<'country' | 'type' | 'group' | 'prefix', string>) =>
  [country, type, group, prefix].join();
const month = { setupMinor: 0, cycle: 'month' } as const;

function set(list: string, input: Omit<RuleInput, 'setupMinor' | 'cycle'> & Partial<RuleInput>) {
  return setPriceRule({ ctx: op(), input: { list, ...month, ...input } });
}

/** The account as its row says it is. */
async function now({ account }: TestTenant) {
  return present(await findAccountByPublicId(server.sql, account.publicId), 'the account is there');
}

async function tenantOn(list: string, discountBp = 0): Promise<TestTenant> {
  const tenant = await server.createTenant({ balances: { USD: 1_000_000, GBP: 1_000_000 } });
  await setAccountPricing({ ctx: op(), input: { account: tenant.account, list, discountBp } });
  return { ...tenant, account: await now(tenant) };
}

async function ctxOf(tenant: TestTenant): Promise<RootContext> {
  return bed.contextFor(await now(tenant));
}

/** What explain, search, the purchase check and, at last, the purchase say of a number. */
async function everyPrice(tenant: TestTenant, number: string, currency = 'USD') {
  const ctx = await ctxOf(tenant);
  const { account } = tenant;
  const numberId = idOf(number);
  const explained = await explainPrice({ ctx: op(), input: { account, numberId, currency } });
  const found = await getNumber({ ctx, input: { numberId } });
  const searched = (await priceNumbers({ ctx, input: { numbers: [found], currency } })).get(numberId);
  const checked = await checkPurchase({ ctx, input: { numberId, currency } });
  const [rental] = await buyAll(server, tenant, [number], currency);
  const { body } = await ask(server.url, tenant.apiKey, 'GET', `/numex/v1/rentals/${rental}`);
  const { setup_minor, recurring_minor, cycle } = at(body, 'price') as Record<string, unknown>;
  const bought = { currency, setupMinor: setup_minor, recurringMinor: recurring_minor, cycle };
  return { explained, answers: [explained.price, searched, checked.price, bought], rental: String(rental) };
}

describe('a price', () => {
  it('is the same to explain, to search, to the purchase check and to the purchase', async () => {
    await createPriceList({ ctx: op(), input: { name: 'base' } });
    await createPriceList({
      ctx: op(),
      input: { name: 'resale', inherit: { list: 'base', adjustment: { kind: 'percent', percentBp: 1250 } } },
    });
    await set('base', { currency: 'USD', recurringMinor: 301 });
    await set('base', { currency: 'USD', country: 'us', type: 'local', recurringMinor: 203, setupMinor: 99 });
    await set('base', { currency: 'USD', prefix: '+1212555012', recurringMinor: 1001 });
    const tenant = await tenantOn('resale', 333);
    const plain = await everyPrice(tenant, numberAt(0));
    expect(new Set(plain.answers.map((price) => JSON.stringify(price))).size).toBe(1);
    // 203 + 12.5 % = 228.375, so 228; less 3.33 % = 220.41, so 220.
    expect(plain.explained).toMatchObject({
      listed: { recurringMinor: 228 },
      price: { recurringMinor: 220 },
      discountBp: 333,
      source: {
        kind: 'rule',
        rule: { country: 'US', type: 'local', prefix: null },
        steps: [{ list: { name: 'base' } }, { list: { name: 'resale' } }],
      },
    });
    const golden = await everyPrice(tenant, '+12125550120');
    expect(new Set(golden.answers.map((price) => JSON.stringify(price))).size).toBe(1);
    expect(golden.explained).toMatchObject({
      source: { rule: { prefix: '1212555012' } },
      listed: { recurringMinor: 1126 },
    });
  });

  it('is the same to all of them whatever the rules, lists and discount', async () => {
    const { groupId } = await getNumber({ ctx: op(), input: { numberId: idOf(numberAt(20)) } });
    const [own] = await server.sql<
      { id: string }[]
    >`select public_id as id from number_group where id = ${groupId}`;
    const line = fc.record({
      country: fc.constantFrom('', 'US', 'DE'),
      type: fc.constantFrom('', 'local', 'mobile'),
      group: fc.constantFrom('', present(own, 'the group of the number').id),
      prefix: fc.constantFrom('', '1', '1212', '121255501', '12125550132', '49'),
      cents: fc.integer({ min: 0, max: 99_999 }),
    });
    const lines = fc.uniqueArray(line, {
      maxLength: 12,
      selector: scopeOf,
    });
    const csvOf = (
      rows: readonly { country: string; type: string; group: string; prefix: string; cents: number }[],
    ) =>
      rows
        .filter(({ country, type, group }) => group === '' || (country !== 'DE' && type !== 'mobile'))
        .map((r) => `USD,${r.country},${r.type},${r.group},${r.prefix},${(r.cents / 100).toFixed(2)},month\n`)
        .join('');
    const header = 'currency,country,type,group,prefix,recurring,cycle\n';
    let run = 0;
    const percents = fc.integer({ min: -5000, max: 20_000 });
    const discounts = fc.integer({ min: 0, max: 10_000 });
    const property = fc.asyncProperty(
      lines,
      lines,
      percents,
      discounts,
      async (above, below, percentBp, discountBp) => {
        run += 1;
        const [parent, list] = [`above ${run}`, `below ${run}`];
        const adjustment = { kind: 'percent', percentBp } as const;
        await createPriceList({ ctx: op(), input: { name: parent } });
        await createPriceList({ ctx: op(), input: { name: list, inherit: { list: parent, adjustment } } });
        for (const [name, rows] of [
          [parent, [{ country: '', type: '', group: '', prefix: '', cents: 100 }, ...above]],
          [list, below],
        ] as const) {
          const unique = rows.filter(
            (row, place) => rows.findIndex((other) => scopeOf(other) === scopeOf(row)) === place,
          );
          const input = { list: name, csv: header + csvOf(unique), dryRun: false, removeAbsent: true };
          await importPriceRules({ ctx: op(), input });
        }
        const { answers } = await everyPrice(await tenantOn(list, discountBp), numberAt(19 + run));
        expect(new Set(answers.map((price) => JSON.stringify(price))).size).toBe(1);
        expect(answers[0]).not.toBeNull();
      },
    );
    // A failure is told with the rules as they are: each try takes a number.
    await fc.assert(property, { numRuns: 10, endOnFailure: true });
  });

  it('of the number itself beats every rule, and the discount comes off it', async () => {
    const number = numberAt(1);
    await server.sql`
      insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
      values (${idOf(number)}, 'USD', 500, 900, '28d')`;
    await server.sql`update number set has_own_price = true where id = ${idOf(number)}`;
    const tenant = await tenantOn('base', 1000);
    const offered = await offerNumbers({
      ctx: await ctxOf(tenant),
      input: { numbers: [await getNumber({ ctx: op(), input: { numberId: idOf(number) } })] },
    });
    const { answers, explained } = await everyPrice(tenant, number);
    for (const price of [...answers, offered.get(idOf(number))]) {
      expect(price).toEqual({ currency: 'USD', setupMinor: 450, recurringMinor: 810, cycle: '28d' });
    }
    expect(explained.source).toEqual({ kind: 'number' });
  });

  it('that is planned holds from its instant, and the past keeps its own', async () => {
    await createPriceList({ ctx: op(), input: { name: 'dated' } });
    await set('dated', { currency: 'USD', recurringMinor: 100 });
    const start = server.clock.now();
    const later = new Date(start.getTime() + 3_600_000);
    await set('dated', { currency: 'USD', recurringMinor: 150, validFrom: later });
    const tenant = await tenantOn('dated');
    const price = async (number: string) =>
      (await everyPrice(tenant, number)).explained.price?.recurringMinor;
    expect(await price(numberAt(2))).toBe(100);
    server.clock.advance(3600);
    expect(await price(numberAt(3))).toBe(150);
    server.clock.advance(60);
    const [first] = await listPriceRules({ ctx: op(), input: { list: 'dated', afterId: 0, limit: 10 } });
    await removePriceRule({
      ctx: op(),
      input: { list: 'dated', ruleId: present(first, 'the first rule').id },
    });
    const explain = async (at?: Date) =>
      explainPrice({ ctx: op(), input: { account: tenant.account, numberId: idOf(numberAt(4)), at } });
    expect((await explain()).price).toBeNull();
    expect((await explain(start)).price?.recurringMinor).toBe(100);
    expect((await explain(later)).price?.recurringMinor).toBe(150);
    expect(
      (
        await listPriceRules({ ctx: op(), input: { list: 'dated', afterId: 0, limit: 10, history: true } })
      ).map(({ state }) => state),
    ).toEqual(['ended', 'ended']);
    await expect(
      set('dated', { currency: 'USD', recurringMinor: 1, validFrom: start }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('never changes under a rental, whatever becomes of lists, rules and the account', async () => {
    await createPriceList({ ctx: op(), input: { name: 'fleeting', cloneOf: 'base' } });
    const tenant = await tenantOn('fleeting');
    const [rental] = await buyAll(server, tenant, [numberAt(5)], 'USD');
    const rentalOf = async () =>
      (await ask(server.url, tenant.apiKey, 'GET', `/numex/v1/rentals/${rental}`)).body;
    const before = at(await rentalOf(), 'price');
    await set('fleeting', { currency: 'USD', country: 'US', type: 'local', recurringMinor: 99_999 });
    await setAccountPricing({
      ctx: op(),
      input: { account: tenant.account, list: 'base', discountBp: 5000 },
    });
    await changePriceList({
      ctx: op(),
      input: { list: 'base', inherit: { list: 'standard', adjustment: { kind: 'percent', percentBp: 500 } } },
    });
    moveTo(server, '2026-04-10T00:00:00Z');
    await doDueWork(server);
    expect(at(await rentalOf(), 'price')).toEqual(before);
    const charges = await server.sql<{ amount: number }[]>`
      select t.amount_minor as amount from transfer t join wallet w on w.id = t.debit_wallet_id
      where w.account_id = ${tenant.account.id} order by t.id`;
    expect(charges.map(({ amount }) => amount)).toEqual([203 + 99, 203]);
    expect((await verifyBooks({ ctx: op() })).ok).toBe(true);
  });
});

describe('a price list', () => {
  it('cannot inherit from itself, by whatever way', async () => {
    const inherit = (list: string) => ({ list, adjustment: { kind: 'percent', percentBp: 0 } }) as const;
    await createPriceList({ ctx: op(), input: { name: 'top' } });
    await createPriceList({ ctx: op(), input: { name: 'middle', inherit: inherit('top') } });
    await createPriceList({ ctx: op(), input: { name: 'bottom', inherit: inherit('middle') } });
    for (const list of ['top', 'middle', 'bottom']) {
      await expect(
        changePriceList({ ctx: op(), input: { list: 'top', inherit: inherit(list) } }),
      ).rejects.toMatchObject({ details: { field: 'inherit' } });
    }
    const loops = await Promise.allSettled([
      changePriceList({ ctx: op(), input: { list: 'base', inherit: inherit('bottom') } }),
      changePriceList({ ctx: op(), input: { list: 'top', inherit: inherit('base') } }),
    ]);
    expect(loops.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await changePriceList({ ctx: op(), input: { list: 'base', inherit: null } });
  });

  it('and what it is made from go their own ways after a copy', async () => {
    await createPriceList({ ctx: op(), input: { name: 'copy', cloneOf: 'base' } });
    const before = await exportPriceRules({ ctx: op(), input: { list: 'base' } });
    expect(await exportPriceRules({ ctx: op(), input: { list: 'copy' } })).toBe(before);
    await set('copy', { currency: 'USD', recurringMinor: 1 });
    expect(await exportPriceRules({ ctx: op(), input: { list: 'base' } })).toBe(before);
  });

  it('takes a CSV whole or not at all, and a dry run changes nothing', async () => {
    const list = 'copy';
    const run = (csv: string, dryRun = false, removeAbsent = false) =>
      importPriceRules({ ctx: op(), input: { list, csv, dryRun, removeAbsent } });
    const before = await exportPriceRules({ ctx: op(), input: { list } });
    expect(await run(before, false, true)).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 3 });
    const csv = 'currency;country;setup;recurring;cycle\nUSD;;0;2.50;month\nGBP;GB;1;2;28d\n';
    const planned = await run(csv, true, true);
    expect(planned).toMatchObject({ dryRun: true, added: 1, changed: 1, removed: 2, unchanged: 0 });
    expect(await exportPriceRules({ ctx: op(), input: { list } })).toBe(before);
    await expect(run(`${csv}XXQ;;0;1;month\nUSD;ZQ;0;1;month\nGBP;GB;1;3;28d\n`)).rejects.toMatchObject({
      details: { field: 'line 4', others: [{ field: 'line 5' }, { field: 'line 6' }] },
    });
    expect(await exportPriceRules({ ctx: op(), input: { list } })).toBe(before);
    expect(await run(csv, false, true)).toEqual({ ...planned, dryRun: false });
    expect(await run(csv, false, true)).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 2 });
    const audit = await server.sql<{ action: string }[]>`
      select action from audit_entry where details->>'list' = ${list} and action like 'price_rule.%'`;
    expect(audit.map(({ action }) => action).sort()).toEqual([
      'price_rule.remove',
      'price_rule.remove',
      'price_rule.set',
      'price_rule.set',
      'price_rule.set',
    ]);
  });

  it('sells in another currency by one command', async () => {
    const tenant = await tenantOn('base');
    const numberId = idOf(numberAt(6));
    const explain = () =>
      explainPrice({ ctx: op(), input: { account: tenant.account, numberId, currency: 'JPY' } });
    expect((await explain()).price).toBeNull();
    const input = { list: 'base', currency: 'JPY', from: 'USD', rate: '151.5', dryRun: false };
    expect(await addCurrency({ ctx: op(), input })).toMatchObject({ added: 3, changed: 0 });
    // 2.03 USD at 151.5 are 307.545 yen, and 0.99 USD are 149.985.
    expect((await explain()).price).toMatchObject({ setupMinor: 150, recurringMinor: 308 });
    expect(await addCurrency({ ctx: op(), input })).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    expect((await getPriceList({ ctx: op(), input: { list: 'base' } })).currencies).toEqual(['JPY', 'USD']);
  });
});

describe('an account', () => {
  it('hands its list and discount down to its sub-accounts, those that come later too', async () => {
    const parent = await server.createTenant({ balances: { USD: 0 } });
    const early = await server.createTenant({ parent: parent.account.publicId });
    await setAccountPricing({ ctx: op(), input: { account: parent.account, list: 'base', discountBp: 700 } });
    const late = await server.createTenant({ parent: parent.account.publicId });
    for (const tenant of [parent, early, late]) {
      expect(await now(tenant)).toMatchObject({ priceDiscountBp: 700, priceListId: 2 });
    }
  });

  it('cannot change a price with a key of its own', async () => {
    const tenant = await server.createTenant();
    const ctx = bed.contextFor(tenant.account);
    const input = { list: 'base', currency: 'USD', recurringMinor: 0, ...month };
    await expect(setPriceRule({ ctx, input })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      setAccountPricing({ ctx, input: { account: tenant.account, discountBp: 10_000 } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(createPriceList({ ctx, input: { name: 'mine' } })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      explainPrice({ ctx, input: { account: tenant.account, numberId: 1 } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
