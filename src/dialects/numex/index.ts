import type { Dialect } from '../../http/dialect.js';
import type { Allowance } from '../../http/limits/limiter.js';
import { accountRoutes } from './accounts/routes.js';
import { documentRoutes } from './addresses/documents.js';
import { reviewRoutes } from './addresses/reviews.js';
import { addressRoutes } from './addresses/routes.js';
import { agentRoutes } from './agents/routes.js';
import { applicationRoutes } from './applications/routes.js';
import { assignmentRoutes } from './assignments/routes.js';
import { auditRoutes } from './audit/routes.js';
import { authentication } from './authenticate.js';
import { callRoutes } from './calls/routes.js';
import { catalogueRoutes } from './catalogue/routes.js';
import { clockRoutes } from './clocks/routes.js';
import { errors } from './errors.js';
import { nameOf } from './ids.js';
import type { Route } from './kit.js';
import { purchaseCheckRoutes } from './numbers/purchase-check.js';
import { numberRoutes } from './numbers/routes.js';
import { orderRoutes } from './orders/routes.js';
import { policyRoutes } from './policies/routes.js';
import { rentalRoutes } from './rentals/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { Problem } from './schemas.js';
import { subAccountRoutes } from './sub-accounts/routes.js';
import { trunkRoutes } from './trunks/routes.js';
import { walletRoutes } from './wallets/routes.js';
import { eventRoutes } from './webhooks/event-routes.js';
import { webhookRoutes } from './webhooks/routes.js';

const routes: readonly Route[] = [
  ...catalogueRoutes,
  ...numberRoutes,
  ...purchaseCheckRoutes,
  ...reservationRoutes,
  ...orderRoutes,
  ...rentalRoutes,
  ...assignmentRoutes,
  ...callRoutes,
  ...agentRoutes,
  ...trunkRoutes,
  ...applicationRoutes,
  ...addressRoutes,
  ...documentRoutes,
  ...reviewRoutes,
  ...webhookRoutes,
  ...eventRoutes,
  ...walletRoutes,
  ...accountRoutes,
  ...subAccountRoutes,
  ...policyRoutes,
  ...auditRoutes,
  ...clockRoutes,
];

/** The own API: everything that Numex can do, under the words of its glossary. */
export const numex: Dialect = {
  name: 'numex',
  prefix: '/numex/v1',
  routes: routes.map((route) => ({
    method: route.method,
    path: route.path,
    status: route.status,
    answer: route.answer,
    admitUpload: route.admitUpload,
    schema: schemaOf(route),
  })),
  authentication,
  limits: { requestsPerMinute: 600, headers: allowanceHeaders },
  errors,
  nameOf,
};

function schemaOf(route: Route) {
  const { method, status, tag, summary, query, params, body, reply, admitUpload, produces } = route;
  const idempotency = {
    type: 'object',
    properties: {
      'idempotency-key': {
        type: 'string',
        description: 'A repeat with the same key and request gets the first answer again',
      },
    },
  };
  return {
    tags: [tag],
    summary,
    security: [{ key: [] }],
    ...(admitUpload ? { consumes: ['application/json', 'multipart/form-data'] } : {}),
    ...(produces ? { produces: [...produces] } : {}),
    ...(query ? { querystring: query } : {}),
    ...(params ? { params } : {}),
    ...(body ? { body } : {}),
    ...(method === 'GET' ? {} : { headers: idempotency }),
    response: { [status]: reply, '4xx': Problem, '5xx': Problem },
  };
}

/** `RateLimit` and `RateLimit-Policy` as the IETF draft has them. */
function allowanceHeaders({ limit, remaining, resetSeconds }: Allowance) {
  return {
    'ratelimit-policy': `"minute";q=${limit};w=60`,
    ratelimit: `"minute";r=${remaining};t=${resetSeconds}`,
  };
}
