import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIPv6 } from 'node:net';
import type { Post, PostOutcome } from '../../core/webhooks/index.js';
import { isPublicAddress, literalAddress } from '../../lib/public-address.js';
import { resolveByQuery, resolveBySystem } from './resolve.js';
import type { Resolve } from './resolve.js';

/** From the name look-up to the end of the answer. */
const postSeconds = 10;
/** What is read of an answer; nobody looks at it, but a receiver should not meet a closed door. */
export const answerBytesMax = 16 * 1024;
const reasonLengthMax = 200;

export interface PosterOptions {
  /** Whether addresses that are not public may be reached. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve;
  readonly timeoutMilliseconds?: number;
}

/** Why a receiver may not be reached, in words for its owner. */
class TargetRefused extends Error {}

/**
 * Posts to receivers that strangers have named. The name is resolved once, the addresses are checked, and only those are
 * connected to, so a name that answers differently the second time gains nothing. No proxy, no redirect, no reuse of
 * connections.
 */
export function poster(options: PosterOptions): Post {
  const resolve = options.resolve ?? (options.allowPrivate ? resolveBySystem : resolveByQuery);
  const timeoutMilliseconds = options.timeoutMilliseconds ?? postSeconds * 1000;
  return async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const target = new URL(url);
      const addresses = await unlessAborted(
        signal,
        addressesOf(target.hostname, resolve, options.allowPrivate),
      );
      return await send(target, addresses, { headers, body, signal });
    } catch (error) {
      if (signal.aborted) return failed(`No full answer within ${timeoutMilliseconds / 1000} s`);
      return failed(error instanceof TargetRefused ? error.message : reasonOf(error));
    }
  };
}

async function addressesOf(
  hostname: string,
  resolve: Resolve,
  allowPrivate: boolean,
): Promise<readonly string[]> {
  const literal = literalAddress(hostname);
  const found = literal === undefined ? await resolveOrRefuse(hostname, resolve) : [literal];
  const reachable = allowPrivate ? found : found.filter(isPublicAddress);
  if (reachable.length === 0) throw new TargetRefused('The target is not a public address');
  return reachable;
}

async function resolveOrRefuse(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch {
    throw new TargetRefused('The name of the target could not be resolved');
  }
}

function send(
  target: URL,
  addresses: readonly string[],
  { headers, body, signal }: { headers: Readonly<Record<string, string>>; body: string; signal: AbortSignal },
): Promise<PostOutcome> {
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Numex',
        ...headers,
      },
      agent: false,
      lookup: pinned(addresses),
      signal,
    });
    sent.on('error', reject);
    sent.once('response', (answer) => void readAnswer(sent, answer).then(resolve, reject));
    sent.end(body);
  });
}

/** A look-up that knows one answer. It is not asked for a target that spells an address, which is its own answer. */
function pinned(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, options, done) => {
    const [first] = known;
    if (options.all === true) done(null, known);
    else done(null, first?.address ?? '', first?.family);
  };
}

/** The answer counts when it has come to its end, or when more has come than is read. */
async function readAnswer(sent: ClientRequest, answer: IncomingMessage): Promise<PostOutcome> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (bytes >= answerBytesMax) break;
  }
  sent.destroy();
  return { kind: 'answered', status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
}

/** Name servers and hanging connections alike end with the time limit. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    work.then(resolve, reject);
  });
}

function failed(reason: string): PostOutcome {
  return { kind: 'failed', reason: reason.slice(0, reasonLengthMax) };
}

const reasonByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection broke off',
  EHOSTUNREACH: 'The target cannot be reached',
  ENETUNREACH: 'The target cannot be reached',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    reasonByCode[code] ?? `The target could not be posted to (${code === '' ? 'no reason given' : code})`
  );
}
