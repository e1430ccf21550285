import type { Dialect } from '../../http/dialect.js';
import type { Allowance } from '../../http/limits/limiter.js';
import type { WireRoute } from '../../http/wire.js';
import { accountRoutes } from './accounts/routes.js';
import { documentRoutes } from './addresses/documents.js';
import { reviewRoutes } from './addresses/reviews.js';
import { addressRoutes } from './addresses/routes.js';
import { agentRoutes } from './agents/routes.js';
import { applicationRoutes } from './applications/routes.js';
import { assignmentRoutes } from './assignments/routes.js';
import { auditRoutes } from './audit/routes.js';
import { authentication } from './authenticate.js';
import { healthRoutes } from './calls/health-routes.js';
import { recordRoutes } from './calls/record-routes.js';
import { callRoutes } from './calls/routes.js';
import { groupRoutes } from './catalogue/group-routes.js';
import { catalogueRoutes } from './catalogue/routes.js';
import { clockRoutes } from './clocks/routes.js';
import { errors } from './errors.js';
import { nameOf } from './ids.js';
import { purchaseCheckRoutes } from './numbers/purchase-check.js';
import { numberRoutes } from './numbers/routes.js';
import { orderRoutes } from './orders/routes.js';
import { policyRoutes } from './policies/routes.js';
import { priceRoutes } from './prices/routes.js';
import { owedRoutes } from './rentals/owed-routes.js';
import { rentalRoutes } from './rentals/routes.js';
import { revenueRoutes } from './revenue/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { stockChangeRoutes } from './stock/change-routes.js';
import { stockRoutes } from './stock/routes.js';
import { handOverRoutes } from './sub-accounts/hand-over-routes.js';
import { subAccountRoutes } from './sub-accounts/routes.js';
import { trunkRoutes } from './trunks/routes.js';
import { moneyRoutes } from './wallets/money-routes.js';
import { walletRoutes } from './wallets/routes.js';
import { statementRoutes } from './wallets/statement-routes.js';
import { eventRoutes } from './webhooks/event-routes.js';
import { webhookRoutes } from './webhooks/routes.js';

const routes: readonly WireRoute[] = [
  ...catalogueRoutes,
  ...groupRoutes,
  ...numberRoutes,
  ...purchaseCheckRoutes,
  ...reservationRoutes,
  ...orderRoutes,
  ...rentalRoutes,
  ...owedRoutes,
  ...assignmentRoutes,
  ...recordRoutes,
  ...callRoutes,
  ...healthRoutes,
  ...agentRoutes,
  ...trunkRoutes,
  ...applicationRoutes,
  ...addressRoutes,
  ...documentRoutes,
  ...reviewRoutes,
  ...webhookRoutes,
  ...eventRoutes,
  ...walletRoutes,
  ...statementRoutes,
  ...moneyRoutes,
  ...revenueRoutes,
  ...accountRoutes,
  ...subAccountRoutes,
  ...handOverRoutes,
  ...policyRoutes,
  ...priceRoutes,
  ...auditRoutes,
  ...stockRoutes,
  ...stockChangeRoutes,
  ...clockRoutes,
];

/** The own API: everything that Numex can do, under the words of its glossary. */
export const numex: Dialect = {
  name: 'numex',
  prefix: '/numex/v1',
  routes,
  authentication,
  limits: { requestsPerMinute: 600, headers: allowanceHeaders },
  errors,
  nameOf,
};

/** `RateLimit` and `RateLimit-Policy` as the IETF draft has them. */
function allowanceHeaders({ limit, remaining, resetSeconds }: Allowance) {
  return {
    'ratelimit-policy': `"minute";q=${limit};w=60`,
    ratelimit: `"minute";r=${remaining};t=${resetSeconds}`,
  };
}
