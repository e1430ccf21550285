/**
 * Synthetic stock for measuring search: countries, regions, cities and groups in roughly the proportions of the real
 * catalogue, and numbers scattered over each group's block. The same size always gives the same rows.
 */

/** Ids that no catalogue uses, so that the stock can be loaded beside one. */
const groupIdFirst = 50_000_000;
const cityIdFirst = 50_000_000;
const regionIdFirst = 30_000;
const rowsPerStatement = 200_000;

/** [code, name, calling code, share of the stock, national lengths, local groups, regions] */
const countries = [
  ['US', 'United States', '1', 0.6, [10], 9776, 51],
  ['GB', 'United Kingdom', '44', 0.08, [10], 678, 4],
  ['DE', 'Germany', '49', 0.07, [10, 11], 5203, 0],
  ['CA', 'Canada', '1', 0.05, [10], 1081, 13],
  ['FR', 'France', '33', 0.04, [9], 1, 0],
  ['NL', 'Netherlands', '31', 0.03, [9], 141, 0],
  ['ES', 'Spain', '34', 0.025, [9], 50, 0],
  ['IT', 'Italy', '39', 0.02, [9, 10, 11], 230, 0],
  ['AU', 'Australia', '61', 0.02, [9], 60, 0],
  ['IN', 'India', '91', 0.015, [10], 80, 0],
  ['SE', 'Sweden', '46', 0.015, [8, 9], 250, 0],
  ['PL', 'Poland', '48', 0.015, [9], 49, 0],
  ['BR', 'Brazil', '55', 0.01, [10, 11], 67, 0],
  ['MX', 'Mexico', '52', 0.005, [10], 90, 0],
  ['AT', 'Austria', '43', 0.002, [9, 10, 11, 12], 100, 0],
  ['CH', 'Switzerland', '41', 0.002, [9], 20, 0],
  ['DK', 'Denmark', '45', 0.0006, [8], 1, 0],
  ['SG', 'Singapore', '65', 0.0003, [8], 1, 0],
  ['EE', 'Estonia', '372', 0.0001, [7, 8], 1, 0],
];

/** Share of a country's stock and leading national digits of the types that have one nationwide group. */
const nationwide = [
  ['m', 0.06, '7'],
  ['t', 0.05, '80'],
  ['n', 0.01, '9'],
];
const nanpNationwide = [
  ['t', 0.06, '888'],
  ['m', 0.02, '500'],
];

/** Voice everywhere; text messages and WhatsApp where the type and country usually have them. */
function featuresOf(country, type, index) {
  if (country === 'US' || country === 'CA') return type === 't' ? 1 : 7;
  if (type === 'm') return 31;
  return index % 5 === 0 ? 9 : 1;
}

export const countryNo = (code) => (code.charCodeAt(0) - 65) * 26 + code.charCodeAt(1) - 65;

/** A group's block: every number is prefix followed by `free` digits. */
function blocksOf([code, , callingCode, share, lengths, localGroups, regions], numbers, ids) {
  const total = Math.round(numbers * share);
  const nanp = callingCode === '1';
  const wide = nanp ? nanpNationwide : nationwide;
  const localTotal = total * (1 - wide.reduce((sum, [, part]) => sum + part, 0));
  const weights = Array.from({ length: localGroups }, (_, i) => 1 / (1 + ((i * 7919) % localGroups)) ** 0.6);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const blocks = [];
  for (let i = 0; i < localGroups; i++) {
    const regionIndex = regions === 0 ? 0 : Math.floor((i / localGroups) * regions);
    const length = lengths[i % lengths.length];
    const area = nanp
      ? nanpArea(code, i)
      : String(Math.floor((2 + (4.9 * i) / localGroups) * 10 ** areaDigits(localGroups)));
    const free = length - area.length;
    const count = Math.round((localTotal * weights[i]) / weightSum);
    blocks.push({
      code,
      type: 'l',
      prefix: callingCode + area,
      free,
      count: Math.min(count, 10 ** free),
      regionId: regions === 0 ? null : ids.region + regionIndex,
      cityId: ids.city + i,
      features: featuresOf(code, 'l', i),
    });
  }
  for (const [type, part, lead] of wide) {
    const free = lengths[0] - lead.length;
    blocks.push({
      code,
      type,
      prefix: callingCode + lead,
      free,
      count: Math.min(Math.round(total * part), 10 ** free),
      regionId: null,
      cityId: null,
      features: featuresOf(code, type, 1),
    });
  }
  return blocks;
}

function areaDigits(groups) {
  if (groups > 2000) return 4;
  if (groups > 900) return 3;
  return groups > 60 ? 2 : groups > 1 ? 1 : 0;
}

/** Thirty-three groups share an area code and each has a hundred thousand numbers of it, some overlapping none. */
function nanpArea(code, index) {
  const areaIndex = Math.floor(index / 33);
  const area = code === 'US' ? 201 + areaIndex * 2 : 202 + areaIndex * 4;
  return `${area}${20 + (index % 33) * 2}`;
}

export function planStock(sizeMillions) {
  const numbers = sizeMillions * 1e6;
  const ids = { region: regionIdFirst, city: cityIdFirst };
  const blocks = [];
  for (const country of countries) {
    blocks.push(...blocksOf(country, numbers, ids));
    ids.region += country[6];
    ids.city += country[5];
  }
  blocks.forEach((block, index) => (block.groupId = groupIdFirst + index));
  return blocks;
}

async function loadShelves(sql, blocks) {
  for (const [code, name, callingCode] of countries) {
    await sql`insert into country (code, name, calling_code) values (${code}, ${name}, ${callingCode})
              on conflict do nothing`;
  }
  const regions = new Map(blocks.filter((b) => b.regionId !== null).map((b) => [b.regionId, b.code]));
  for (const [id, code] of regions) {
    await sql`insert into region (id, country, code, name) values (${id}, ${code}, ${`B${id}`}, ${`Region ${id}`})
              on conflict do nothing`;
  }
  const cities = blocks.filter((b) => b.cityId !== null);
  await sql`insert into city (id, country, region_id, name)
    select id, country, region, 'City ' || id
    from unnest(${cities.map((b) => b.cityId)}::int[], ${cities.map((b) => b.code)}::text[],
                ${cities.map((b) => b.regionId)}::int[]) c (id, country, region) on conflict do nothing`;
  const words = { l: 'local', m: 'mobile', t: 'tollfree', n: 'national' };
  await sql`insert into number_group (id, public_id, country, type, region_id, city_id, location, prefix, dial_prefix,
      features, allow_number_selection)
    select id, 'bench_' || id, country, type::number_type, region, city, 'bench', prefix, prefix, features, true
    from unnest(${blocks.map((b) => b.groupId)}::int[], ${blocks.map((b) => b.code)}::text[],
      ${blocks.map((b) => words[b.type])}::text[], ${blocks.map((b) => b.regionId)}::int[],
      ${blocks.map((b) => b.cityId)}::int[], ${blocks.map((b) => b.prefix)}::text[],
      ${blocks.map((b) => b.features)}::smallint[]) g (id, country, type, region, city, prefix, features)
    on conflict do nothing`;
}

/**
 * Loads `sizeMillions` million numbers, 7 of 10 in stock and one in a thousand of these on hold. Within a block a step
 * that shares no factor with ten visits numbers in a scattered order without repeating one.
 */
export async function loadNumbers(sql, sizeMillions) {
  const blocks = planStock(sizeMillions);
  await loadShelves(sql, blocks);
  let chunk = [];
  let rows = 0;
  const flush = async () => {
    if (chunk.length > 0) await insertBlocks(sql, chunk);
    chunk = [];
    rows = 0;
  };
  for (const block of blocks.filter((b) => b.count > 0)) {
    for (let from = 0; from < block.count; from += rowsPerStatement) {
      const to = Math.min(block.count, from + rowsPerStatement);
      chunk.push({ ...block, from, to });
      rows += to - from;
      if (rows >= rowsPerStatement) await flush();
    }
  }
  await flush();
  await sql`vacuum analyze number`;
  return blocks;
}

async function insertBlocks(sql, blocks) {
  const start = blocks.map((b) => Number(b.prefix) * 10 ** b.free);
  const space = blocks.map((b) => 10 ** b.free);
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status, held_until, reservation_id)
    select b.start + (i * 386117::bigint + 12345) % b.space, b.group_id, b.city_id, b.country_no, b.region_id, b.features,
      b.type::"char", (array['s','s','s','s','s','s','s','r','r','r'])[1 + (i * 7 / 10 + i) % 10]::"char",
      case when i % 1000 = 7 then timestamptz '2999-01-01' end, case when i % 1000 = 7 then 0 end
    from unnest(${start}::bigint[], ${space}::bigint[], ${blocks.map((b) => b.from)}::bigint[],
      ${blocks.map((b) => b.to - 1)}::bigint[], ${blocks.map((b) => b.groupId)}::int[],
      ${blocks.map((b) => b.cityId)}::int[], ${blocks.map((b) => countryNo(b.code))}::smallint[],
      ${blocks.map((b) => b.regionId)}::smallint[], ${blocks.map((b) => b.features)}::smallint[],
      ${blocks.map((b) => b.type)}::text[])
      b (start, space, first, last, group_id, city_id, country_no, region_id, features, type)
    cross join lateral generate_series(b.first, b.last) i
    on conflict do nothing`;
}
