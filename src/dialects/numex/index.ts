import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { limiterKey, limiterOf, refuseUnknownRoutes, serveWire } from '../../http/wire.js';
import type { Wire } from '../../http/wire.js';
import type { Allowance } from '../../http/rate-limit.js';
import { documentRoutes } from './addresses/documents.js';
import { reviewRoutes } from './addresses/reviews.js';
import { addressRoutes } from './addresses/routes.js';
import { accountRoutes } from './accounts/routes.js';
import { agentRoutes } from './agents/routes.js';
import { assignmentRoutes } from './assignments/routes.js';
import { auditRoutes } from './audit/routes.js';
import { authenticate } from './authenticate.js';
import { callRoutes } from './calls/routes.js';
import { catalogueRoutes } from './catalogue/routes.js';
import { faultOf, problemOf } from './errors.js';
import type { Route } from './kit.js';
import { purchaseCheckRoutes } from './numbers/purchase-check.js';
import { clockRoutes } from './clocks/routes.js';
import { numberRoutes } from './numbers/routes.js';
import { policyRoutes } from './policies/routes.js';
import { orderRoutes } from './orders/routes.js';
import { rentalRoutes } from './rentals/routes.js';
import { reservationRoutes } from './reservations/routes.js';
import { Problem } from './schemas.js';
import { applicationRoutes } from './applications/routes.js';
import { subAccountRoutes } from './sub-accounts/routes.js';
import { trunkRoutes } from './trunks/routes.js';
import { eventRoutes } from './webhooks/event-routes.js';
import { webhookRoutes } from './webhooks/routes.js';
import { walletRoutes } from './wallets/routes.js';

const requestsPerMinute = 600;

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
export function numex(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = limiterOf(exchange, requestsPerMinute);
    checkInput(server);
    const wire: Wire = {
      exchange,
      classify,
      admit: async (request, reply) => {
        const actor = await authenticate(exchange, request);
        setAllowance(reply, await limiter.take(limiterKey(actor)));
        return actor;
      },
      explain,
    };
    const wireRoutes = routes.map((route) => ({
      method: route.method,
      path: route.path,
      status: route.status,
      answer: route.answer,
      admitUpload: route.admitUpload,
      schema: schemaOf(route),
    }));
    serveWire(server, wire, wireRoutes);
    refuseUnknownRoutes(server, wire);
    done();
  };
}

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

/** Query and path arrive as text and are read as what their schema says; a body must be of the right types as it is. */
function checkInput(server: FastifyInstance): void {
  const lenient = withFormats(new Ajv({ coerceTypes: 'array', strict: false }));
  const strict = withFormats(new Ajv({ strict: false }));
  server.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' || httpPart === 'headers' ? strict : lenient).compile(schema as object),
  );
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv);
  return ajv;
}

/** `RateLimit` and `RateLimit-Policy` as the IETF draft has them. */
function setAllowance(reply: FastifyReply, allowance: Allowance | undefined): void {
  if (!allowance) return;
  const { limit, remaining, resetSeconds } = allowance;
  void reply.header('ratelimit-policy', `"minute";q=${limit};w=60`);
  void reply.header('ratelimit', `"minute";r=${remaining};t=${resetSeconds}`);
}

function explain(failure: DomainError | undefined, request: FastifyRequest, reply: FastifyReply) {
  void reply.type('application/problem+json');
  if (!failure) return reply.status(500).send(faultOf(request));
  if (failure.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  if (failure.failure.code === 'rate_limited') {
    const { retryAfterSeconds } = failure.failure.details;
    setAllowance(reply, { limit: requestsPerMinute, remaining: 0, resetSeconds: retryAfterSeconds });
  }
  const problem = problemOf(failure, request.id);
  return reply.status(problem.status).send(problem);
}
