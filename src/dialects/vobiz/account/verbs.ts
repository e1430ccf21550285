import { getOwnProfile } from '../../../core/accounts/index.js';
import type { SubAccountProfile } from '../../../core/accounts/index.js';
import { actingAccount } from '../../../core/authority/index.js';
import type { Context } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { listPayingWallets, listWallets } from '../../../core/ledger/index.js';
import type { WalletRow } from '../../../core/ledger/index.js';

/** The calling account beside its row. */
export interface Me {
  readonly profile: Pick<SubAccountProfile, 'email' | 'phone' | 'description'>;
  /** The account's own first wallet; a sub-account usually has none. */
  readonly wallet: WalletRow | undefined;
  /** In which it is shown prices. */
  readonly currency: string | undefined;
}

export async function getMe({ ctx }: { ctx: Context }): Promise<Me> {
  const account = actingAccount(ctx);
  const [profile, own, paying] = await Promise.all([
    getOwnProfile({ ctx }),
    listWallets({ ctx, input: { account } }),
    listPayingWallets({ ctx, input: { account } }),
  ]);
  return { profile, wallet: own[0], currency: paying[0]?.currency };
}

/** One of the account's own wallets. Raises not_found (wallet). */
export async function getOwnWallet({
  ctx,
  input: { currency },
}: {
  ctx: Context;
  input: { readonly currency: string };
}): Promise<WalletRow> {
  const wallets = await listWallets({ ctx, input: { account: actingAccount(ctx) } });
  const wallet = wallets.find((candidate) => candidate.currency === currency);
  if (!wallet) throw domainError('not_found', { kind: 'wallet', id: currency });
  return wallet;
}
