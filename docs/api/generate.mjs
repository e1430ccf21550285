// Writes docs/api/openapi.json from the schemas of the own API's routes; `--check` exits 1 when the committed file
// differs. Run after `npm run build`. No database is needed: nothing is asked, only described.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../dist/server/app.js';
import { systemClock } from '../../dist/lib/clock.js';

const target = fileURLToPath(new URL('openapi.json', import.meta.url));
const app = await createApp({
  databaseUrl: 'postgres://127.0.0.1:1/none',
  documentsPath: '/nowhere',
  clock: systemClock,
  rateLimits: true,
});
await app.server.ready();
const text = `${JSON.stringify(app.server.swagger(), null, 2)}\n`;
await app.close();

if (process.argv.includes('--check')) {
  const committed = await readFile(target, 'utf8').catch(() => '');
  if (committed !== text) {
    process.stderr.write(
      'docs/api/openapi.json differs from the routes: run `npm run openapi` and commit it.\n',
    );
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
