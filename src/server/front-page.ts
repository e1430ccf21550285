import type { FastifyInstance } from 'fastify';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Numex</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.75rem; margin-bottom: 0; }
  p.lead { margin-top: .25rem; opacity: .75; }
  dt { font-weight: 600; margin-top: 1rem; }
  dd { margin: 0; }
  code { font-size: .95em; }
</style>
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

/** What a browser sees at the server's address: where to go from here. It shows nothing that needs a key. */
export function serveFrontPage(server: FastifyInstance): void {
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
}
