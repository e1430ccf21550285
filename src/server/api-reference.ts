import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { pagePolicy } from '../http/security-headers.js';
import { completeDocument } from './api-document/complete.js';
import type { RoughDocument } from './api-document/complete.js';
import { logo, mark } from './brand.js';

/** The viewer writes style attributes and shows icons as data; its scripts are files of ours. */
const viewerPolicy = pagePolicy({
  styles: ["'self'", "'unsafe-inline'"],
  scripts: ["'self'"],
  images: ["'self'", 'data:'],
});
const svg = 'image/svg+xml';

/** The API reference of the own API: OpenAPI 3.1 from the schemas of its routes, readable at `/docs`. */
export async function serveApiReference(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    hideUntagged: true,
    // The types of clients narrow by constants.
    convertConstToEnum: false,
    transformObject: (made) => ('openapiObject' in made ? completed(made.openapiObject) : made.swaggerObject),
    openapi: {
      openapi: '3.1.0',
      servers: [{ url: '/', description: 'This server' }],
      info: {
        title: 'Numex',
        version: '1',
        license: { name: 'MIT', identifier: 'MIT' },
        contact: { name: 'The operator of this exchange' },
        description:
          'Search, reserve, buy and release phone numbers. Errors are problem documents (RFC 9457) with a stable `code`; ' +
          'writes take an `Idempotency-Key`; lists go on with `cursor`.',
      },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      },
    },
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: svg, content: Buffer.from(logo), href: '/' },
    theme: {
      title: 'Numex API',
      favicon: [{ filename: 'mark.svg', rel: 'icon', type: svg, sizes: 'any', content: mark }],
    },
    uiHooks: {
      onRequest: (_request, reply, done) => {
        void reply.header('content-security-policy', viewerPolicy);
        done();
      },
    },
  });
  serveDocument(server, '/openapi.json', 'application/json', () => JSON.stringify(server.swagger(), null, 2));
  serveDocument(server, '/openapi.yaml', 'application/yaml', () => server.swagger({ yaml: true }));
}

/** The types of the plugin know the document less exactly than `completeDocument`. */
function completed<D>(document: D): D {
  return completeDocument(document as unknown as RoughDocument) as unknown as D;
}

/** Serves a text that stays the same while the server runs. */
function serveDocument(server: FastifyInstance, path: string, mediaType: string, write: () => string): void {
  let text: string | undefined;
  server.get(path, { schema: { hide: true } }, (_request, reply) => {
    text ??= write();
    return reply.type(`${mediaType}; charset=utf-8`).send(text);
  });
}
