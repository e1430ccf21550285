import { inTransaction } from '../../../../database/transaction.js';
import type { Sql } from '../../../../database/connection.js';
import { present } from '../../../../lib/assert.js';
import { requireOperator } from '../../../authority/index.js';
import { cycleStart } from '../../../billing/index.js';
import type { Context } from '../../../context.js';
import { batchOf, dueBatchMax } from '../../../authority/index.js';
import type { DueBatch, DueScope } from '../../../authority/index.js';
import { setClocksAside } from '../set-aside-store.js';
import { judgeRenewals, judgeUnpaid } from './judge.js';
import type { Unpaid } from './judge.js';
import { findGraces, lockDueRenewals, lockPayingWallets, takeTurn } from './store.js';
import type { DueRenewal } from './store.js';
import { writeRenewals } from './write.js';

/**
 * Charges a batch of rentals for the cycle that has fallen due, each missed cycle once, dated by its own due time. What
 * a wallet does not cover is past due: tried again daily and when money comes in, and released when the grace is over.
 * Rentals that are being released are not charged. Raises forbidden.
 */
export async function renewRentals({ ctx, input }: { ctx: Context; input: DueScope }): Promise<DueBatch> {
  requireOperator(ctx);
  const now = ctx.clock.now();
  await setClocksAside(ctx.sql, 'charge', input, ctx.clock.now());
  return inTransaction(ctx.sql, async (tx) => {
    // The accounts on a clock are moved by whoever holds that clock's lock; that is a turn of its own.
    if (input.clockId === null && !(await takeTurn(tx))) return batchOf([]);
    const due = beforeTheNextCycle(await lockDueRenewals(tx, input, now, dueBatchMax));
    if (due.length === 0) return batchOf(due);
    const walletIds = [...new Set(due.map((rental) => rental.walletId))].sort((a, b) => a - b);
    const wallets = await lockPayingWallets(tx, walletIds);
    const { renewed, unpaid } = judgeRenewals(due, new Map(wallets.map((wallet) => [wallet.id, wallet])));
    await writeRenewals({ ...ctx, sql: tx }, renewed, await judgeAllUnpaid(tx, unpaid, now));
    return batchOf(due);
  });
}

/**
 * Those of a batch whose charge fell due before any of them has another one due: what comes after that waits for the next
 * batch, so that a short wallet pays in order even after a standstill of several cycles.
 */
function beforeTheNextCycle(due: readonly DueRenewal[]): DueRenewal[] {
  const next = due.map(({ cycle, startedAt, cycleNumber }) => cycleStart(cycle, startedAt, cycleNumber + 2));
  const end = next.reduce((earliest, at) => (at < earliest ? at : earliest), next[0] ?? new Date(0));
  return due.filter((rental) => rental.nextChargeAt < end);
}

async function judgeAllUnpaid(sql: Sql, unpaid: readonly DueRenewal[], now: Date): Promise<Unpaid[]> {
  const graces = await findGraces(
    sql,
    unpaid.map((rental) => rental.id),
  );
  return unpaid.map((rental) =>
    judgeUnpaid(rental, present(graces.get(rental.id), 'every rental has its policies'), now),
  );
}
