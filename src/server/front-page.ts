import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { pagePolicy } from '../http/security-headers.js';
import { mark } from './brand.js';

const style = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.75rem; margin-bottom: 0; }
  p.lead { margin-top: .25rem; opacity: .75; }
  dt { font-weight: 600; margin-top: 1rem; }
  dd { margin: 0; }
  code { font-size: .95em; }
`;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Numex</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${Buffer.from(mark).toString('base64')}">
<style>${style}</style>
</head>
<body>
<h1>Numex</h1>
<p class="lead">The number exchange is running.</p>
<dl>
<dt><a href="/docs">API reference</a></dt><dd>The own API below <code>/numex/v1</code>; the key goes into <code>Authorization: Bearer</code>.</dd>
<dt>2Chat clients</dt><dd>Set the server URL to this origin followed by <code>/open</code>; the key goes into <code>X-User-API-Key</code>.</dd>
<dt>Piopiy clients</dt><dd>Set the base URL to this origin followed by <code>/v1</code>; the key goes into <code>Authorization: Bearer</code>.</dd>
<dt><a href="/health">Health</a> and <a href="/metrics">metrics</a></dt><dd>For load balancers and Prometheus.</dd>
</dl>
</body>
</html>
`;

const policy = pagePolicy({
  styles: [`'sha256-${createHash('sha256').update(style).digest('base64')}'`],
  images: ['data:'],
});

/** What a browser sees at the server's address: where to go from here. It shows nothing that needs a key. */
export function serveFrontPage(server: FastifyInstance): void {
  server.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page),
  );
}
