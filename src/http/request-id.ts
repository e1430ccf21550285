import type { IncomingMessage } from 'node:http';
import { newRequestId } from '../lib/ids.js';

/** A caller's own request id is kept when it is printable and short; otherwise the request gets a new one. */
const callersId = /^[A-Za-z0-9._-]{1,128}$/;

export function requestIdOf(raw: IncomingMessage): string {
  const header = raw.headers['x-request-id'];
  return typeof header === 'string' && callersId.test(header) ? header : newRequestId();
}
