import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

/** A route that a server has registered. */
export interface ServedRoute {
  readonly method: string;
  /** As the router has it, with its parameters. */
  readonly path: string;
}

export interface ServedRoutes {
  /** Routes that answer; one method each. */
  readonly answering: readonly ServedRoute[];
  /** What is registered for several verbs at once: paths that refuse all verbs but their own. */
  readonly refusing: readonly ServedRoute[];
}

const created = 'fastify.initialization';

/** Runs what starts a server, and gives all the routes that the server has registered: none can be forgotten. */
export async function watchRoutes<T>(
  start: () => Promise<T>,
): Promise<{ readonly made: T; readonly routes: ServedRoutes }> {
  const answering: ServedRoute[] = [];
  const refusing: ServedRoute[] = [];
  const watch = (message: unknown): void => {
    (message as { readonly fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      if (Array.isArray(method)) refusing.push(...method.map((one) => ({ method: one, path: url })));
      // The framework adds a HEAD to every GET by itself.
      else if (method !== 'HEAD') answering.push({ method: String(method), path: url });
    });
  };
  subscribe(created, watch);
  try {
    return { made: await start(), routes: { answering, refusing } };
  } finally {
    unsubscribe(created, watch);
  }
}
