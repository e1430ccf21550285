import { accountOf } from '../../core/context.js';
import { namedHeader } from '../../http/credentials.js';
import type { Dialect } from '../../http/dialect.js';
import { errors } from './errors.js';
import { groupRoutes } from './groups/routes.js';
import { nameOf } from './ids.js';
import { infoRoutes } from './info/routes.js';
import { locationRoutes } from './locations/routes.js';
import { purchaseRoutes } from './purchase/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { virtualNumberRoutes } from './virtual-numbers/routes.js';

/** As the vendor's published sample has it (contract 1.5). */
const requestsPerMinute = 80;

/**
 * The 2Chat dialect: everything below `/open`. docs/dialects/2chat.md says what it covers. Each server counts the requests
 * that it has answered, since the wire wants to know.
 */
export function twochat(): Dialect {
  const counts = new Map<number, number>();
  return {
    name: '2chat',
    prefix: '/open',
    routes: [
      ...locationRoutes,
      ...groupRoutes,
      ...reservationRoutes,
      ...purchaseRoutes,
      ...virtualNumberRoutes,
      ...infoRoutes({ requestsPerMinute, requestCount: (accountId) => counts.get(accountId) ?? 0 }),
    ],
    // Contract 1.1: an operator's key has no account.
    authentication: { credentials: namedHeader('x-user-api-key'), operators: false },
    limits: { requestsPerMinute },
    errors,
    nameOf,
    admitted: (actor) => {
      const id = accountOf(actor)?.id;
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    },
  };
}
