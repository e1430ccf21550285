import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../core/context.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose routes it is for; empty outside every dialect. */
    dialect: string;
    /** What went wrong by our own doing, for the log. */
    fault: unknown;
  }
}

/** A request that has been answered, as metrics, traces and logs tell of it: no query, no body, no secret. */
export interface AnsweredRequest {
  readonly dialect: string;
  readonly method: string;
  /** The route's pattern, never the path itself. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestId: string;
  /** Public id of the account that asked, if it was one. */
  readonly account: string | undefined;
  /** The caller's trace, in the header of W3C Trace Context. */
  readonly traceparent: string | undefined;
}

export interface RequestObserver {
  requestAnswered(request: AnsweredRequest): void;
}

/** What requests that no route claims are counted as. */
const noRoute = 'none';

/** Tells the observers of every answered request, and logs the failed ones with one line each. */
export function observeRequests(server: FastifyInstance, observers: readonly RequestObserver[]): void {
  server.decorateRequest('dialect', '');
  server.decorateRequest('fault', undefined);
  server.addHook('onResponse', (request, reply, done) => {
    const answered: AnsweredRequest = {
      dialect: request.dialect,
      method: request.method,
      route: request.routeOptions.url ?? noRoute,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
      requestId: request.id,
      account: accountOf(request),
      traceparent: traceparentOf(request),
    };
    for (const observer of observers) observer.requestAnswered(answered);
    if (answered.status >= 400) logFailure(request, answered);
    done();
  });
}

/** A dialect's plugin, whose requests bear its name. */
export function inDialect<O>(
  name: string,
  plugin: (server: FastifyInstance, options: O, done: () => void) => void,
) {
  return (server: FastifyInstance, options: O, done: () => void): void => {
    server.addHook('onRequest', (request, _reply, next) => {
      request.dialect = name;
      next();
    });
    plugin(server, options, done);
  };
}

/** The request's id is in every line of its logger. */
function logFailure(request: FastifyRequest, answered: AnsweredRequest): void {
  const { dialect, method, route, status, seconds, account } = answered;
  const line = { dialect, method, route, status, seconds, account, err: request.fault };
  if (status >= 500) request.log.error(line, 'request failed');
  else request.log.info(line, 'request refused');
}

function accountOf(request: FastifyRequest): string | undefined {
  // Declared by the dialects that know callers, so it may be absent.
  const { actor } = request as FastifyRequest & { readonly actor?: Actor };
  return actor?.kind === 'key' ? actor.account.publicId : undefined;
}

function traceparentOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['traceparent'];
  return typeof header === 'string' ? header : undefined;
}
