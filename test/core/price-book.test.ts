import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceBook, quote } from '../../src/core/billing/index.js';
import type { ListedPrices, PriceAsked, PriceRule } from '../../src/core/billing/index.js';

const root: ListedPrices = { id: 1, name: 'standard', parentId: null, adjustment: null };
const plus: ListedPrices = {
  id: 2,
  name: 'plus ten',
  parentId: 1,
  adjustment: { kind: 'percent', percentBp: 1000 },
};

let nextId = 1;

function rule(fields: Partial<PriceRule>): PriceRule {
  return {
    id: nextId++,
    priceListId: 1,
    currency: 'USD',
    country: null,
    type: null,
    groupId: null,
    prefix: null,
    setupMinor: 0,
    recurringMinor: 100,
    cycle: 'month',
    validFrom: new Date(0),
    endedAt: null,
    ...fields,
  };
}

const asked: PriceAsked = {
  currency: 'USD',
  country: 'US',
  type: 'local',
  groupId: 7,
  digits: '12125550100',
  at: new Date('2026-03-04T09:30:00Z'),
};

function priced(book: PriceBook, fields: Partial<PriceAsked> = {}, discountBp = 0) {
  return quote({ asked: { ...asked, ...fields }, own: undefined, book, discountBp });
}

/** The page's words, read independently of the code: rules compared one by one. */
function bestByThePage(
  rules: readonly PriceRule[],
  { currency, country, type, groupId, digits, at }: PriceAsked,
) {
  const fits = rules.filter(
    (r) =>
      r.currency === currency &&
      (r.country === null || r.country === country) &&
      (r.type === null || r.type === type) &&
      (r.groupId === null || r.groupId === groupId) &&
      (r.prefix === null || digits.startsWith(r.prefix)) &&
      r.validFrom <= at &&
      (r.endedAt === null || r.endedAt > at),
  );
  const rank = (r: PriceRule) => [
    r.prefix?.length ?? 0,
    Number(r.groupId !== null),
    Number(r.country !== null),
    Number(r.type !== null),
    r.validFrom.getTime(),
  ];
  return fits.sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    const place = one.findIndex((value, index) => value !== other[index]);
    return place < 0 ? 0 : (other[place] ?? 0) - (one[place] ?? 0);
  })[0];
}

const instants = [0, 1, 2, 3].map((day) => new Date(Date.UTC(2026, 2, 3 + day)));
const ruleArbitrary = fc
  .record({
    currency: fc.constantFrom('USD', 'EUR'),
    country: fc.constantFrom(null, 'US', 'DE'),
    type: fc.constantFrom(null, 'local' as const, 'mobile' as const),
    groupId: fc.constantFrom(null, 7, 8),
    prefix: fc.constantFrom(null, '1', '1212', '12125550', '12125550100', '49'),
    validFrom: fc.constantFrom(new Date(0), ...instants),
    lasts: fc.constantFrom(null, 0, 1, 2),
    recurringMinor: fc.integer({ min: 0, max: 9999 }),
  })
  .map(({ lasts, ...fields }) =>
    rule({
      ...fields,
      endedAt: lasts === null ? null : new Date(fields.validFrom.getTime() + lasts * 86_400_000),
    }),
  );
const askedArbitrary = fc.record({
  currency: fc.constantFrom('USD', 'EUR'),
  country: fc.constantFrom('US', 'DE'),
  type: fc.constantFrom('local' as const, 'mobile' as const),
  groupId: fc.constantFrom(7, 8),
  digits: fc.constantFrom('12125550100', '12125559999', '13105550100', '1', '4930123456'),
  at: fc.constantFrom(...instants, new Date(Date.UTC(2026, 2, 4) - 1)),
});

describe('the rule that decides', () => {
  it('is the most specific one in force, and the newest of its scope, whatever the rules', () => {
    fc.assert(
      fc.property(fc.array(ruleArbitrary, { maxLength: 25 }), askedArbitrary, (rules, question) => {
        // The schema allows one rule per scope and start.
        const unique = rules.filter(
          (one, index) =>
            rules.findIndex(
              (other) =>
                [other.currency, other.country, other.type, other.groupId, other.prefix].join() ===
                  [one.currency, one.country, one.type, one.groupId, one.prefix].join() &&
                other.validFrom.getTime() === one.validFrom.getTime(),
            ) === index,
        );
        const source = priced(new PriceBook([root], unique), question)?.source;
        const found = source?.kind === 'list' ? source.rule.id : undefined;
        expect(found).toBe(bestByThePage(unique, question)?.id);
      }),
      { numRuns: 1000 },
    );
  });

  it('is of the nearest list that has one, however general, and is changed by each list below it', () => {
    const special = rule({ groupId: 7, prefix: '1212', setupMinor: 5, recurringMinor: 205 });
    expect(priced(new PriceBook([plus, root], [special]))?.price).toMatchObject({
      setupMinor: 6, // 5.5
      recurringMinor: 226, // 225.5
    });
    const own = rule({ priceListId: 2, recurringMinor: 777 });
    const found = priced(new PriceBook([plus, root], [special, own]));
    expect(found?.price.recurringMinor).toBe(777);
  });
});

describe('amounts', () => {
  it('round half up at each step, and a discount comes last', () => {
    const book = new PriceBook([plus, root], [rule({ recurringMinor: 115 })]);
    // 115 + 10 % = 126.5, so 127; less 2.5 % = 123.825, so 124.
    expect(priced(book)?.price.recurringMinor).toBe(127);
    expect(priced(book, {}, 250)).toMatchObject({
      listed: { recurringMinor: 127 },
      price: { recurringMinor: 124 },
    });
    expect(priced(book, {}, 10_000)?.price.recurringMinor).toBe(0);
  });

  it('of an inheritance are for prices of their currency alone, and never make a price negative', () => {
    const list: ListedPrices = {
      ...plus,
      adjustment: { kind: 'amount', currency: 'USD', setupMinor: 50, recurringMinor: -200 },
    };
    const rules = [rule({ recurringMinor: 150 }), rule({ currency: 'EUR' })];
    const book = new PriceBook([list, root], rules);
    expect(priced(book)?.price).toMatchObject({ setupMinor: 50, recurringMinor: 0 });
    expect(priced(book, { currency: 'EUR' })).toBeUndefined();
  });
});
