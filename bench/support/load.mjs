// A small HTTP/1.1 load client on raw keep-alive sockets: it must cost less than what it measures, since both share
// two cores. Runs as its own process: `node load.mjs CONFIG.json` prints one JSON line.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

/**
 * @typedef {object} LoadConfig
 * @property {number} port
 * @property {number} connections
 * @property {number} seconds
 * @property {string} requests path of a file with a request per line: method, path, key, body, idempotency key, tab-separated
 */

const config = JSON.parse(await readFile(process.argv[2], 'utf8'));
const lines = (await readFile(config.requests, 'utf8')).split('\n').filter(Boolean);
let next = 0;

/** The bytes of the next request; undefined when all are used up and none may repeat. */
function nextRequest() {
  if (next >= lines.length) {
    if (!config.repeat) return undefined;
    next = 0;
  }
  const [method, path, key, body, idempotencyKey] = lines[next++].split('\t');
  const keyed = idempotencyKey ? `idempotency-key: ${idempotencyKey}\r\n` : '';
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${key}\r\n${keyed}`;
  return body
    ? `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    : `${head}\r\n`;
}

const latencies = [];
const statuses = {};
let sample = '';
const startedAt = performance.now();
const endsAt = startedAt + config.seconds * 1000;

function run() {
  return new Promise((resolve, reject) => {
    const socket = connect(config.port, '127.0.0.1');
    socket.setNoDelay(true);
    let sentAt = 0;
    let received = '';
    const send = () => {
      const request = performance.now() < endsAt ? nextRequest() : undefined;
      if (request === undefined) {
        socket.destroy();
        return resolve();
      }
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < headEnd + 4 + length) return;
      const status = received.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (!status.startsWith('2') && sample === '') sample = received.slice(headEnd + 4);
      latencies.push(performance.now() - sentAt);
      received = '';
      send();
    });
  });
}

await Promise.all(Array.from({ length: config.connections }, run));
const seconds = (performance.now() - startedAt) / 1000;
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
process.stdout.write(
  `${JSON.stringify({
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
    ...(sample ? { sample } : {}),
  })}\n`,
);
