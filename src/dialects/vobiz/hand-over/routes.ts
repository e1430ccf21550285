import { getSubAccount } from '../../../core/accounts/index.js';
import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { handToSubAccount, subAccountHolding, takeBackFromSubAccount } from '../../../core/rentals/index.js';
import type { Query } from '../../../http/wire.js';
import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { numberIdInPath } from '../numbers/request.js';
import { invalid, objectBody, requiredField } from '../../../http/body.js';
import { flagOf } from '../parse.js';
import { numberPath } from '../paths.js';

const path = `${numberPath}/assign-subaccount`;
const noSuch = flat(404, 'not_found', 'number or sub-account not found');
const notThere = { not_found: noSuch, wrong_state: noSuch };

/** Contract 7.1 and 7.2: a number passes from the parent to a sub-account, and back after the cool-off. */
export const handOverRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path,
    status: 204,
    errors: { said: notThere },
    answer: async (ctx, { params, body }) => {
      const account = requiredField(objectBody(body), 'sub_account_id');
      if (!/^SA_\w+$/.test(account)) throw invalid('sub_account_id', 'must be the auth id of a sub-account');
      const numberId = numberIdInPath(ctx, params);
      const subAccount = await getSubAccount({ ctx, input: { account } });
      await handToSubAccount({ ctx, input: { numberId, subAccount } });
    },
  },
  {
    method: 'DELETE',
    path,
    status: 204,
    errors: { said: { ...notThere, forbidden: flat(403, 'forbidden') } },
    answer: async (ctx, { params, query }) => {
      const numberId = numberIdInPath(ctx, params);
      const coolOff = coolOffWanted(ctx, query);
      const account = await subAccountHolding({ ctx, input: { numberId } });
      const holder = await getSubAccount({ ctx, input: { account } });
      await takeBackFromSubAccount({ ctx, input: { numberId, holder, coolOff } });
    },
  },
];

/** The verb refuses as well; here it is refused in the vendor's words, whether or not a cool-off runs. */
function coolOffWanted({ actor }: RootContext, query: Query): 'override' | 'respect' {
  if (flagOf(query, 'force') !== true) return 'respect';
  if (actor.kind !== 'operator') {
    throw domainError('forbidden', { reason: 'force requires an admin account' });
  }
  return 'override';
}
