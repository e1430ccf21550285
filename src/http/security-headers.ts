import type { FastifyInstance } from 'fastify';

/** What a browser may do with an answer that is not one of our pages: nothing. */
const policyOfData = "default-src 'none'; frame-ancestors 'none'";

/**
 * Puts the headers that restrain browsers on every answer. Pages replace the content security policy by one of their own
 * with `pagePolicy`.
 */
export function restrainBrowsers(server: FastifyInstance): void {
  server.addHook('onRequest', async (_request, reply) => {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': policyOfData,
    });
  });
}

/** The content security policy of an HTML page: own sources only, never in a frame, and the sources given. */
export function pagePolicy(sources: {
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  readonly images?: readonly string[];
}): string {
  const { styles = [], scripts = [], images = [] } = sources;
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "connect-src 'self'",
    ...(styles.length > 0 ? [`style-src ${styles.join(' ')}`] : []),
    ...(scripts.length > 0 ? [`script-src ${scripts.join(' ')}`] : []),
    ...(images.length > 0 ? [`img-src ${images.join(' ')}`] : []),
  ].join('; ');
}
