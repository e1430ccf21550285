import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { accountOf } from '../core/context.js';
import type { Account, Actor, RootContext } from '../core/context.js';
import { domainError } from '../core/errors.js';
import { assert } from '../lib/assert.js';
import type { DomainError } from '../core/errors.js';
import { contextOf, letIn } from './exchange.js';
import type { Exchange } from './exchange.js';
import { WrongMethod } from './error-table.js';
import type { Explain, WireFailure } from './error-table.js';
import { failureOf, faultSentence } from './failure.js';
import type { ClassifyFailure } from './failure.js';
import { inWireNames } from './ids.js';
import type { NameThing } from './ids.js';
import { leaveBodiesUnread, withUpload } from './upload/receive.js';
import type { UploadAdmission } from './upload/receive.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    wireRoute?: WireRoute;
  }
}

/** What the routes of all dialects have in common: callers are admitted, answered and refused here. */

export type Query = Readonly<Record<string, unknown>>;

/** What a route is given of a request. */
export interface Asked {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The account that the request acts for; none for an operator who names none. */
  readonly account: Account | undefined;
  readonly requestId: string;
}

/** An answer that is not JSON with the route's usual status. */
export class WireReply {
  constructor(
    readonly body: unknown,
    readonly how: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {}
}

/**
 * One route as the frame has it; `wireRoute` ties its steps together by their types. Only `verb` is given a context, and
 * of the request it is given what `read` has made of it.
 */
export interface WireRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** 200 unless it says otherwise. */
  readonly status?: number;
  /** What the server checks the request against before the route sees it. */
  readonly schema?: FastifySchema;
  /** A file may come with the request, in a form or in JSON, if this says so before the body is read; see upload/. */
  readonly admitUpload?: UploadGate;
  readonly read: (asked: Asked) => unknown;
  readonly verb: (call: { readonly ctx: RootContext; readonly input: never }) => Promise<unknown>;
  readonly render: (result: never, asked: Asked) => unknown;
}

/** Whether a file may come, asked before any of it is read; `uploadGate` ties the two steps together. */
export interface UploadGate {
  readonly read: (asked: Pick<Asked, 'params'>) => unknown;
  readonly verb: (call: { readonly ctx: RootContext; readonly input: never }) => Promise<UploadAdmission>;
}

/** The answer to a request, by the steps of its route. */
export async function answerBySteps(route: WireRoute, ctx: RootContext, asked: Asked): Promise<unknown> {
  const { read, verb, render } = route;
  const input = read(asked);
  assert(input !== asked, 'read makes core words of the request');
  return render((await verb({ ctx, input: input as never })) as never, asked);
}

/** What differs between dialects beside their routes. */
export interface Wire {
  readonly exchange: Exchange;
  readonly classify: ClassifyFailure;
  /**
   * Who asks, and whether they may ask now; looked at before anything else of the request, so that a stranger learns
   * nothing, not even what is malformed. May set headers of the answer.
   */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Promise<Actor>;
  /** Answers a failure in the dialect's words; a fault of ours is in the log already. */
  readonly explain: Explain;
  /** What the wire calls things; row ids without it are left out. */
  readonly nameOf?: NameThing | undefined;
}

/** Registers routes in a wire's frame, and the wire's way to answer failures, on an encapsulated server. */
export function serveWire(server: FastifyInstance, wire: Wire, routes: readonly WireRoute[]): void {
  server.decorateRequest('actor');
  server.addHook('onRequest', async (request, reply) => {
    request.setDecorator('actor', await wire.admit(request, reply));
  });
  for (const route of routes) if (!route.admitUpload) serveRoute(server, wire, route);
  const uploads = routes.filter((route) => route.admitUpload);
  if (uploads.length > 0) {
    // Forms are read in a scope of their own: everywhere else a body is JSON.
    void server.register(async (scope) => {
      await leaveBodiesUnread(scope);
      for (const route of uploads) serveRoute(scope, wire, route);
    });
  }
  server.setErrorHandler((error, request, reply) => fail(wire, error, request, reply));
}

function serveRoute(server: FastifyInstance, wire: Wire, route: WireRoute): void {
  const { method, path, status = 200, schema, admitUpload } = route;
  server.route({
    method,
    url: path,
    config: { wireRoute: route },
    ...(schema ? { schema } : {}),
    // The body of an upload is checked once it has been read.
    ...(admitUpload ? { attachValidation: true } : {}),
    // Secrets are in answers to writes only, and those are never compressed: a length tells nothing of them.
    ...(method === 'GET' ? { compress: {} } : {}),
    handler: async (request, reply) => {
      const actor = request.getDecorator<Actor>('actor');
      const noteReplay = () => void reply.header('idempotent-replayed', 'true');
      const context = () => contextOf(wire.exchange, request, actor, noteReplay);
      const params = request.params as Record<string, string>;
      // While a body is still arriving, its request does not count as one that waits for the database.
      const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
        const leave = letIn(wire.exchange, request, actor);
        return work().finally(leave);
      };
      const answerNow = () => {
        const query = request.query as Query;
        const account = accountOf(actor);
        const asked: Asked = { query, params, body: request.body, account, requestId: request.id };
        return inTurn(() => answerBySteps(route, context(), asked));
      };
      const admit = ({ read, verb }: UploadGate) =>
        inTurn(() => verb({ ctx: context(), input: read({ params }) as never }));
      const made = await (admitUpload
        ? withUpload(wire.exchange, request, reply, async () => admit(admitUpload), answerNow)
        : answerNow());
      if (!(made instanceof WireReply)) return reply.status(status).send(made);
      return reply
        .status(made.how.status ?? status)
        .headers(made.how.headers ?? {})
        .send(made.body);
    },
  });
}

/** Answers what no route claims. A prefix has one such handler: dialects that share a prefix share it too. */
export function refuseUnknownRoutes(server: FastifyInstance, wire: Wire): void {
  server.setNotFoundHandler((request, reply) => fail(wire, unknownRoute(request), request, reply));
}

/** Refuses the verbs that the known paths do not have, and says which they have. */
export function refuseOtherVerbs(server: FastifyInstance, routes: readonly WireRoute[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const verbs: string[] = routes.filter((route) => route.path === path).map((route) => route.method);
    const allowed = verbs.includes('GET') ? [...verbs, 'HEAD'] : verbs;
    server.route({
      method: server.supportedMethods.filter((method) => !allowed.includes(method)),
      url: path,
      handler: (request) => {
        throw new WrongMethod(request.method, allowed);
      },
    });
  }
}

/** The route that a request is for; none for unknown paths and verbs. */
export function routeOf(request: FastifyRequest): WireRoute | undefined {
  return request.routeOptions.config.wireRoute;
}

/** Whether the caller has been let in. */
export function isAdmitted(request: FastifyRequest): boolean {
  return request.getDecorator<Actor | undefined>('actor') !== undefined;
}

export function unknownRoute(request: FastifyRequest): DomainError {
  return domainError('not_found', { kind: 'route', id: `${request.method} ${request.url}` });
}

function fail(wire: Wire, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = wireFailure(wire, error, request);
  if (failure.code === 'internal') request.fault = error;
  if (failure instanceof WrongMethod) void reply.header('allow', failure.allowed.join(', '));
  if ('failure' in failure && failure.failure.code === 'rate_limited') {
    void reply.header('retry-after', failure.failure.details.retryAfterSeconds);
  }
  const { status, body, headers = {}, type } = wire.explain(failure, request);
  if (type !== undefined) void reply.type(type);
  return reply.status(status).headers(headers).send(body);
}

const noNames: NameThing = () => undefined;

function wireFailure(
  { classify, nameOf = noNames }: Wire,
  error: unknown,
  request: FastifyRequest,
): WireFailure {
  if (error instanceof WrongMethod) return error;
  const failure = failureOf(error, classify, request);
  if (failure) return inWireNames(failure, nameOf, request);
  return { code: 'internal', message: faultSentence(request) };
}
