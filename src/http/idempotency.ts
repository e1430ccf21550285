import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { domainError } from '../core/errors.js';
import type { Idempotency } from '../core/context.js';
import { idempotencyKeyRule, isIdempotencyKey } from '../lib/idempotency-key.js';
import { UploadedFile } from './upload/uploaded-file.js';

/**
 * The `Idempotency-Key` of a request with a hash over what it asks for: verb, path, query and body. Undefined when the
 * caller sent none. Raises invalid_input for a key that is empty, longer than 255 characters or not printable.
 */
export function idempotencyOf(request: FastifyRequest): Idempotency | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? header : header.join(',');
  if (!isIdempotencyKey(key)) {
    throw domainError('invalid_input', { field: 'Idempotency-Key', reason: idempotencyKeyRule });
  }
  const requestHash = createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(canonical(request.body ?? null))
    .digest();
  return { key, requestHash };
}

/** JSON with sorted keys: the same request in another order of fields is the same request. A file counts by its digest. */
function canonical(value: unknown): string {
  if (value instanceof UploadedFile) return value.staged.sha256;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
