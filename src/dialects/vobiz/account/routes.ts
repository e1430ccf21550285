import { actingAccount } from '../../../core/authority/index.js';
import { getOwnProfile } from '../../../core/accounts/index.js';
import { domainError } from '../../../core/errors.js';
import { listPayingWallets, listWallets } from '../../../core/ledger/index.js';
import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { renderBalance, renderMe } from './response.js';

/** Contract 8.1: who calls, and its own money; a sub-account is not shown its parent's. */
export const accountRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path: '/auth/me',
    answer: async (ctx) => {
      const account = actingAccount(ctx);
      const [profile, own, paying] = await Promise.all([
        getOwnProfile({ ctx }),
        listWallets({ ctx, input: { account } }),
        listPayingWallets({ ctx, input: { account } }),
      ]);
      return renderMe({
        apiId: ctx.requestId,
        account,
        profile,
        wallet: own[0],
        currency: paying[0]?.currency,
      });
    },
  },
  {
    method: 'GET',
    path: `${accountPath}/balance/:currency`,
    answer: async (ctx, { params }) => {
      const currency = (params['currency'] ?? '').toUpperCase();
      const account = actingAccount(ctx);
      const wallets = await listWallets({ ctx, input: { account } });
      const wallet = wallets.find((candidate) => candidate.currency === currency);
      if (!wallet) throw domainError('not_found', { kind: 'wallet', id: currency });
      return renderBalance(account, wallet);
    },
  },
];
