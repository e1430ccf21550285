import { actingAccount } from '../../../core/authority/index.js';
import { getPayer } from '../../../core/accounts/index.js';
import { domainError } from '../../../core/errors.js';
import { listPayingWallets, payingWallet } from '../../../core/ledger/index.js';
import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { renderBalance, renderMe } from './response.js';

/** Contract 8.1: who calls, and the money that pays for it. */
export const accountRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path: '/auth/me',
    answer: async (ctx) => {
      const account = actingAccount(ctx);
      return renderMe(account, await listPayingWallets({ ctx, input: { account } }));
    },
  },
  {
    method: 'GET',
    path: `${accountPath}/balance/:currency`,
    answer: async (ctx, { params }) => {
      const currency = (params['currency'] ?? '').toUpperCase();
      const wallet = await payingWallet({ ctx, input: { account: actingAccount(ctx), currency } });
      if (!wallet) throw domainError('not_found', { kind: 'wallet', id: currency });
      return renderBalance(await getPayer({ ctx }), wallet);
    },
  },
];
