import type { FastifyInstance } from 'fastify';

/**
 * `/health` is whether requests can be served, for load balancers; `/health/live` whether the process answers at all,
 * for whoever restarts it: a database that is away is no reason to.
 */
export function serveHealth(server: FastifyInstance, isReady: () => Promise<boolean>): void {
  server.get('/health', async (_request, reply) => {
    const ready = await isReady();
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'database away' });
  });
  server.get('/health/live', async (_request, reply) => reply.send({ status: 'ok' }));
}
