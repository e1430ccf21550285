import { assert } from '../../lib/assert.js';
import { totalWith } from '../../lib/total.js';
import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { listWalletRows } from './store.js';
import { findTransferPage, sumTransfers } from './transfer-pages-store.js';
import type { TransferFilters, TransferLine, TransferSum } from './transfer-pages-store.js';

/** Transfers on one page at most. */
export const transferPageMax = 1000;
/** Transfers in front of a page at most: a page by offset reads and drops them. */
const transferOffsetMax = 1_000_000;
/** Totals and sums are of the latest so many entries of each wallet and side; with filters, of those among more of them. */
export const transfersCountedMax = 10_000;
export const transfersLookedAtMax = 20_000;

export interface OwnedTransferLine extends TransferLine {
  /** False for a line of the parent's wallet. */
  readonly ofOwnWallet: boolean;
}

/**
 * A page by offset of what moved the money that pays for the acting account, over all wallets, the latest posting
 * first; with total and sums of the latest that fit. Of its parent's wallets a sub-account sees what was moved for
 * the numbers that it held at that time, and nothing else. Raises forbidden, account_blocked.
 */
export async function pageOfTransfers({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly filters: TransferFilters;
    readonly page: { readonly offset: number; readonly limit: number };
  };
}): Promise<{ transfers: OwnedTransferLine[]; total: number; sums: TransferSum[] }> {
  const { filters, page } = input;
  assert(page.offset >= 0 && page.limit <= transferPageMax, 'a surface keeps to the page size');
  const account = actingAccount(ctx);
  const { parentId } = account;
  const [own, paying] = await Promise.all([
    listWalletRows(ctx.sql, account.id),
    parentId === null ? [] : listWalletRows(ctx.sql, parentId),
  ]);
  const ownIds = own.map((wallet) => wallet.id);
  const scope = {
    walletIds: [...ownIds, ...paying.map((wallet) => wallet.id)],
    ownIds,
    onlyHeldBy: parentId === null ? undefined : account.id,
  };
  // A side is walked alone; every other filter drops some of what is looked at.
  const others = { ...filters, direction: undefined };
  const isFiltered = parentId !== null || Object.values(others).some((value) => value !== undefined);
  const lookedAtMax = isFiltered ? transfersLookedAtMax : transfersCountedMax;
  const [lines, { sums, isExact }] = await Promise.all([
    page.offset > transferOffsetMax ? [] : findTransferPage(ctx.sql, scope, filters, page),
    sumTransfers(ctx.sql, scope, filters, lookedAtMax),
  ]);
  const transfers = lines.map((line) => ({ ...line, ofOwnWallet: ownIds.includes(line.walletId) }));
  const counted = { total: sums.reduce((all, sum) => all + sum.count, 0), isExact };
  return { transfers, total: totalWith(counted, page, transfers.length), sums };
}
