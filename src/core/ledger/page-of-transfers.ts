import { assert } from '../../lib/assert.js';
import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { listWalletRows } from './store.js';
import { findTransferPage, sumTransfers } from './transfer-pages-store.js';
import type { TransferFilters, TransferLine, TransferSum } from './transfer-pages-store.js';

/** Transfers on one page at most. */
export const transferPageMax = 1000;
/** Transfers in front of a page at most: a page by offset reads and drops them. */
const transferOffsetMax = 1_000_000;

/**
 * A page by offset of what moved the money that pays for the acting account, over all wallets, the latest posting
 * first; with how many fit the filters and their sums. A sub-account sees its parent's.
 *
 * Raises forbidden, account_blocked.
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
}): Promise<{ transfers: TransferLine[]; total: number; sums: TransferSum[] }> {
  const { filters, page } = input;
  assert(page.offset >= 0 && page.limit <= transferPageMax, 'a surface keeps to the page size');
  const account = actingAccount(ctx);
  const wallets = await listWalletRows(ctx.sql, account.parentId ?? account.id);
  const walletIds = wallets.map((wallet) => wallet.id);
  const [transfers, sums] = await Promise.all([
    page.offset > transferOffsetMax ? [] : findTransferPage(ctx.sql, walletIds, filters, page),
    sumTransfers(ctx.sql, walletIds, filters),
  ]);
  const total = sums.reduce((all, sum) => all + sum.count, 0);
  return { transfers, total, sums };
}
