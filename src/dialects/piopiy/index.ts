import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';
import { faultSentence } from '../../http/failure.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { limiterKey, limiterOf, refuseOtherVerbs, refuseUnknownRoutes, serveWire } from '../../http/wire.js';
import type { Wire, WireRoute } from '../../http/wire.js';
import { agentRoutes } from './agents/routes.js';
import { authenticate } from './authenticate.js';
import { availableNumberRoutes } from './available-numbers/routes.js';
import { answerTo, errorBody } from './errors.js';
import { purchasedNumberRoutes } from './purchased-numbers/routes.js';
import { routingRoutes } from './routing/routes.js';

/** Requests per key and minute (contract 1.3). */
const requestsPerMinute = 60;

const routes: readonly WireRoute[] = [
  ...availableNumberRoutes,
  ...purchasedNumberRoutes,
  ...routingRoutes,
  ...agentRoutes,
];

/**
 * The Piopiy dialect: its paths below `/v1`. docs/dialects/piopiy.md says what it covers. Another dialect may live under
 * the same prefix, with its own paths and errors; what no dialect claims there is answered here.
 */
export function piopiy(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = limiterOf(exchange, requestsPerMinute);
    const wire: Wire = {
      exchange,
      classify,
      admit: async (request) => {
        const actor = await authenticate(exchange, request);
        await limiter.take(limiterKey(actor));
        return actor;
      },
      explain,
    };
    serveWire(server, wire, routes);
    refuseUnknownRoutes(server, wire);
    refuseOtherVerbs(server, routes, (request, reply, allowed) =>
      reply
        .status(405)
        .header('allow', allowed.join(', '))
        .send(errorBody('method_not_allowed', `${request.method} is not allowed here`, request.id)),
    );
    done();
  };
}

function explain(failure: DomainError | undefined, request: FastifyRequest, reply: FastifyReply) {
  if (!failure) {
    return reply.status(500).send(errorBody('internal', faultSentence(request), request.id));
  }
  if (failure.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  const { status, code } = answerTo(failure);
  return reply.status(status).send(errorBody(code, failure.message, request.id));
}
