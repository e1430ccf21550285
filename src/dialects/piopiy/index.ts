import { bearer } from '../../http/credentials.js';
import type { Dialect } from '../../http/dialect.js';
import { agentRoutes } from './agents/routes.js';
import { availableNumberRoutes } from './available-numbers/routes.js';
import { errors } from './errors.js';
import { nameOf } from './ids.js';
import { purchasedNumberRoutes } from './purchased-numbers/routes.js';
import { routingRoutes } from './routing/routes.js';

/**
 * The Piopiy dialect: its paths below `/v1`. docs/dialects/piopiy.md says what it covers. Another dialect may live under
 * the same prefix, with its own paths and errors; what no dialect claims there is answered here.
 */
export const piopiy: Dialect = {
  name: 'piopiy',
  prefix: '/v1',
  routes: [...availableNumberRoutes, ...purchasedNumberRoutes, ...routingRoutes, ...agentRoutes],
  // Contract 1.1: an operator's key has no account and so nothing to do here.
  authentication: { credentials: bearer, operators: false },
  // Contract 1.3.
  limits: { requestsPerMinute: 60 },
  errors,
  nameOf,
};
