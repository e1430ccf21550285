import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffifyClient } from './client.js';
import { expectAnswer, expectError } from './contract.js';
import type { Code } from './contract.js';
import { allNumbersOf, balanceOf, Office } from './office.js';
import type { Tenant } from './office.js';

type Body = Readonly<Record<string, unknown>>;

/** A buyer and the addresses that the checks tell apart. */
interface Buyer extends Tenant {
  readonly good: number;
  readonly draft: number;
  readonly dutch: number;
}

/** One thing wrong with a purchase, at the step of the contract's list that finds it. */
interface Fault {
  readonly step: number;
  readonly what: string;
  readonly spoil: (body: Body, buyer: Buyer) => Body;
  readonly needs?: 'poor' | 'unverified';
  readonly code: Code;
  readonly field?: string;
}

let office: Office;
let rich: Buyer;
let poor: Buyer;
/** Owned by somebody else. */
let sold: { readonly german: string; readonly american: string };
/** An address of somebody else. */
let foreign: number;

async function buyerWith(balanceMinor: number): Promise<Buyer> {
  const tenant = await office.tenant({ balances: { EUR: balanceMinor } });
  const berlin = { country_code: 'DE', city_code: '030', city: 'Berlin' };
  return {
    ...tenant,
    good: await office.address(tenant, 'verified', berlin),
    draft: await office.address(tenant, 'draft', berlin),
    dutch: await office.address(tenant, 'verified', { city_code: '030' }),
  };
}

beforeAll(async () => {
  office = await Office.open();
  rich = await buyerWith(5_000);
  poor = await buyerWith(499);
  const other = await buyerWith(5_000);
  foreign = other.good;
  sold = { german: await office.stockOne('berlin'), american: await office.stockOne('losAngeles') };
  const german = { country_code: 'DE', address_id: other.good, city_code: '030' };
  expectAnswer(await other.client.buy({ ...german, phone_number: sold.german }), 'bought');
  expectAnswer(await other.client.buy({ phone_number: sold.american }), 'bought');
});

afterAll(() => office.close());

const withoutKey = (body: Body, key: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));

const malformed: Fault = {
  step: 1,
  what: 'a malformed body',
  spoil: (body) => ({ ...body, number_type: 'fixed' }),
  code: 'VALIDATION_ERROR',
  field: 'number_type',
};

const unsupported: Fault = {
  step: 2,
  what: 'an unsupported country',
  spoil: (body) => ({ ...body, country_code: 'ZZ' }),
  code: 'VALIDATION_ERROR',
  field: 'country_code',
};

const penniless: Fault = {
  step: 6,
  what: 'too little money',
  spoil: (body) => body,
  needs: 'poor',
  code: 'INSUFFICIENT_CREDITS',
};

const ofAddress = (what: string, spoil: Fault['spoil'], code: Code = 'VALIDATION_ERROR'): Fault => ({
  step: 4,
  what,
  spoil,
  code,
  ...(code === 'VALIDATION_ERROR' ? { field: 'address_id' } : {}),
});

const germanFaults: readonly Fault[] = [
  malformed,
  unsupported,
  ofAddress('no address', (body) => withoutKey(body, 'address_id')),
  ofAddress('an address of nobody', (body) => ({ ...body, address_id: 987_654_321 }), 'NOT_FOUND'),
  ofAddress('an address of another', (body) => ({ ...body, address_id: foreign }), 'NOT_FOUND'),
  ofAddress('an address that is not submitted', (body, { draft }) => ({ ...body, address_id: draft })),
  ofAddress('an address elsewhere', (body, { dutch }) => ({ ...body, address_id: dutch })),
  {
    step: 5,
    what: 'no city code',
    spoil: (body) => withoutKey(body, 'city_code'),
    code: 'VALIDATION_ERROR',
    field: 'city_code',
  },
  {
    step: 5,
    what: 'another city code',
    spoil: (body) => ({ ...body, city_code: '040' }),
    code: 'VALIDATION_ERROR',
    field: 'city_code',
  },
  penniless,
  {
    step: 7,
    what: 'a number that is sold',
    spoil: (body) => ({ ...body, phone_number: sold.german }),
    code: 'CONFLICT',
  },
  {
    step: 7,
    what: 'a number that is not in stock',
    spoil: (body) => ({ ...body, phone_number: '+493055987654' }),
    code: 'NOT_FOUND',
  },
];

const americanFaults: readonly Fault[] = [
  malformed,
  unsupported,
  {
    step: 3,
    what: 'no verified address',
    spoil: (body) => body,
    needs: 'unverified',
    code: 'VALIDATION_ERROR',
    field: 'address_id',
  },
  penniless,
  {
    step: 7,
    what: 'a number that is sold',
    spoil: (body) => ({ ...body, phone_number: sold.american }),
    code: 'CONFLICT',
  },
  {
    step: 7,
    what: 'a number that is not in stock',
    spoil: (body) => ({ ...body, phone_number: '+12135559876' }),
    code: 'NOT_FOUND',
  },
];

/** Every fault by itself, and every two that different steps find, the earlier one first. */
function cases(faults: readonly Fault[]): [title: string, earlier: Fault, later: Fault][] {
  return faults.flatMap((earlier) =>
    faults
      .filter((later) => later === earlier || later.step > earlier.step)
      .map((later): [string, Fault, Fault] => {
        const title = later === earlier ? earlier.what : `${earlier.what} before ${later.what}`;
        return [title, earlier, later];
      }),
  );
}

async function expectRefused(client: StaffifyClient, body: Body, fault: Fault): Promise<void> {
  const answer = await client.buy(body);
  expectError(answer, fault.code, ...(fault.field === undefined ? [] : [fault.field]));
}

async function unchanged(tenant: Tenant, work: () => Promise<void>): Promise<void> {
  const before = await balanceOf(tenant);
  await work();
  expect(await balanceOf(tenant)).toBe(before);
  expect(await allNumbersOf(tenant)).toEqual([]);
}

describe('a purchase in Germany is refused for', () => {
  it.each(cases(germanFaults))('%s', async (_title, earlier, later) => {
    const buyer = [earlier, later].some(({ needs }) => needs === 'poor') ? poor : rich;
    const sound = {
      phone_number: await office.stockOne('berlin'),
      country_code: 'DE',
      number_type: 'local',
      address_id: buyer.good,
      city_code: '030',
    };
    const body = earlier.spoil(later.spoil(sound, buyer), buyer);
    await unchanged(buyer, () => expectRefused(buyer.client, body, earlier));
  });
});

describe('a purchase in the United States is refused for', () => {
  let unverified: Record<'rich' | 'poor', Tenant>;

  beforeAll(async () => {
    unverified = {
      rich: await office.tenant(),
      poor: await office.tenant({ balances: { EUR: 499 } }),
    };
    await office.address(unverified.rich, 'pending');
    await office.address(unverified.poor, 'partially_verified');
  });

  it.each(cases(americanFaults))('%s', async (_title, earlier, later) => {
    const needs = [earlier.needs, later.needs];
    const purse = needs.includes('poor') ? 'poor' : 'rich';
    const verified = { rich, poor }[purse];
    const buyer = needs.includes('unverified') ? unverified[purse] : verified;
    const sound = { phone_number: await office.stockOne('losAngeles'), country_code: 'US' };
    const body = earlier.spoil(later.spoil(sound, verified), verified);
    await unchanged(buyer, () => expectRefused(buyer.client, body, earlier));
  });
});

describe('the body of a purchase', () => {
  it.each([
    ['no body', undefined],
    ['no JSON', '{'],
    ['a list', []],
    ['a string', '"+12135550001"'],
    ['null', 'null'],
    ['a number', '1'],
    ['true', 'true'],
  ])('may not be %s', async (_what, body) => {
    expectError(await rich.client.buy(body), 'VALIDATION_ERROR');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an integer', 12135550001],
    ['an object', { $ne: null }],
    ['a list', ['+12135550001']],
    ['empty', ''],
    ['a word', 'hello'],
    ['without a plus sign', '12135550001'],
    ['spaced out', '+1 213 555 0001'],
    ['too short', '+12345'],
    ['too long', '+1234567890123456'],
    ['with a zero in front', '+0123456789'],
    ['with a NUL in it', '+1213555\u00000001'],
    ['with a quote behind it', "+12135550001' or '1'='1"],
    ['in other digits', '+١٢١٣٥٥٥٠٠٠١'],
  ])('has a phone number that may not be %s', async (_what, phone_number) => {
    expectError(await rich.client.buy({ phone_number }), 'VALIDATION_ERROR', 'phone_number');
  });

  it.each([
    ['country_code', 'USA'],
    ['country_code', 'U'],
    ['country_code', ''],
    ['country_code', 31],
    ['country_code', ['NL']],
    ['country_code', 'ZZ'],
    ['country_code', '\u0000\u0000'],
    ['number_type', 'Local'],
    ['number_type', 'tollfree'],
    ['number_type', ''],
    ['number_type', 7],
    ['number_type', {}],
    ['address_id', 'seven'],
    ['address_id', 1.5],
    ['address_id', true],
    ['address_id', [7]],
    ['address_id', { id: 7 }],
    ['city_code', 20],
    ['city_code', ['020']],
    ['city_code', { code: '020' }],
  ])('has a %s that may not be %j', async (field, value) => {
    const number = await office.stockOne('berlin');
    const sound = { country_code: 'DE', address_id: rich.good, city_code: '030' };
    const body = { phone_number: number, ...sound, [field]: value };
    await unchanged(rich, async () => {
      expectError(await rich.client.buy(body), 'VALIDATION_ERROR', field);
    });
  });
});
