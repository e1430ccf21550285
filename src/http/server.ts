import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { requestIdOf } from './request-id.js';

/** Bodies larger than this are refused. */
export const bodyBytesMax = 1_048_576;
const requestSeconds = 60;

/**
 * The bare server: request ids on every answer, bounded bodies and times, JSON bodies read leniently. It knows no
 * dialect; each registers its routes and its own way to say what went wrong.
 */
export function createServer(logger?: FastifyBaseLogger): FastifyInstance {
  const server = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    genReqId: requestIdOf,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestSeconds * 1000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    logController: new LogController({ disableRequestLogging: true }),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  }) as unknown as FastifyInstance;
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  readJsonLeniently(server);
  return server;
}

/**
 * A JSON body, or none: clients send `Content-Type: application/json` on requests without a body, and some send no
 * content type at all. An empty body is no body.
 */
function readJsonLeniently(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    const text = typeof body === 'string' ? body : body.toString('utf8');
    if (text.trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
