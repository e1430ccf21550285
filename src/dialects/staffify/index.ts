import type { Dialect } from '../../http/dialect.js';
import type { Allowance } from '../../http/limits/limiter.js';
import { addressRoutes } from './addresses/routes.js';
import { agentRoutes } from './agents/routes.js';
import { authentication } from './authenticate.js';
import { creditRoutes } from './credits/routes.js';
import { errors } from './errors.js';
import { nameOf } from './ids.js';
import { phoneNumberRoutes } from './phone-numbers/routes.js';
import { webhookRoutes } from './webhooks/routes.js';
import { concurrentCallLimit, requestsPerMinute, tier } from './tier.js';

/**
 * The Staffify dialect: its paths below `/v1`, which it shares with another dialect. docs/dialects/staffify.md says what
 * it covers.
 */
export const staffify: Dialect = {
  name: 'staffify',
  prefix: '/v1',
  claims: ['phone-numbers', 'agents', 'addresses', 'credits', 'webhooks', 'project'],
  routes: [...phoneNumberRoutes, ...agentRoutes, ...addressRoutes, ...creditRoutes, ...webhookRoutes],
  authentication,
  limits: { requestsPerMinute, headers: allowanceHeaders },
  errors,
  nameOf,
  knownCallerHeaders: { 'x-ratelimit-tier': tier, 'x-concurrent-call-limit': concurrentCallLimit },
};

/** The reset in seconds since 1970 (contract 1.4). */
function allowanceHeaders({ limit, remaining, resetSeconds }: Allowance) {
  return {
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': Math.ceil(Date.now() / 1000) + resetSeconds,
  };
}
