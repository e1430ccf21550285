import { actingAccount } from '../../../core/authority/index.js';
import { buyNumber } from '../../../core/sales/index.js';
import { getRental } from '../../../core/rentals/index.js';
import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { renderHeld } from '../numbers/response.js';
import { accountPath } from '../paths.js';
import { purchaseWanted } from './request.js';

/** Contract 4: set-up fee and first month at once; the parent pays for a sub-account. */
export const purchaseRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path: `${accountPath}/numbers/purchase-from-inventory`,
    errors: {
      said: { not_found: flat(404, 'not_found', 'number not found in inventory') },
      fault: 'failed to purchase number',
    },
    answer: async (ctx, asked) => {
      const { numberId, ...currencies } = await purchaseWanted(ctx, asked.body);
      const input = { line: { numberId }, ...currencies, unmetRequirements: 'await' } as const;
      const { rentalId } = await buyNumber({ ctx, input });
      const rental = await getRental({ ctx, input: { rentalId } });
      const account = actingAccount(ctx).publicId;
      const [held] = await renderHeld(ctx, [{ ...rental, account }]);
      return {
        message: 'Number purchased successfully',
        number: { ...held, auth_id: account, source: 'inventory' },
        items: [
          {
            id: held?.id,
            account_id: account,
            e164: held?.e164,
            country: held?.country,
            region: held?.region,
            capabilities: held?.capabilities,
            status: held?.status,
            monthly_fee: held?.monthly_fee,
            currency: held?.currency,
          },
        ],
      };
    },
  },
];
