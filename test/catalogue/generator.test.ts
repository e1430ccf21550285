import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import parsePhoneNumber from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const generator = path.join(root, 'catalogue/generate.mjs');
const outputFolder = path.join(root, 'catalogue/output');
const generatorMsMax = 60_000;

type Row = Record<string, string>;

async function readRows(file: string, separator = '\t'): Promise<Row[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const columns = header.split(separator);
  return lines.map((line) => {
    const cells = line.split(separator);
    if (cells.length !== columns.length) throw new Error(`${file}: broken line ${line}`);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

const table = (name: string) => readRows(path.join(outputFolder, name));

const [countries, regions, cities, groups, prefixes, requirements] = await Promise.all([
  table('countries.tsv'),
  table('regions.tsv'),
  table('cities.tsv'),
  table('groups.tsv'),
  table('prefixes.tsv'),
  table('requirements.tsv'),
]);
const groupById = new Map(groups.map((group) => [group.id, group]));
const groupIdByPrefix = new Map(prefixes.map((row) => [row.prefix, row.group_id]));

/** Written again here, so that the test does not share a mistake with the generator. */
function groupOfNumber(number: string): Row | undefined {
  const digits = number.replace('+', '');
  for (let length = digits.length; length > 0; length -= 1) {
    const groupId = groupIdByPrefix.get(digits.slice(0, length));
    if (groupId !== undefined) return groupById.get(groupId);
  }
  return undefined;
}

const typeByKind: Record<string, string> = {
  FIXED_LINE: 'local',
  FIXED_LINE_OR_MOBILE: 'local',
  MOBILE: 'mobile',
  TOLL_FREE: 'tollfree',
  SHARED_COST: 'sharedcost',
  VOIP: 'national',
  UAN: 'national',
};

describe('catalogue tables', () => {
  it.each([
    ['countries', 'code', countries],
    ['regions', 'id', regions],
    ['regions', 'code', regions],
    ['cities', 'id', cities],
    ['groups', 'id', groups],
    ['groups', 'public_id', groups],
    ['prefixes', 'prefix', prefixes],
  ])('%s: no two rows share a %s', (_, column, rows) => {
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row[column])).size).toBe(rows.length);
  });

  it('points only at rows that exist', () => {
    const known = (rows: Row[], column: string) => new Set(['\\N', ...rows.map((row) => row[column])]);
    const countryCodes = known(countries, 'code');
    const regionIds = known(regions, 'id');
    const cityIds = known(cities, 'id');
    const dangling = [
      ...[...regions, ...cities, ...groups, ...requirements].filter((row) => !countryCodes.has(row.country)),
      ...[...cities, ...groups].filter((row) => !regionIds.has(row.region_id)),
      ...groups.filter((row) => !cityIds.has(row.city_id)),
      ...prefixes.filter((row) => !groupById.has(row.group_id)),
    ];
    expect(dangling).toEqual([]);
  });

  it('gives every group a prefix and a time zone', () => {
    const reached = new Set(prefixes.map((row) => row.group_id));
    expect(groups.filter((group) => !reached.has(group.id) || group.time_zone === '\\N')).toEqual([]);
  });

  it('gives regions to the United States, Canada and the United Kingdom only', () => {
    const count = (country: string) => regions.filter((region) => region.country === country).length;
    expect([count('US'), count('CA'), count('GB'), regions.length]).toEqual([51, 13, 4, 68]);
  });

  it('keeps the ids that vendors print in their examples', () => {
    const california = regions.find((region) => region.id === '123');
    const losAngeles = cities.find((city) => city.id === '456');
    const group = groups.find((row) => row.public_id === 'abc-123');
    expect(california).toMatchObject({ country: 'US', code: 'US-CA', name: 'California' });
    expect(losAngeles).toMatchObject({ country: 'US', region_id: '123', name: 'Los Angeles' });
    expect(group).toMatchObject({
      country: 'US',
      type: 'local',
      region_id: '123',
      city_id: '456',
      prefix: '+1 (213)',
      dial_prefix: '1213',
    });
    expect(groupOfNumber('+12135551234')).toBe(group);
    expect(groupOfNumber('+1213')).toBe(group);
  });
});

describe('numbers find their group by longest prefix', () => {
  it('places every demo number in a group of its country and type', async () => {
    const stock = await readRows(path.join(outputFolder, 'demo-stock.csv'), ',');
    const misplaced = stock.filter(({ number = '' }) => {
      const parsed = parsePhoneNumber(number);
      const type = typeByKind[parsed?.getType() ?? ''];
      const group = groupOfNumber(number);
      return !parsed?.isValid() || group?.country !== parsed.country || group?.type !== type;
    });
    expect(misplaced).toEqual([]);
    expect(stock.length).toBeGreaterThan(4000);
    expect(new Set(stock.map((row) => row.number)).size).toBe(stock.length);
    expect(stock.find((row) => row.number === '+19499800001')?.features).toBe('voice');
  });

  it.each([
    ['+918041234567', 'IN', 'local', 'Bengaluru, Karnataka'],
    ['+31204567890', 'NL', 'local', 'Amsterdam'],
    ['+31850012345', 'NL', 'national', 'Netherlands'],
    ['+14155551234', 'US', 'local', 'San Francisco'],
    ['+442079460000', 'GB', 'local', 'London'],
    ['+33199000000', 'FR', 'local', 'France'],
    ['+18005550100', 'US', 'tollfree', 'United States'],
    ['+61491570156', 'AU', 'mobile', 'Australia'],
  ])('%s is in %s, %s, %s', (number, country, type, location) => {
    expect(groupOfNumber(number)).toMatchObject({ country, type, location });
  });

  it('leaves neighbours that share a calling code outside', () => {
    expect(groupOfNumber('+12423651234')).toBeUndefined(); // Bahamas
    expect(groupOfNumber('+441481960194')).toBeUndefined(); // Guernsey
  });
});

describe('regenerating', () => {
  it(
    'changes no byte of what is committed',
    async () => {
      await expect(run('node', [generator, '--check'], { cwd: root })).resolves.toBeDefined();
    },
    generatorMsMax,
  );

  it(
    'never passes the id of a vanished group on to another one',
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'numex-catalogue-'));
      try {
        await cp(outputFolder, folder, { recursive: true });
        const file = path.join(folder, 'groups.tsv');
        const text = await readFile(file, 'utf8');
        const isAmsterdam = (group: Row) => group.country === 'NL' && group.location === 'Amsterdam';
        const oldId = groups.find(isAmsterdam)?.id;
        const vanishing = text
          .replace(/^.*\tNL\t.*\tAmsterdam\t.*\n/m, '')
          .concat('900000\tgrp-x\tNL\tlocal\t\\N\t\\N\tAtlantis\t+31 (0)\t310\t17\tt\tEurope/Amsterdam\n');
        await writeFile(file, vanishing);

        await run('node', [generator, '--output', folder], { cwd: root });

        const after = await readRows(file);
        expect(after.find(isAmsterdam)?.id).toBe('900001');
        expect(after.find((group) => group.id === oldId)).toBeUndefined();
        expect(await readRows(path.join(folder, 'retired-ids.tsv'))).toEqual([
          { kind: 'group', natural_key: 'NL|local|||Atlantis|', id: '900000' },
        ]);
        expect(after.filter((group) => group.location !== 'Amsterdam')).toEqual(
          groups.filter((group) => group.location !== 'Amsterdam'),
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    generatorMsMax,
  );
});
