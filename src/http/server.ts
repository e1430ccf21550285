import type { IncomingMessage } from 'node:http';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { requestIdOf } from './request-id.js';

/** Bodies larger than this are refused. */
export const bodyBytesMax = 1_048_576;
/** Shorter answers are sent as they are. */
const compressedBytesMin = 4096;
const requestSeconds = 60;
/** Longer ones are refused by Node's limit on headers; a long path parameter is for its dialect to refuse. */
const urlLengthMax = 16_384;

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
    rewriteUrl: routableUrl,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: urlLengthMax },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  }) as unknown as FastifyInstance;
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  compressLongAnswers(server);
  readJsonLeniently(server);
  return server;
}

/**
 * Compresses answers of routes that ask for it (`compress: {}`), from a length on which it is worth it. Other routes have
 * no hook for it at all.
 */
function compressLongAnswers(server: FastifyInstance): void {
  void server.register(compress, {
    global: false,
    threshold: compressedBytesMin,
    encodings: ['br', 'gzip'],
    zlibOptions: { level: 4 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } },
  });
}

/**
 * A path whose percent signs cannot be decoded names nothing; with the signs spelled out it can be routed, so that the
 * dialect says so in its own words and not the framework in its.
 */
function routableUrl(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const [path = '', ...query] = url.split('?');
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
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
