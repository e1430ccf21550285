import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actForNamed } from '../../core/accounts/index.js';
import type { Actor } from '../../core/context.js';
import type { DomainError } from '../../core/errors.js';
import { contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';
import type { ClassifyFailure } from '../../http/failure.js';
import { limiterKey, limiterOf, refuseUnknownRoutes, serveWire } from '../../http/wire.js';
import type { Wire } from '../../http/wire.js';
import { accountRoutes } from './account/routes.js';
import { applicationRoutes } from './applications/routes.js';
import { authenticate } from './authenticate.js';
import { callRoutes } from './calls/routes.js';
import { answerTo, faultOf } from './errors.js';
import type { RouteErrors, VobizRoute } from './errors.js';
import { handOverRoutes } from './hand-over/routes.js';
import { inventoryRoutes } from './inventory/routes.js';
import { numberRoutes } from './numbers/routes.js';
import { purchaseRoutes } from './purchase/routes.js';
import { releaseRoutes } from './release/routes.js';
import { routingRoutes } from './routing/routes.js';
import { subAccountRoutes } from './sub-accounts/routes.js';
import { transactionRoutes } from './transactions/routes.js';
import { trunkRoutes } from './trunks/routes.js';

/** Requests per auth id and minute, where a sub-account's parent has not said otherwise (contract 1.5). */
const requestsPerMinute = 1000;

const routes: readonly VobizRoute[] = [
  ...numberRoutes,
  ...inventoryRoutes,
  ...purchaseRoutes,
  ...releaseRoutes,
  ...routingRoutes,
  ...trunkRoutes,
  ...applicationRoutes,
  ...handOverRoutes,
  ...subAccountRoutes,
  ...accountRoutes,
  ...transactionRoutes,
  ...callRoutes,
];

/** The Vobiz dialect: everything below `/api/v1`. docs/dialects/vobiz.md says what it covers. */
export function vobiz(exchange: Exchange, classify: ClassifyFailure) {
  return (server: FastifyInstance, _options: unknown, done: () => void): void => {
    const limiter = limiterOf(exchange, requestsPerMinute);
    const errorsByRoute = new Map(
      routes.map((route) => [`${route.method} ${server.prefix}${route.path}`, route.errors]),
    );
    const errorsOf = (request: FastifyRequest): RouteErrors | undefined =>
      errorsByRoute.get(`${request.method} ${request.routeOptions.url ?? ''}`);
    const wire: Wire = {
      exchange,
      classify,
      admit: async (request) => {
        const actor = await authenticate(exchange, request);
        const ownLimit = actor.kind === 'key' ? (actor.requestsPerMinute ?? undefined) : undefined;
        await limiter.take(actor.kind === 'key' ? actor.account.publicId : limiterKey(actor), ownLimit);
        return actorOfPath(exchange, request, actor);
      },
      explain: (failure, request, reply) => explain(failure, request, reply, errorsOf(request)),
    };
    serveWire(server, wire, routes);
    refuseUnknownRoutes(server, wire);
    done();
  };
}

/** Whose affairs these are: the path's, before anything else is looked at (contract 1.2). */
function actorOfPath(exchange: Exchange, request: FastifyRequest, actor: Actor): Promise<Actor> | Actor {
  const { authId } = request.params as { readonly authId?: string };
  if (authId === undefined) return actor;
  return actForNamed({ ctx: contextOf(exchange, request, actor), input: { account: authId } });
}

function explain(
  failure: DomainError | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  errors: RouteErrors | undefined,
) {
  const admitted = request.getDecorator<Actor | undefined>('actor') !== undefined;
  const { status, body } = failure ? answerTo(failure, request, admitted, errors) : faultOf(request, errors);
  return reply.status(status).send(body);
}
