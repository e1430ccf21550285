import { createHash } from 'node:crypto';

/**
 * An opaque keyset cursor: the position after which the next page starts, and a fingerprint of the filters it belongs
 * to, so that a cursor is never continued under other filters.
 */
export function encodeCursor(position: readonly number[], filters: unknown): string {
  const body = position.map((part) => part.toString(36)).join('.');
  return `${body}~${fingerprint(filters)}`;
}

/** The position, 'mismatch' when the filters differ from the cursor's own, or undefined when it is no cursor. */
export function decodeCursor(text: string, filters: unknown): number[] | 'mismatch' | undefined {
  const match = /^(-?[0-9a-z]{1,11}(?:\.-?[0-9a-z]{1,11}){0,3})~([0-9a-zA-Z_-]{8})$/.exec(text);
  if (!match) return undefined;
  const [, body = '', print] = match;
  if (print !== fingerprint(filters)) return 'mismatch';
  const position = body.split('.').map((part) => parseInt(part, 36));
  return position.every(Number.isSafeInteger) ? position : undefined;
}

function fingerprint(filters: unknown): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 8);
}
