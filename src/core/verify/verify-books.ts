import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { accountChecks } from './accounts-store.js';
import { callChecks } from './calls-store.js';
import { auditChecks } from './audit-store.js';
import type { Check, CheckResult } from './check.js';
import { moneyChecks } from './money-store.js';
import { numberChecks } from './numbers-store.js';
import { recordChecks } from './records-store.js';
import { rentalChecks } from './rentals-store.js';
import { routingChecks } from './routing-store.js';
import { inSnapshot, runCheck } from './store.js';

const checks: readonly Check[] = [
  ...accountChecks,
  ...numberChecks,
  ...moneyChecks,
  ...rentalChecks,
  ...routingChecks,
  ...callChecks,
  ...recordChecks,
  ...auditChecks,
];

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

/**
 * Recomputes the promises of the exchange from its rows: nothing sold twice, nothing overdrawn, nothing lost. It trusts
 * neither constraints nor stored figures, reads one snapshot, changes nothing, and may run while the exchange works.
 * Raises forbidden.
 */
export async function verifyBooks({ ctx }: { ctx: Context }): Promise<Verification> {
  requireOperator(ctx);
  const now = ctx.clock.now();
  return inSnapshot(ctx.sql, async (sql) => {
    const results: CheckResult[] = [];
    for (const check of checks) {
      const { examined, violations, sample } = await runCheck(sql, check, now);
      const { name, promise } = check;
      const result = { name, promise, ok: violations === 0, examined, violations };
      results.push(sample === null ? result : { ...result, sample });
    }
    return { ok: results.every((result) => result.ok), checks: results };
  });
}
