import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkKey } from '../../core/authority/index.js';
import type { DomainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';
import { faultSentence } from '../../http/failure.js';
import type { ClassifyFailure } from '../../http/failure.js';
import type { Allowance } from '../../http/rate-limit.js';
import { limiterOf, refuseOtherVerbs, serveWire, unknownRoute } from '../../http/wire.js';
import type { Wire, WireRoute } from '../../http/wire.js';
import { addressRoutes } from './addresses/routes.js';
import { agentRoutes } from './agents/routes.js';
import { authenticatorOf } from './authenticate.js';
import { creditRoutes } from './credits/routes.js';
import { answerTo, errorBody } from './errors.js';
import { phoneNumberRoutes } from './phone-numbers/routes.js';
import { webhookRoutes } from './webhooks/routes.js';
import { concurrentCallLimit, requestsPerMinute, tier } from './tier.js';

const routes: readonly WireRoute[] = [
  ...phoneNumberRoutes,
  ...agentRoutes,
  ...addressRoutes,
  ...creditRoutes,
  ...webhookRoutes,
];

/** First parts of the paths that are this dialect's; the rest of `/v1` is another's. */
const resources = ['phone-numbers', 'agents', 'addresses', 'credits', 'webhooks', 'project'] as const;

/**
 * The Staffify dialect: its paths below `/v1`, which it shares with another dialect. docs/dialects/staffify.md says what
 * it covers.
 */
export function staffify(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = limiterOf(exchange, requestsPerMinute);
    const { authenticate, wasHeldOff } = authenticatorOf(exchange);
    const wire: Wire = {
      exchange,
      classify,
      admit: async (request, reply) => {
        const actor = await authenticate(request);
        void reply.header('x-ratelimit-tier', tier);
        void reply.header('x-concurrent-call-limit', concurrentCallLimit);
        setAllowance(reply, await limiter.take(actor.account.publicId));
        checkKey(actor, isRead(request));
        return actor;
      },
      explain: (failure, request, reply) =>
        explain(failure, reply, {
          heldOff: wasHeldOff(request),
          inBody: request.method !== 'GET',
          fault: faultSentence(request),
        }),
    };
    serveWire(server, wire, routes);
    refuseOtherVerbs(server, routes, (request) => {
      throw unknownRoute(request);
    });
    for (const resource of resources) {
      server.all(`/${resource}/*`, (request) => {
        throw unknownRoute(request);
      });
    }
    done();
  };
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function setAllowance(reply: FastifyReply, allowance: Allowance | undefined): void {
  if (!allowance) return;
  const { limit, remaining, resetSeconds } = allowance;
  void reply.header('x-ratelimit-limit', limit);
  void reply.header('x-ratelimit-remaining', remaining);
  void reply.header('x-ratelimit-reset', Math.ceil(Date.now() / 1000) + resetSeconds);
}

function explain(
  failure: DomainError | undefined,
  reply: FastifyReply,
  how: { readonly heldOff: boolean; readonly inBody: boolean; readonly fault: string },
): FastifyReply {
  if (!failure) {
    return reply.status(500).send(errorBody('INTERNAL_ERROR', how.fault));
  }
  if (failure.failure.code === 'rate_limited') {
    const { retryAfterSeconds } = failure.failure.details;
    if (how.heldOff) {
      const more = { retryAfter: retryAfterSeconds };
      return reply.status(429).send(errorBody('AUTH_RATE_LIMITED', failure.message, more));
    }
    setAllowance(reply, { limit: requestsPerMinute, remaining: 0, resetSeconds: retryAfterSeconds });
  }
  const { status, body } = answerTo(failure, how.inBody);
  return reply.status(status).send(body);
}
