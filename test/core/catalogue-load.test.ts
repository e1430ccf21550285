import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueFolder, loadCatalogue } from '../../src/core/catalogue/index.js';
import { systemClock } from '../../src/lib/clock.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'numex-catalogue-'));
  await cp(catalogueFolder, folder, { recursive: true });
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function countLines(file: string): Promise<number> {
  return (await readFile(join(catalogueFolder, file), 'utf8')).trimEnd().split('\n').length - 1;
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}

test('every line of the catalogue is in its table', async () => {
  const tables = {
    country: 'countries.tsv',
    region: 'regions.tsv',
    city: 'cities.tsv',
    number_group: 'groups.tsv',
    group_prefix: 'prefixes.tsv',
    requirement: 'requirements.tsv',
  };
  for (const [table, file] of Object.entries(tables)) {
    const [row] = await database.sql<{ count: number }[]>`select count(*) from ${database.sql(table)}`;
    expect(row?.count, table).toBe(await countLines(file));
  }
});

test('a catalogue that is loaded is not loaded again', async () => {
  expect(await loadCatalogue(database.sql, systemClock)).toBe(false);
});

test('a newer catalogue changes what differs, keeps ids, and takes the stock along', async () => {
  const { sql } = database;
  const [group] = await sql<
    {
      id: number;
      public_id: string;
      features: number;
      city_id: number;
      country: string;
      dial_prefix: string;
    }[]
  >`select * from number_group where country = 'US' and city_id is not null order by id limit 1`;
  const [other] = await sql<{ id: number; public_id: string }[]>`
    select id, public_id from number_group where id <> ${group?.id ?? 0} order by id desc limit 1`;
  if (!group || !other) throw new Error('the catalogue has groups');
  await sql`
    insert into number (id, group_id, city_id, country_no, features, type, status)
    values (12015550101, ${group.id}, ${group.city_id}, 538, ${group.features}, 'l', 's'),
           (12015550102, ${group.id}, ${group.city_id}, 538, 1, 'l', 's')`;
  const before = await sql<{ id: number }[]>`select id from number_group order by id`;
  await edit('groups.tsv', (text) =>
    text
      .split('\n')
      .flatMap((line) => {
        const cells = line.split('\t');
        // One group becomes mobile with other features, and two groups swap their public ids.
        if (cells[0] === String(group.id)) {
          cells[1] = other.public_id;
          cells[3] = 'mobile';
          cells[9] = '31';
        }
        if (cells[0] === String(other.id)) cells[1] = group.public_id;
        return [cells.join('\t')];
      })
      .join('\n'),
  );
  await edit('prefixes.tsv', (text) => text.trimEnd().split('\n').slice(0, -1).join('\n') + '\n');
  expect(await loadCatalogue(sql, systemClock, folder)).toBe(true);
  expect(await sql`select id from number_group order by id`).toEqual(before);
  const [moved] = await sql`select public_id, type, features from number_group where id = ${group.id}`;
  expect(moved).toEqual({ public_id: other.public_id, type: 'mobile', features: 31 });
  const stock = await sql`select id, type::text, features from number order by id`;
  expect([...stock]).toEqual([
    { id: 12015550101, type: 'm', features: 31 },
    { id: 12015550102, type: 'm', features: 1 },
  ]);
  const [prefixes] = await sql<{ count: number }[]>`select count(*) from group_prefix`;
  expect(prefixes?.count).toBe((await countLines('prefixes.tsv')) - 1);
});

test('a group that is no longer listed stays', async () => {
  const { sql } = database;
  await edit('requirements.tsv', (text) => text.replace('\tmedium\t', '\tlow\t'));
  await edit('cities.tsv', (text) => {
    const lines = text.trimEnd().split('\n');
    return [lines[0], ...lines.slice(2)].join('\n') + '\n';
  });
  expect(await loadCatalogue(sql, systemClock, folder)).toBe(true);
  const [row] = await sql<{ count: number }[]>`select count(*) from city`;
  expect(row?.count).toBe(await countLines('cities.tsv'));
});

test('a changed demand supersedes the old one, and an operator’s own is left alone', async () => {
  const { sql } = database;
  const [mine] = await sql<{ country: string; type: string }[]>`
    select country, type from requirement where superseded_at is null and confidence = 'high' limit 1`;
  if (!mine) throw new Error('the catalogue has requirements');
  await sql`
    update requirement set source = 'operator', needs_registration = not needs_registration
    where country = ${mine.country} and type = ${mine.type}::text::number_type and superseded_at is null`;
  const readOwn = () =>
    sql`select * from requirement where country = ${mine.country} and type = ${mine.type}::text::number_type`;
  const own = [...(await readOwn())];
  await edit('requirements.tsv', (text) => text.replaceAll('\thigh\t', '\tmedium\t'));
  expect(await loadCatalogue(sql, systemClock, folder)).toBe(true);
  expect([...(await readOwn())]).toEqual(own);
  const [changed] = await sql<{ superseded: number; current: number; latest: number }[]>`
    select count(*) filter (where superseded_at is not null)::int as superseded,
           count(*) filter (where superseded_at is null)::int as current, max(version) as latest
    from requirement`;
  expect(changed?.current).toBe(await countLines('requirements.tsv'));
  expect(changed?.superseded).toBeGreaterThan(0);
  expect(changed?.latest).toBeGreaterThan(1);
});

test('several processes that start at once load it once', async () => {
  await edit('countries.tsv', (text) => text.replace('Andorra', 'Andorra!'));
  const loads = await Promise.all([1, 2, 3].map(() => loadCatalogue(database.sql, systemClock, folder)));
  expect(loads.filter(Boolean)).toHaveLength(1);
});
