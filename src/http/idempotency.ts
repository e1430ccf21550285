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

/**
 * JSON with sorted keys: the same request in another order of fields is the same request. A file counts by its digest.
 * Without recursion, since a body may be nested deeper than calls can be.
 */
function canonical(document: unknown): string {
  const written: string[] = [];
  /** What is still to be written, the next on top: text as it stands, or a value. */
  const parts: Part[] = [{ value: document }];
  for (let part = parts.pop(); part; part = parts.pop()) {
    if ('text' in part) written.push(part.text);
    else if (part.value instanceof UploadedFile) written.push(part.value.staged.sha256);
    else if (typeof part.value === 'object' && part.value !== null)
      for (const inner of partsOf(part.value).reverse()) parts.push(inner);
    else written.push(JSON.stringify(part.value));
  }
  return written.join('');
}

type Part = { readonly text: string } | { readonly value: unknown };

function partsOf(value: object): Part[] {
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown, index): Part[] => [separator(index), { value: item }]);
    return [{ text: '[' }, ...items, { text: ']' }];
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const members = entries.flatMap(([key, item], index): Part[] => [
    { text: `${separator(index).text}${JSON.stringify(key)}:` },
    { value: item },
  ]);
  return [{ text: '{' }, ...members, { text: '}' }];
}

function separator(index: number): { readonly text: string } {
  return { text: index === 0 ? '' : ',' };
}
