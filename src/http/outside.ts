import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WrongMethod } from './error-table.js';
import { problemDocument, problemType } from './problem.js';

/** Answers what goes wrong outside every dialect's prefix: unknown paths, other verbs, faults of ours. */
export function answerOutside(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?');
    const url = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const allowed = server.supportedMethods.filter((method) => server.hasRoute({ method, url }));
    if (allowed.length === 0) {
      return problem(request, reply, 'not_found', 404, `No route ${request.method} ${path} was found`);
    }
    const { message, code } = new WrongMethod(request.method, allowed);
    return problem(request, reply.header('allow', allowed.join(', ')), code, 405, message);
  });
  server.setErrorHandler((error: Error & { readonly statusCode?: number }, request, reply) => {
    const { statusCode = error instanceof SyntaxError ? 400 : 500 } = error;
    if (statusCode >= 400 && statusCode < 500) {
      return problem(request, reply, 'invalid_input', statusCode, error.message);
    }
    request.fault = error;
    return problem(request, reply, 'internal', 500, 'Something went wrong on our side');
  });
}

function problem(
  { id: requestId }: FastifyRequest,
  reply: FastifyReply,
  code: string,
  status: number,
  detail: string,
): FastifyReply {
  return reply.status(status).type(problemType).send(problemDocument({ code, status, detail, requestId }));
}
