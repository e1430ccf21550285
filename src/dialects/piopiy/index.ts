import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';
import { failureOf } from '../../http/failure.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { perMinute, unlimited } from '../../http/rate-limit.js';
import { agentRoutes } from './agents/routes.js';
import { accountContext, authenticate } from './authenticate.js';
import { availableNumberRoutes } from './available-numbers/routes.js';
import { answerTo, errorBody } from './errors.js';
import type { Route } from './kit.js';
import type { Query } from './parse.js';
import { purchasedNumberRoutes } from './purchased-numbers/routes.js';
import { routingRoutes } from './routing/routes.js';

/** Requests per key and minute (contract 1.3). */
const requestsPerMinute = 60;

const routes: readonly Route[] = [
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
    const limiter = exchange.rateLimits ? perMinute(requestsPerMinute) : unlimited;
    server.decorateRequest('actor');
    // Before the body is even read: a stranger learns nothing, not even what is malformed.
    server.addHook('onRequest', async (request) => {
      const actor = await authenticate(exchange, request);
      await limiter.take(actor.kind === 'system' ? 'system' : String(actor.keyId));
      request.setDecorator('actor', actor);
    });
    for (const { method, path, answer } of routes) {
      server.route({
        method,
        url: path,
        handler: async (request, reply) => {
          const ctx = accountContext(exchange, request, request.getDecorator<Actor>('actor'));
          const { query, params, body } = request;
          const asked = { query: query as Query, params: params as Record<string, string>, body };
          return reply.send(await answer(ctx, asked));
        },
      });
    }
    refuseOtherVerbs(server);
    server.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, classify));
    // A prefix has one such handler: a dialect that shares `/v1` must not set another.
    server.setNotFoundHandler((request, reply) => {
      const error = domainError('not_found', { kind: 'route', id: `${request.method} ${request.url}` });
      return answerFailure(error, request, reply, classify);
    });
    done();
  };
}

/** A known path with another verb is 405, and `Allow` says which would do. */
function refuseOtherVerbs(server: FastifyInstance): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const verbs: string[] = routes.filter((route) => route.path === path).map((route) => route.method);
    const allowed = verbs.includes('GET') ? [...verbs, 'HEAD'] : verbs;
    server.route({
      method: server.supportedMethods.filter((method) => !allowed.includes(method)),
      url: path,
      handler: (request, reply) =>
        reply
          .status(405)
          .header('allow', allowed.join(', '))
          .send(errorBody('method_not_allowed', `${request.method} is not allowed here`, request.id)),
    });
  }
}

function answerFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  classify: ClassifyFailure,
): FastifyReply {
  const failure = failureOf(error, classify);
  if (!failure) {
    request.log.error({ err: error }, 'request failed');
    const message = 'Something went wrong on our side; nothing was changed';
    return reply.status(500).send(errorBody('internal', message, request.id));
  }
  if (failure.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  if (failure.failure.code === 'rate_limited') {
    void reply.header('retry-after', failure.failure.details.retryAfterSeconds);
  }
  const { status, code } = answerTo(failure);
  return reply.status(status).send(errorBody(code, failure.message, request.id));
}
