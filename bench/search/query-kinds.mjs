import { planStock } from './load.mjs';

/**
 * What is measured. Places are drawn by their stock, as buyers would; digits uniformly. The kinds that begin with "hard"
 * are made to hurt: runs that every number of an area has, that none has, tiny countries, features nobody has.
 */

const blocks = planStock(1).filter((block) => block.count > 0);
const cumulative = [];
for (const block of blocks) cumulative.push((cumulative.at(-1) ?? 0) + block.count);

function pickBlock(random, wanted = () => true) {
  for (;;) {
    const at = random() * cumulative.at(-1);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > at) high = middle;
      else low = middle + 1;
    }
    if (wanted(blocks[low])) return blocks[low];
  }
}

const pick = (random, list) => list[Math.floor(random() * list.length)];
const digits = (random, count) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
const typeWords = { l: 'local', m: 'mobile', t: 'tollfree', n: 'national' };
const environment = 'live';
const withRegion = (block) => block.regionId !== null;
const withCity = (block) => block.cityId !== null;

/** A number as it might be in stock: a block's prefix and any digits behind it. */
const numberOf = (random, block) => block.prefix + digits(random, block.free);

/** Keeps `kept` digits of the national number, at any places, and puts `?` for the others. */
function scattered(random, kept) {
  const number = numberOf(
    random,
    pickBlock(random, ({ code }) => code === 'US'),
  );
  const places = new Set();
  while (places.size < kept) places.add(1 + Math.floor(random() * 10));
  return number.replace(/\d/g, (digit, at) => (at === 0 || places.has(at) ? digit : '?'));
}

const contains = (name, country, count) => ({
  name,
  makeFilters: (random) => ({
    environment,
    country: country ?? pickBlock(random).code,
    contains: digits(random, count),
  }),
});

export const queryKinds = [
  { name: 'country', makeFilters: (random) => ({ environment, country: pickBlock(random).code }) },
  {
    name: 'region',
    makeFilters: (random) => ({ environment, regionId: pickBlock(random, withRegion).regionId }),
  },
  { name: 'city', makeFilters: (random) => ({ environment, cityId: pickBlock(random, withCity).cityId }) },
  { name: 'group', makeFilters: (random) => ({ environment, groupId: pickBlock(random).groupId }) },
  {
    name: 'country and type',
    makeFilters: (random) => {
      const { code, type } = pickBlock(random);
      return { environment, country: code, type: typeWords[type] };
    },
  },
  {
    name: 'country and features',
    makeFilters: (random) => ({
      environment,
      country: pickBlock(random).code,
      features: ['voice', 'sms_in'],
    }),
  },
  {
    name: 'prefix of 5',
    makeFilters: (random) => ({ environment, startsWith: numberOf(random, pickBlock(random)).slice(0, 5) }),
  },
  {
    name: 'national prefix of 3',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      startsWith: pickBlock(random, ({ code }) => code === 'US').prefix.slice(1, 4),
    }),
  },
  contains('contains 3, US', 'US', 3),
  contains('contains 4, US', 'US', 4),
  contains('contains 7, US', 'US', 7),
  contains('contains 3, any country', undefined, 3),
  contains('contains 4, any country', undefined, 4),
  contains('contains 7, any country', undefined, 7),
  {
    name: 'contains 7 of a number',
    makeFilters: (random) => {
      const block = pickBlock(random);
      const number = numberOf(random, block);
      return { environment, country: block.code, contains: number.slice(-8, -1) };
    },
  },
  {
    name: 'ends with 4',
    makeFilters: (random) => ({ environment, country: pickBlock(random).code, endsWith: digits(random, 4) }),
  },
  {
    name: 'ends with 2',
    makeFilters: (random) => ({ environment, country: 'US', endsWith: digits(random, 2) }),
  },
  {
    name: 'pattern, 4 places',
    makeFilters: (random) => ({ environment, country: 'US', pattern: scattered(random, 4) }),
  },
  {
    name: 'pattern, 6 places',
    makeFilters: (random) => ({ environment, country: 'US', pattern: scattered(random, 6) }),
  },
  {
    name: 'pattern, area*run',
    makeFilters: (random) => {
      const block = pickBlock(random, ({ code }) => code === 'US');
      return { environment, country: 'US', pattern: `${block.prefix.slice(0, 4)}*${digits(random, 3)}*` };
    },
  },
  {
    name: 'pattern, *run*end',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      pattern: `*${digits(random, 3)}*${digits(random, 2)}`,
    }),
  },
  {
    name: 'phoneword',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      contains: pick(random, ['FLOWERS', 'TAXI', 'PIZZA', 'CAR', 'HOTEL', 'LAWYER', 'HELP', 'CASH']),
    }),
  },
  {
    name: 'city, contains 3',
    makeFilters: (random) => ({
      environment,
      cityId: pickBlock(random, withCity).cityId,
      contains: digits(random, 3),
    }),
  },
  {
    name: 'region, contains 4',
    makeFilters: (random) => ({
      environment,
      regionId: pickBlock(random, withRegion).regionId,
      contains: digits(random, 4),
    }),
  },
  {
    name: 'type, features, contains 3',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      type: 'local',
      features: ['sms_in'],
      contains: digits(random, 3),
    }),
  },
  {
    name: 'country, exclude 3',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      exclude: [0, 1, 2].map(() => pickBlock(random, ({ code }) => code === 'US').prefix.slice(0, 4)),
      contains: digits(random, 4),
    }),
  },
  {
    name: 'hard: everywhere, contains 4',
    makeFilters: (random) => ({ environment, contains: digits(random, 4) }),
  },
  {
    name: 'hard: everywhere, contains 7',
    makeFilters: (random) => ({ environment, contains: digits(random, 7) }),
  },
  {
    name: 'hard: area code as run',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      contains: pickBlock(random, ({ code }) => code === 'US').prefix.slice(0, 4),
    }),
  },
  {
    name: 'hard: no such run',
    makeFilters: (random) => ({ environment, country: 'US', contains: `000${digits(random, 5)}` }),
  },
  {
    name: 'hard: tiny country',
    makeFilters: (random) => ({
      environment,
      country: pick(random, ['EE', 'SG', 'DK']),
      contains: digits(random, 3),
    }),
  },
  {
    name: 'hard: no such features',
    makeFilters: (random) => ({
      environment,
      country: 'DE',
      type: 'local',
      features: ['sms_in'],
      contains: digits(random, 3),
    }),
  },
  {
    name: 'hard: mobile, contains 3',
    makeFilters: (random) => ({ environment, country: 'US', type: 'mobile', contains: digits(random, 3) }),
  },
  {
    name: 'hard: three short runs',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      pattern: `*${digits(random, 2)}*${digits(random, 2)}*${digits(random, 2)}*`,
    }),
  },
  {
    name: 'hard: every other place',
    makeFilters: (random) => ({
      environment,
      country: 'US',
      pattern: `1?${digits(random, 1)}?${digits(random, 1)}?${digits(random, 1)}?${digits(random, 1)}?${digits(random, 1)}`,
    }),
  },
];

/** The same inputs each time (mulberry32). */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
