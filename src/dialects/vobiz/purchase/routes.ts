import { flat, insufficientBalance } from '../errors.js';
import type { Say, VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { purchaseWanted } from './read.js';
import { renderBought } from './render.js';
import { buyAndShow } from './verbs.js';

const noSuchWallet = flat(
  400,
  'invalid request',
  'currency: must be the currency of a wallet of this account',
);

/** A currency that the buyer names and has no wallet in is a wrong field; no wallet at all is no money. */
const noWallet: Say = (failure, request) => {
  const { currency } = request.body as { readonly currency?: unknown };
  return (typeof currency === 'string' ? noSuchWallet : insufficientBalance)(failure, request);
};

/** Contract 4: set-up fee and first month at once; the parent pays for a sub-account. */
export const purchaseRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path: `${accountPath}/numbers/purchase-from-inventory`,
    errors: {
      said: {
        not_found: flat(404, 'not_found', 'number not found in inventory'),
        no_wallet: noWallet,
      },
      fault: 'failed to purchase number',
    },
    read: purchaseWanted,
    verb: buyAndShow,
    render: renderBought,
  }),
];
