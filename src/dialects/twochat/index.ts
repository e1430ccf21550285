import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';
import { faultSentence } from '../../http/failure.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { limiterKey, limiterOf, refuseUnknownRoutes, serveWire } from '../../http/wire.js';
import type { Wire, WireRoute } from '../../http/wire.js';
import { authenticate } from './authenticate.js';
import { errorBody, statusOf } from './errors.js';
import { groupRoutes } from './groups/routes.js';
import { infoRoutes } from './info/routes.js';
import { locationRoutes } from './locations/routes.js';
import { purchaseRoutes } from './purchase/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { virtualNumberRoutes } from './virtual-numbers/routes.js';

/** Requests per key and minute, as the vendor's published sample has it (contract 1.5). */
const requestsPerMinute = 80;

/** The 2Chat dialect: everything below `/open`. docs/dialects/2chat.md says what it covers. */
export function twochat(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = limiterOf(exchange, requestsPerMinute);
    const counts = new Map<number, number>();
    const routes: readonly WireRoute[] = [
      ...locationRoutes,
      ...groupRoutes,
      ...reservationRoutes,
      ...purchaseRoutes,
      ...virtualNumberRoutes,
      ...infoRoutes({ requestsPerMinute, requestCount: (accountId) => counts.get(accountId) ?? 0 }),
    ];
    const wire: Wire = {
      exchange,
      classify,
      admit: async (request) => {
        const actor = await authenticate(exchange, request);
        await limiter.take(limiterKey(actor));
        const { id } = actor.account;
        counts.set(id, (counts.get(id) ?? 0) + 1);
        return actor;
      },
      explain,
    };
    serveWire(server, wire, routes);
    refuseUnknownRoutes(server, wire);
    done();
  };
}

function explain(failure: DomainError | undefined, request: FastifyRequest, reply: FastifyReply) {
  return failure
    ? reply.status(statusOf(failure)).send(errorBody(failure.message))
    : reply.status(500).send(errorBody(faultSentence(request)));
}
