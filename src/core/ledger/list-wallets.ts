import { domainError } from '../errors.js';
import type { Account, Context } from '../context.js';
import { listTransferRows, listWalletRows } from './store.js';
import type { LedgerLine, WalletRow } from './store.js';

/** An account's wallets, first opened first: the first is the one used where a caller names no currency. */
export async function listWallets({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account };
}): Promise<WalletRow[]> {
  return listWalletRows(ctx.sql, input.account.id);
}

/** A wallet's transfers, newest first, below `beforeId`. Raises no_wallet. */
export async function listTransfers({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly account: Account;
    readonly currency: string;
    readonly beforeId: number;
    readonly limit: number;
  };
}): Promise<LedgerLine[]> {
  const wallets = await listWalletRows(ctx.sql, input.account.id);
  const wallet = wallets.find((candidate) => candidate.currency === input.currency);
  if (!wallet) throw domainError('no_wallet', { currency: input.currency });
  return listTransferRows(ctx.sql, wallet.id, input.beforeId, input.limit);
}

/** The wallets that pay for an account, first opened first: its own, or its parent's. */
export async function listPayingWallets({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account };
}): Promise<WalletRow[]> {
  return listWalletRows(ctx.sql, input.account.parentId ?? input.account.id);
}

/** The wallet in one currency that pays for an account: its own, or its parent's. Undefined when there is none. */
export async function payingWallet({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account; readonly currency: string };
}): Promise<WalletRow | undefined> {
  const { account, currency } = input;
  const wallets = await listWalletRows(ctx.sql, account.parentId ?? account.id);
  return wallets.find((wallet) => wallet.currency === currency);
}

/**
 * The wallet that a purchase of this account would be paid from: the preferred currency's if there is one, else the
 * first; the parent's for a sub-account. Undefined when the payer has no wallet.
 */
export async function walletForPurchase({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account; readonly preferCurrency?: string | undefined };
}): Promise<WalletRow | undefined> {
  const { account, preferCurrency } = input;
  const wallets = await listWalletRows(ctx.sql, account.parentId ?? account.id);
  return wallets.find((wallet) => wallet.currency === preferCurrency) ?? wallets[0];
}
