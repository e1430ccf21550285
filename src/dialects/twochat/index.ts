import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actingAccount } from '../../core/accounts/index.js';
import { domainError } from '../../core/errors.js';
import { contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';
import { failureOf } from '../../http/failure.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { perMinute, unlimited } from '../../http/rate-limit.js';
import { authenticate } from './authenticate.js';
import { errorBody, statusOf } from './errors.js';
import { groupRoutes } from './groups/routes.js';
import { infoRoutes } from './info/routes.js';
import type { Route } from './kit.js';
import { locationRoutes } from './locations/routes.js';
import type { Query } from './parse.js';
import { purchaseRoutes } from './purchase/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { virtualNumberRoutes } from './virtual-numbers/routes.js';

/** Requests per key and minute, as the vendor's published sample has it (contract 1.5). */
const requestsPerMinute = 80;

/** The 2Chat dialect: everything below `/open`. docs/dialects/2chat.md says what it covers. */
export function twochat(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = exchange.rateLimits ? perMinute(requestsPerMinute) : unlimited;
    const counts = new Map<number, number>();
    const routes: readonly Route[] = [
      ...locationRoutes,
      ...groupRoutes,
      ...reservationRoutes,
      ...purchaseRoutes,
      ...virtualNumberRoutes,
      ...infoRoutes({ requestsPerMinute, requestCount: (accountId) => counts.get(accountId) ?? 0 }),
    ];
    for (const { method, path, status, answer } of routes) {
      server.route({
        method,
        url: path,
        onRequest: async (request) => {
          const actor = await authenticate(exchange, request);
          await limiter.take(actor.kind === 'key' ? String(actor.keyId) : '');
          request.setDecorator('actor', actor);
        },
        handler: async (request, reply) => {
          const ctx = contextOf(exchange, request, request.getDecorator('actor'));
          const { id } = actingAccount(ctx);
          counts.set(id, (counts.get(id) ?? 0) + 1);
          const asked = {
            query: request.query as Query,
            params: request.params as Record<string, string>,
            body: request.body,
          };
          return reply.status(status ?? 200).send(await answer(ctx, asked));
        },
      });
    }
    server.decorateRequest('actor');
    server.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, classify));
    server.setNotFoundHandler((request, reply) => answerUnknownRoute(exchange, request, reply, classify));
    done();
  };
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
    return reply.status(500).send(errorBody('Something went wrong on our side; nothing was changed'));
  }
  if (failure.failure.code === 'rate_limited') {
    void reply.header('retry-after', failure.failure.details.retryAfterSeconds);
  }
  return reply.status(statusOf(failure)).send(errorBody(failure.message));
}

/** Unknown paths are told apart from a missing key only for those who have one. */
async function answerUnknownRoute(
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  classify: ClassifyFailure,
): Promise<FastifyReply> {
  try {
    await authenticate(exchange, request);
    throw domainError('not_found', { kind: 'route', id: `${request.method} ${request.url}` });
  } catch (error) {
    return answerFailure(error, request, reply, classify);
  }
}
