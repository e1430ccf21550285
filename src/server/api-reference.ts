import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The API reference of the own API: OpenAPI 3.1 from the schemas of its routes, readable at `/docs`. */
export async function serveApiReference(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Numex',
        version: '1',
        description:
          'Search, reserve, buy and release phone numbers. Errors are problem documents (RFC 9457) with a stable `code`; ' +
          'writes take an `Idempotency-Key`; lists go on with `cursor`.',
      },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      },
    },
  });
  await server.register(swaggerUi, { routePrefix: '/docs' });
}
