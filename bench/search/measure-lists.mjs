import { Agent, request } from 'node:http';
import { dialectLists } from './dialect-lists.mjs';
import { seededRandom } from './query-kinds.mjs';

const roundsMax = 300;

/** One answer read to its end; gives milliseconds and bytes. Raises when it is not 200. */
function ask(port, agent, { path, headers }) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, agent, path, headers: { ...headers, 'accept-encoding': 'gzip' } },
      (answer) => {
        let bytes = 0;
        answer.on('data', (chunk) => (bytes += chunk.length));
        answer.on('end', () =>
          answer.statusCode === 200
            ? resolve({ milliseconds: performance.now() - startedAt, bytes })
            : reject(new Error(`${path}: status ${answer.statusCode}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** Prints p50 and p99 of the dialects' lists by one connection, `seconds` or 300 requests each. */
export async function measureLists({ port, caller, size, seconds }) {
  console.log(`| lists, ${size} million, 1 connection, ms | p50 | p99 | kB |\n| --- | --- | --- | --- |`);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const { name, makeRequest } of dialectLists) {
    const random = seededRandom(20_260_304);
    for (let n = 0; n < 10; n++) await ask(port, agent, makeRequest(random, caller));
    const times = [];
    let bytes = 0;
    const endsAt = performance.now() + seconds * 1000;
    while (times.length < roundsMax && performance.now() < endsAt) {
      const answer = await ask(port, agent, makeRequest(random, caller));
      times.push(answer.milliseconds);
      bytes += answer.bytes;
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
    console.log(`| ${name} | ${at(0.5)} | ${at(0.99)} | ${(bytes / times.length / 1024).toFixed(1)} |`);
  }
  agent.destroy();
}
