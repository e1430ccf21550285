import type { Pool, Sql, Transaction } from '../../database/connection.js';
import { sampleMax } from './check.js';
import type { Check } from './check.js';

/** One snapshot for all checks: sales go on meanwhile, and half of one must not look like a fault. */
export async function inSnapshot<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  if (!('begin' in sql)) return work(sql);
  const run = async (tx: Transaction): Promise<T> => {
    await letPlannerScan(tx);
    return work(tx);
  };
  return (await (sql as Pool).begin('isolation level repeatable read read only', run)) as T;
}

/** Whole tables are read here: the settings of pools that must never do so are set aside. */
async function letPlannerScan(tx: Transaction): Promise<void> {
  await tx`set local enable_seqscan = on`;
  await tx`set local work_mem = '64MB'`;
}

export interface Finding {
  readonly examined: number;
  readonly violations: number;
  readonly sample: Record<string, unknown>[] | null;
}

export async function runCheck(sql: Sql, check: Check, now: Date): Promise<Finding> {
  const [finding] = await sql<Finding[]>`
    with bad as materialized (${check.violations(sql, now)})
    select (${check.examined(sql)})::bigint as examined,
           (select count(*) from bad) as violations,
           (select jsonb_agg(to_jsonb(shown)) from (select * from bad limit ${sampleMax}) shown) as sample`;
  return finding ?? { examined: 0, violations: 0, sample: null };
}
