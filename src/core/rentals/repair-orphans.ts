import { inTransaction } from '../../database/transaction.js';
import { lockStandings, requireOperator } from '../authority/index.js';
import { getAccount } from '../accounts/index.js';
import type { Account, Context } from '../context.js';
import { clockOf } from '../context.js';
import { cancelHolds } from '../sales/index.js';
import { move } from './hand-over.js';
import { isStillHeld } from '../number-life.js';
import { endNow } from './release-number.js';
import { listClosedHolders, listOpenRentals, lockOpenRental } from './store.js';
import type { ClosedHolder } from './store.js';

/** Closed accounts mended in one call at most; the rest is there for the next. */
const accountsMax = 1000;
/** Numbers of one closed account that are read at once. */
const rentalsMax = 1000;

export interface RepairInput {
  /** Give the numbers to the parent, which pays for them, or release them; without a parent they are released. */
  readonly numbers: 'to_parent' | 'release';
}

export interface RepairedRental {
  /** Public id of the closed account. */
  readonly account: string;
  readonly numberId: number;
  readonly rentalId: number;
  /** Public id of whoever has the number now; null when it was released. */
  readonly holder: string | null;
}

export interface Repair {
  readonly rentals: readonly RepairedRental[];
  /** Closed accounts whose holds were given up. */
  readonly accounts: readonly string[];
}

/**
 * Mends what `verify` calls an orphan: numbers of a closed account go to its parent, or are released without a window or
 * a fee, and its holds are given up. One transaction per account; each change is in the audit as the operator's.
 * Raises forbidden.
 */
export async function repairOrphans({ ctx, input }: { ctx: Context; input: RepairInput }): Promise<Repair> {
  requireOperator(ctx);
  const accounts = await listClosedHolders(ctx.sql, accountsMax);
  const rentals: RepairedRental[] = [];
  const mended: string[] = [];
  for (const holder of accounts) {
    rentals.push(...(await inTransaction(ctx.sql, (sql) => mend({ ...ctx, sql }, holder, input))));
    mended.push(holder.account);
  }
  return { rentals, accounts: mended };
}

async function mend(
  outer: Context,
  holder: ClosedHolder,
  { numbers }: RepairInput,
): Promise<RepairedRental[]> {
  const account = await getAccount({ ctx: outer, input: holder });
  const ctx = { ...outer, clock: clockOf(account, outer.clock) };
  const { id, parentId, publicId } = account;
  await lockStandings(ctx.sql, parentId === null ? [id] : [id, parentId], 'alone');
  const heir = numbers === 'release' ? null : await heirOf(ctx, holder);
  await cancelHolds(ctx, account);
  const now = ctx.clock.now();
  const page = { afterId: 0, offset: 0, limit: rentalsMax };
  const open = await listOpenRentals(ctx.sql, id, now, page);
  const mended: RepairedRental[] = [];
  for (const { id: rentalId } of [...open].sort((a, b) => a.numberId - b.numberId)) {
    const row = await lockOpenRental(ctx.sql, rentalId);
    if (row?.accountId !== id || !isStillHeld(row, now)) continue;
    if (heir) await move(ctx, row, account, heir, { forced: true });
    else await endNow(ctx, account, row);
    mended.push({ account: publicId, numberId: row.numberId, rentalId, holder: heir?.publicId ?? null });
  }
  return mended;
}

/** The parent, unless it is closed as well. */
async function heirOf(ctx: Context, { parent }: ClosedHolder): Promise<Account | null> {
  if (parent === null) return null;
  const account = await getAccount({ ctx, input: { account: parent } });
  return account.status === 'deleted' ? null : account;
}
