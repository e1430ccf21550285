import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../../src/core/accounts/index.js';
import { catalogueFolder, getGroup } from '../../src/core/catalogue/index.js';
import type { Context, Environment } from '../../src/core/context.js';
import { DomainError } from '../../src/core/errors.js';
import { addRange, importStock, rangeNumbersMax } from '../../src/core/stock/index.js';
import type { StockResult } from '../../src/core/stock/index.js';
import { systemClock } from '../../src/lib/clock.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let folder: string;
let rejectFile: string;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'numex-stock-'));
  rejectFile = join(folder, 'stock.csv.rejects.csv');
  ctx = {
    sql: database.sql,
    clock: systemClock,
    actor: { kind: 'operator', keyId: null },
    requestId: 'req_stock',
  };
});

beforeEach(async () => {
  await database.sql`truncate number cascade`;
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function importText(text: string, environments: readonly Environment[] = ['live']): Promise<StockResult> {
  return importStock({ ctx, input: { source: Readable.from([text]), environments, rejectFile } });
}

async function readRejects(): Promise<string[]> {
  return (await readFile(rejectFile, 'utf8')).trimEnd().split('\n').slice(1);
}

async function countNumbers(): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`select count(*) from number`;
  return row?.count ?? 0;
}

test('a number takes place, type and features from the group of its longest prefix', async () => {
  const result = await importText('number\n+12135551234\n+4930 1234-5678\n31204567890\n');
  expect(result).toMatchObject({ lines: 3, imported: 3, already: 0, rejected: 0, rejectFile: null });
  const rows = await database.sql`
    select n.id, g.country, n.country_no = (ascii(g.country) - 65) * 26 + ascii(substr(g.country, 2)) - 65 as country_fits,
           n.city_id is not distinct from g.city_id and n.region_id is not distinct from g.region_id as place_fits,
           n.type::text = left(g.type::text, 1) as type_fits, n.features = g.features as features_fit,
           n.status::text, n.has_own_price
    from number n join number_group g on g.id = n.group_id order by n.id`;
  const fits = { country_fits: true, place_fits: true, type_fits: true, features_fit: true };
  const stocked = { ...fits, status: 's', has_own_price: false };
  expect([...rows]).toEqual([
    { id: 12135551234, country: 'US', ...stocked },
    { id: 31204567890, country: 'NL', ...stocked },
    { id: 493012345678, country: 'DE', ...stocked },
  ]);
});

test('importing a file twice changes nothing', async () => {
  const text =
    'number,features,currency,setup,recurring,cycle\n+12135551234,voice,EUR,1,2.50,28d\n+12135551235,,,,,\n';
  await importText(text);
  const before = await database.sql`select * from number order by id`;
  const again = await importText(text.replace('2.50', '9.99'));
  expect(again).toMatchObject({ lines: 2, imported: 0, already: 2, rejected: 0 });
  expect(await database.sql`select * from number order by id`).toEqual(before);
  const prices = await database.sql`select * from number_price`;
  expect([...prices]).toEqual([
    { number_id: 12135551234, currency: 'EUR', setup_minor: 100, recurring_minor: 250, cycle: '28d' },
  ]);
});

test('a number that stands twice in a file is imported once', async () => {
  const plain = await importText('number\n+12135551234\n+12135551234\n');
  expect(plain).toMatchObject({ lines: 2, imported: 1, already: 1 });
  const priced = await importText(
    'number,currency,recurring,cycle\n+12135551236,USD,3,month\n+12135551236,USD,4,month\n',
  );
  expect(priced).toMatchObject({ lines: 2, imported: 1, already: 1 });
});

test('own features, own price and a spreadsheet’s ways of writing are read', async () => {
  await importText(
    '\uFEFFNumber;Features;Currency;Setup;Recurring;Cycle\r\n"+1 (213) 555-1234";voice | SMS_IN;usd;;3;month\r\n\r\n',
  );
  const [row] = await database.sql`
    select n.features, n.has_own_price, p.currency, p.setup_minor, p.recurring_minor, p.cycle
    from number n join number_price p on p.number_id = n.id`;
  expect(row).toEqual({
    features: 3,
    has_own_price: true,
    currency: 'USD',
    setup_minor: 0,
    recurring_minor: 300,
    cycle: 'month',
  });
});

test('each bad line goes to the reject file with its line number and reason, and good lines are kept', async () => {
  const group = await getGroup({ ctx, input: { group: 'abc-123' } });
  const result = await importText(
    [
      'number,group,type,features,currency,setup,recurring,cycle',
      '+12135551234,,local,,,,,',
      'hello,,,,,,,',
      '+12131551234,,,,,,,',
      '',
      '+12135551235,,mobile,,,,,',
      '+12135551236,no-such,,,,,,',
      `+4930123456,${group.publicId},,,,,,`,
      '+12135551237,,,telepathy,,,,',
      '+12135551238,,,,XXZ,1,1,28d',
      '+12135551239,,,,EUR,1,1.555,28d',
      '+12135551240,,,,EUR,1,-1,28d',
      '+12135551241,,,,EUR,1,1,week',
      '+12135551242,,,,EUR,,,28d',
      '+440207946000,,,,,,,',
      ',,,,,,,',
      '+12135551243,,,,,,,,extra',
      '"+1213"5551244,,,,,,,',
      '+12135551245,,,,,,,',
      '"+12135551246,,,,,,,',
      '"+12135551247",,,,,,,',
    ].join('\n'),
  );
  expect(result).toMatchObject({ lines: 19, imported: 3, already: 0, rejected: 16, rejectFile });
  expect(result.rejectSamples).toHaveLength(5);
  const rejects = await readRejects();
  expect(rejects).toHaveLength(16);
  const reasonOf = (line: number) => rejects.find((text) => text.startsWith(`${line},`));
  expect(reasonOf(3)).toContain('hello,is not an E.164 number');
  expect(reasonOf(4)).toContain('not valid');
  expect(reasonOf(6)).toContain('not mobile');
  expect(reasonOf(7)).toContain('group no-such does not exist');
  expect(reasonOf(8)).toContain(`does not begin with ${group.dialPrefix}`);
  expect(reasonOf(9)).toContain('telepathy');
  expect(reasonOf(10)).toContain('ISO 4217');
  expect(reasonOf(11)).toContain('recurring price');
  expect(reasonOf(12)).toContain('recurring price');
  expect(reasonOf(13)).toContain('28d or month');
  expect(reasonOf(14)).toContain('recurring price');
  expect(reasonOf(16)).toContain('has no number');
  expect(reasonOf(17)).toContain('more cells than there are columns');
  expect(reasonOf(18)).toContain('cannot be read');
  expect(reasonOf(20)).toContain('cannot be read');
  // A good import under the same name leaves no file that could be mistaken for its own.
  await importText('number\n+12135551234\n');
  await expect(stat(rejectFile)).rejects.toThrow();
});

test('a named group is kept when the number could be of it', async () => {
  const group = await getGroup({ ctx, input: { group: 'abc-123' } });
  const rest = '5551234567'.slice(0, 11 - group.dialPrefix.length);
  await importText(`number,group\n+${group.dialPrefix}${rest},abc-123\n`);
  const [row] = await database.sql`select group_id from number`;
  expect(row).toEqual({ group_id: group.id });
});

test('a file whose columns are not known is refused as a whole', async () => {
  const refusal = { code: 'invalid_input', details: { field: 'file' } };
  for (const text of ['', '+12135551234\n', 'number,colour\n+12135551234,red\n', 'type\nlocal\n']) {
    await expect(importText(text)).rejects.toMatchObject(refusal);
  }
  await expect(importText(`number\n+12135551234\n"+1213555${'0'.repeat(9000)}`)).rejects.toMatchObject(
    refusal,
  );
  expect(await countNumbers()).toBe(0);
});

test('an import that breaks off leaves nothing behind, and the pool is fit for more', async () => {
  const broken = Readable.from(
    (function* () {
      yield 'number\n';
      for (let line = 0; line < 60_000; line++) yield `+1213${2_000_000 + line}\n`;
      throw new Error('the disk went away');
    })(),
  );
  await expect(
    importStock({ ctx, input: { source: broken, environments: ['live'], rejectFile } }),
  ).rejects.toThrow('the disk went away');
  expect(await countNumbers()).toBe(0);
  expect(await importText('number\n+12135551234\n')).toMatchObject({ imported: 1 });
});

test('an import into both environments stocks each', async () => {
  const result = await importText('number\n+12135551234\n', ['live', 'test']);
  expect(result).toMatchObject({ lines: 1, imported: 2, already: 0 });
  const rows = await database.sql`select id from number order by id`;
  expect(rows.map((row) => row['id'] as number)).toEqual([12135551234, 1_000_012_135_551_234]);
});

test('two imports of the same numbers at once stock each number once', async () => {
  const numbers = Array.from({ length: 3000 }, (_, index) => `+1213555${String(index).padStart(4, '0')}`);
  const [one, two] = await Promise.all([
    importText(`number\n${numbers.join('\n')}\n`),
    importStock({
      ctx,
      input: {
        source: Readable.from([`number\n${numbers.toReversed().join('\n')}\n`]),
        environments: ['live'],
      },
    }),
  ]);
  expect(one.imported + two.imported).toBe(3000);
  expect(await countNumbers()).toBe(3000);
});

test('an import leaves one audit row with its counts', async () => {
  const before = await database.sql`select max(id) as id from audit_entry`;
  await importText('number\n+12135551234\nbad\n');
  const rows = await database.sql`
    select action, actor, subject_kind, subject_id, details from audit_entry where id > ${(before[0]?.['id'] as number | null) ?? 0}`;
  expect([...rows]).toEqual([
    {
      action: 'stock.import',
      actor: 'operator',
      subject_kind: 'stock',
      subject_id: 0,
      details: { name: null, environments: ['live'], lines: 2, imported: 1, already: 0, rejected: 1 },
    },
  ]);
});

test('a range is added from its first number to its last', async () => {
  const input = { first: '+12025550100', last: '+12025550199', environments: ['live'] as const };
  expect(await addRange({ ctx, input })).toMatchObject({ lines: 100, imported: 100, rejected: 0 });
  expect(await addRange({ ctx, input })).toMatchObject({ imported: 0, already: 100 });
  const [row] = await database.sql`select min(id), max(id) from number`;
  expect(row).toEqual({ min: 12025550100, max: 12025550199 });
});

test('a range that cannot be meant is refused', async () => {
  const refuse = async (first: string, last: string, field: string) => {
    const attempt = addRange({ ctx, input: { first, last, environments: ['live'] } });
    await expect(attempt, `${first}-${last}`).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field },
    });
  };
  await refuse('nonsense', '+12025550199', 'first');
  await refuse('+12025550100', '+1202555019', 'last');
  await refuse('+12025550199', '+12025550100', 'last');
  await refuse('+4930100000000', `+${4930100000000 + rangeNumbersMax}`, 'last');
  await refuse('+12131550100', '+12131550199', 'first');
  await refuse('+14155550100', '+14165550100', 'last');
  expect(await countNumbers()).toBe(0);
});

test('stock is the operator’s business', async () => {
  const account = await createAccount({ ctx, input: { name: 'Tenant', environment: 'live' } });
  const tenant: Context = { ...ctx, actor: { kind: 'key', keyId: 1, scope: 'full', account } };
  const attempt = importStock({
    ctx: tenant,
    input: { source: Readable.from(['number\n']), environments: ['live'] },
  });
  await expect(attempt).rejects.toBeInstanceOf(DomainError);
  await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
});

test('the demo stock that ships is good to the last line', async () => {
  const result = await importStock({
    ctx,
    input: { source: createReadStream(`${catalogueFolder}/demo-stock.csv`), environments: ['live', 'test'] },
  });
  expect(result.rejectSamples).toEqual([]);
  expect(result.imported).toBe(result.lines * 2);
});
