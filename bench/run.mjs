// Runs the benches one after the other: all of them, or those named. `npm run bench`, `npm run bench -- purchase`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benches = ['purchase', 'read', 'search', 'due'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}; there are ${benches.join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : benches) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
