import type { Dialect } from '../../http/dialect.js';
import { accountRoutes } from './account/routes.js';
import { applicationRoutes } from './applications/routes.js';
import { authentication } from './authenticate.js';
import { callRoutes } from './calls/routes.js';
import { errors } from './errors.js';
import { handOverRoutes } from './hand-over/routes.js';
import { nameOf } from './ids.js';
import { inventoryRoutes } from './inventory/routes.js';
import { numberRoutes } from './numbers/routes.js';
import { purchaseRoutes } from './purchase/routes.js';
import { releaseRoutes } from './release/routes.js';
import { routingRoutes } from './routing/routes.js';
import { subAccountRoutes } from './sub-accounts/routes.js';
import { transactionRoutes } from './transactions/routes.js';
import { trunkRoutes } from './trunks/routes.js';

/** The Vobiz dialect: everything below `/api/v1`. docs/dialects/vobiz.md says what it covers. */
export const vobiz: Dialect = {
  name: 'vobiz',
  prefix: '/api/v1',
  routes: [
    ...numberRoutes,
    ...inventoryRoutes,
    ...purchaseRoutes,
    ...releaseRoutes,
    ...routingRoutes,
    ...trunkRoutes,
    ...applicationRoutes,
    ...handOverRoutes,
    ...subAccountRoutes,
    ...accountRoutes,
    ...transactionRoutes,
    ...callRoutes,
  ],
  authentication,
  // Contract 1.5: where a sub-account's parent has set another limit, that one.
  limits: { requestsPerMinute: 1000, ownLimitReplaces: true },
  errors,
  nameOf,
};
