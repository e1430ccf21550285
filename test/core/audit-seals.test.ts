import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getSeal, recordChange, sealEntries } from '../../src/core/audit/index.js';
import type { Context } from '../../src/core/context.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { openPool } from '../../src/database/connection.js';
import type { Sql, Transaction } from '../../src/database/connection.js';
import { systemClock } from '../../src/lib/clock.js';
import { sealAudit } from '../../src/jobs/seal-audit.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let operator: Context;

async function open(): Promise<void> {
  database = await createTestDatabase();
  operator = {
    sql: database.sql,
    clock: systemClock,
    actor: { kind: 'operator', keyId: null },
    requestId: 'req_seals',
  };
}

async function record(sql: Sql, action: string): Promise<void> {
  await recordChange(
    { ...operator, sql },
    {
      environment: 'live',
      accountId: null,
      action,
      subjectKind: 'test',
      subjectId: 1,
      numberId: null,
      details: { note: 'ü', ratio: 1.5, none: null },
    },
  );
}

async function recordMany(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await record(database.sql, `test.${n}`);
}

const seal = (sql: Sql = database.sql): Promise<number> => sealEntries({ ctx: { ...operator, sql } });

async function failures(sql: Sql = database.sql): Promise<string[]> {
  const { checks } = await verifyBooks({ ctx: { ...operator, sql } });
  return checks.filter((check) => !check.ok).map((check) => check.name);
}

async function sampleOf(sql: Sql, name: string): Promise<unknown> {
  const { checks } = await verifyBooks({ ctx: { ...operator, sql } });
  return checks.find((check) => check.name === name)?.sample?.[0];
}

async function actionsBySeal(): Promise<string[][]> {
  const rows = await database.sql<{ actions: string[] }[]>`
    select array(select action from audit_entry e where e.id = any(s.entry_ids) order by id) as actions
    from audit_seal s where seq > 0 order by seq`;
  return rows.map((row) => row.actions);
}

describe('sealing', () => {
  beforeEach(open);
  afterEach(() => database.drop());

  test('covers what has been committed, once, and then there is nothing to do', async () => {
    await recordMany(3);
    expect(await sealAudit.run({ ...operator, actor: { kind: 'system', name: 'seal_audit' } })).toBe(3);
    expect(await seal()).toBe(0);
    await recordMany(1);
    expect(await seal()).toBe(1);
    expect(await actionsBySeal()).toEqual([['test.0', 'test.1', 'test.2'], ['test.0']]);
    expect(await failures()).toEqual([]);
  });

  test('an entry whose id was given out early and committed late is sealed when it is there, not skipped', async () => {
    const other = openPool({ url: database.url, connectionsMax: 1, applicationName: 'late' });
    let commit = (): void => undefined;
    const gate = new Promise<void>((resolve) => (commit = resolve));
    let entered = (): void => undefined;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const late = other.begin(async (tx) => {
      await record(tx, 'late');
      entered();
      await gate;
    });
    await inside;
    await record(database.sql, 'early');
    expect(await seal()).toBe(1);
    expect(await failures()).toEqual([]);
    commit();
    await late;
    await other.end();
    const ids = await database.sql<{ action: string }[]>`select action from audit_entry order by id`;
    expect(ids.map((row) => row.action)).toEqual(['late', 'early']);
    expect(await failures()).toEqual([]);
    expect(await seal()).toBe(1);
    expect(await actionsBySeal()).toEqual([['early'], ['late']]);
    expect(await failures()).toEqual([]);
  });

  test('an entry that was rolled back leaves nothing to seal', async () => {
    await expect(
      database.sql.begin(async (tx) => {
        await record(tx, 'undone');
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    await record(database.sql, 'done');
    expect(await seal()).toBe(1);
    expect(await actionsBySeal()).toEqual([['done']]);
  });

  test('two processes at once seal every entry once and keep one chain', async () => {
    await recordMany(40);
    const sealed = await Promise.all(
      Array.from({ length: 6 }, async () => {
        let done = 0;
        for (let turn = 0; turn < 4; turn++) {
          await record(database.sql, 'meanwhile');
          done += await seal();
        }
        return done;
      }),
    );
    let all = sealed.reduce((sum, done) => sum + done, 0);
    all += await seal();
    expect(all).toBe(64);
    expect(await failures()).toEqual([]);
  });

  test('does not wait for a transaction that writes entries, nor the other way round', async () => {
    await recordMany(1);
    const other = openPool({ url: database.url, connectionsMax: 1, applicationName: 'sealer' });
    await database.sql.begin(async (tx) => {
      await record(tx, 'under way');
      expect(await sealEntries({ ctx: { ...operator, sql: other } })).toBe(1);
    });
    await other.begin(async (tx) => {
      await sealEntries({ ctx: { ...operator, sql: tx } });
      await record(database.sql, 'beside an unfinished seal');
      expect(await seal()).toBe(0);
    });
    await other.end();
    expect(await seal()).toBe(1);
    expect(await failures()).toEqual([]);
  });

  test('has a bound: more than a seal may cover waits for the next one', async () => {
    await database.sql`
      with written as (
        insert into audit_entry (at, actor, action, subject_kind, subject_id, request_id)
        select now(), 'test', 'bulk', 'test', n, 'bulk' from generate_series(1, 1500) n returning id)
      insert into audit_waiting (entry_id) select id from written`;
    expect([await seal(), await seal(), await seal()]).toEqual([1000, 500, 0]);
    expect(await failures()).toEqual([]);
  });

  test('a hash that was noted elsewhere is still the hash of that seal', async () => {
    await recordMany(1);
    await seal();
    const noted = await getSeal({ ctx: operator, input: {} });
    await recordMany(1);
    await seal();
    expect((await getSeal({ ctx: operator, input: {} })).seq).toBe(2);
    expect(await getSeal({ ctx: operator, input: { seq: 1 } })).toEqual(noted);
    await expect(getSeal({ ctx: operator, input: { seq: 9 } })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('the documented formula, computed without the database, gives the same hash', async () => {
    await recordMany(2);
    await seal();
    const [stored] = await database.sql<{ hash: string }[]>`
      select encode(hash, 'hex') as hash from audit_seal where seq = 1`;
    expect(await hashByTheBook(1)).toBe(stored?.hash);
  });
});

/** docs/operations/audit.md, word by word. */
async function hashByTheBook(seq: number): Promise<string> {
  const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
  const int8 = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  };
  const [row] = await database.sql<{ ids: number[]; at: number; previous: Buffer }[]>`
    select entry_ids as ids, (extract(epoch from sealed_at) * 1000000)::bigint as at, previous_hash as previous
    from audit_seal where seq = ${seq}`;
  const parts: Buffer[] = [];
  for (const id of row?.ids ?? []) {
    const [entry] = await database.sql<
      { micros: number; details: string; fields: Record<string, unknown> }[]
    >`
      select (extract(epoch from at) * 1000000)::bigint as micros, details::text as details, to_jsonb(e) as fields
      from audit_entry e where id = ${id}`;
    const field = (name: string): string => JSON.stringify(entry?.fields[name]);
    const names = [
      'environment',
      'account_id',
      'actor',
      'action',
      'subject_kind',
      'subject_id',
      'number_id',
      'request_id',
    ];
    const text = `[${[id, entry?.micros, ...names.map(field), entry?.details].join(', ')}]`;
    parts.push(int8(id), sha256(text));
  }
  const count = row?.ids.length ?? 0;
  return sha256(
    Buffer.concat([row?.previous ?? Buffer.alloc(0), int8(seq), int8(row?.at ?? 0), int8(count), ...parts]),
  ).toString('hex');
}

describe('tampering is found', () => {
  beforeAll(async () => {
    await open();
    await recordMany(3);
    await seal();
    await recordMany(2);
    await seal();
    await record(database.sql, 'waiting');
  });
  afterAll(() => database.drop());

  /** Does what somebody with the rights of the tables' owner can do, looks at the books, and undoes it. */
  async function tampered(
    work: (tx: Transaction) => Promise<unknown>,
    guards: 'off' | 'on' = 'off',
  ): Promise<void> {
    const undo = new Error('undo');
    await database.sql
      .begin(async (tx) => {
        if (guards === 'off') {
          await tx`alter table audit_entry disable trigger user`;
          await tx`alter table audit_seal disable trigger user`;
        }
        await work(tx);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
  }

  async function idOf(action: string, seq: number): Promise<number> {
    const [row] = await database.sql<{ id: number }[]>`
      select e.id from audit_entry e join audit_seal s on e.id = any(s.entry_ids)
      where e.action = ${action} and s.seq = ${seq}`;
    return row?.id ?? 0;
  }

  test('honest books pass', async () => {
    expect(await failures()).toEqual([]);
  });

  const columns: [string, string][] = [
    ['at', "at - interval '1 microsecond'"],
    ['environment', "'test'"],
    ['account_id', '1'],
    ['actor', "'key:1'"],
    ['action', "'test.other'"],
    ['subject_kind', "'account'"],
    ['subject_id', '2'],
    ['number_id', '1'],
    ['request_id', "'req_other'"],
    ['details', `'{"note": "u"}'`],
  ];
  test.each(columns)('a changed entry, by its %s', async (column, value) => {
    const id = await idOf('test.1', 1);
    await tampered(async (tx) => {
      await tx.unsafe(`update audit_entry set ${column} = ${value} where id = ${id}`);
      expect(await failures(tx)).toEqual(['audit_entries_are_unchanged']);
      expect(await sampleOf(tx, 'audit_entries_are_unchanged')).toMatchObject({ entry_id: id, seal: 1 });
    });
  });

  test('a deleted entry', async () => {
    const id = await idOf('test.1', 2);
    await tampered(async (tx) => {
      await tx`delete from audit_entry where id = ${id}`;
      expect(await failures(tx)).toEqual(['audit_entries_are_all_there']);
      expect(await sampleOf(tx, 'audit_entries_are_all_there')).toEqual({ entry_id: id, seal: 2 });
    });
  });

  test('an entry that was deleted before it was sealed', async () => {
    await tampered(async (tx) => {
      await tx`delete from audit_entry where action = 'waiting'`;
      expect(await failures(tx)).toEqual(['audit_entries_are_all_there']);
      expect(await seal(tx)).toBe(0);
      expect(await failures(tx)).toEqual(['audit_entries_are_all_there']);
    });
  });

  test('an entry slipped in with an early date, with no guard switched off', async () => {
    await tampered(async (tx) => {
      await tx`
        insert into audit_entry (at, actor, action, subject_kind, subject_id, request_id)
        values ('2020-01-01', 'operator', 'forged', 'test', 1, 'req_old')`;
      const check = 'audit_entries_came_by_the_front_door';
      expect(await failures(tx)).toEqual([check]);
      await seal(tx);
      expect(await failures(tx)).toEqual([check]);
      expect(await sampleOf(tx, check)).toMatchObject({ action: 'forged' });
    }, 'on');
  });

  test('an entry put back into the queue to be sealed anew', async () => {
    const id = await idOf('test.1', 1);
    await tampered(async (tx) => {
      await tx`insert into audit_waiting (entry_id) values (${id})`;
      expect(await failures(tx)).toEqual(['audit_entries_came_by_the_front_door']);
      await seal(tx);
      expect(await failures(tx)).toEqual(['audit_entries_came_by_the_front_door']);
    });
  });

  test('a changed entry whose digest in the seal was changed with it', async () => {
    const id = await idOf('test.1', 1);
    await tampered(async (tx) => {
      await tx`update audit_entry set actor = 'x' where id = ${id}`;
      await tx`
        update audit_seal set entry_digests[array_position(entry_ids, ${id}::bigint)] = (
          select sha256(convert_to(jsonb_build_array(e.id, (extract(epoch from e.at) * 1000000)::bigint, e.environment,
            e.account_id, e.actor, e.action, e.subject_kind, e.subject_id, e.number_id, e.request_id, e.details)::text,
            'UTF8')) from audit_entry e where id = ${id})
        where seq = 1`;
      expect(await failures(tx)).toEqual(['audit_seals_form_a_chain']);
      expect(await sampleOf(tx, 'audit_seals_form_a_chain')).toEqual({ seq: 1, broken: 'has been changed' });
    });
  });

  const seals: [string, (tx: Transaction) => Promise<unknown>, string[]][] = [
    [
      'a seal rewritten with a hash of its own',
      (tx) => tx`
        update audit_seal set sealed_at = sealed_at - interval '1 day', hash = sha256('forged') where seq = 1`,
      ['audit_seals_form_a_chain'],
    ],
    [
      'a seal that says it was made at another time',
      (tx) => tx`update audit_seal set sealed_at = sealed_at - interval '1 day' where seq = 2`,
      ['audit_seals_form_a_chain'],
    ],
    [
      'a seal taken out of the middle',
      (tx) => tx`delete from audit_seal where seq = 1`,
      ['audit_seals_form_a_chain', 'audit_entries_came_by_the_front_door'],
    ],
    [
      'the last seal cut off',
      (tx) => tx`delete from audit_seal where seq = 2`,
      ['audit_entries_came_by_the_front_door'],
    ],
    [
      'all seals thrown away',
      (tx) => tx`delete from audit_seal`,
      ['audit_seals_form_a_chain', 'audit_entries_came_by_the_front_door'],
    ],
  ];
  test.each(seals)('%s', async (_what, work, expected) => {
    await tampered(async (tx) => {
      await work(tx);
      expect(await failures(tx)).toEqual(expected);
    });
  });

  test('seals and entries can be neither changed nor deleted', async () => {
    const refused = { code: '23001' };
    await expect(database.sql`update audit_seal set sealed_at = now()`).rejects.toMatchObject(refused);
    await expect(database.sql`delete from audit_seal where seq = 2`).rejects.toMatchObject(refused);
    await expect(database.sql`truncate audit_seal`).rejects.toMatchObject(refused);
    await expect(database.sql`update audit_entry set actor = 'x'`).rejects.toMatchObject(refused);
    await expect(database.sql`delete from audit_entry`).rejects.toMatchObject(refused);
  });
});
