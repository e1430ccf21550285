import type { FastifyInstance } from 'fastify';
import type { Actor } from '../core/context.js';
import { admit } from './admission.js';
import type { Door } from './admission.js';
import type { Explain } from './error-table.js';
import type { Exchange } from './exchange.js';
import type { ClassifyFailure } from './failure.js';
import type { NameThing } from './ids.js';
import { readForms } from './form.js';
import { checkInput } from './input-check.js';
import { inDialect } from './observe.js';
import { refuseOtherVerbs, refuseUnknownRoutes, serveWire, unknownRoute } from './wire.js';
import type { Wire, WireRoute } from './wire.js';

/** A dialect as data: what a wire says, and nothing of how it is served. docs/adding-a-dialect.md tells how to write one. */
export interface Dialect extends Door {
  /** What all its paths begin with; several dialects may share one. */
  readonly prefix: string;
  /**
   * First parts of its paths below a shared prefix. One dialect of a prefix has none: it answers what no other claims.
   */
  readonly claims?: readonly string[];
  readonly routes: readonly WireRoute[];
  /** Kinds of bodies besides JSON. */
  readonly forms?: boolean;
  readonly errors: Explain;
  /** What the wire calls the things that errors name. */
  readonly nameOf: NameThing;
  /** Told of every request that has been let in. */
  readonly admitted?: (actor: Actor) => void;
}

/** Serves all dialects, each in a scope of its own. */
export async function serveDialects(
  server: FastifyInstance,
  exchange: Exchange,
  classify: ClassifyFailure,
  dialects: readonly Dialect[],
): Promise<void> {
  for (const dialect of dialects) {
    const serve = (scope: FastifyInstance, _options: unknown, done: () => void): void => {
      serveDialect(scope, exchange, classify, dialect);
      done();
    };
    await server.register(inDialect(dialect.name, serve), { prefix: dialect.prefix });
  }
}

function serveDialect(
  scope: FastifyInstance,
  exchange: Exchange,
  classify: ClassifyFailure,
  dialect: Dialect,
): void {
  const { routes, claims, errors, nameOf, admitted } = dialect;
  const wire: Wire = {
    exchange,
    classify,
    admit: async (request, reply) => {
      const actor = await admit(exchange, dialect, request, reply);
      admitted?.(actor);
      return actor;
    },
    explain: errors,
    nameOf,
  };
  checkInput(scope);
  if (dialect.forms) readForms(scope);
  serveWire(scope, wire, routes);
  refuseOtherVerbs(scope, routes);
  if (!claims) return refuseUnknownRoutes(scope, wire);
  for (const part of claims) {
    scope.all(`/${part}/*`, (request) => {
      throw unknownRoute(request);
    });
  }
}
