const visibleKey = /^[\x21-\x7e]{1,255}$/;

/** What is asked of an idempotency key, as a clause behind its name. */
export const idempotencyKeyRule = 'must have 1 to 255 visible ASCII characters';

export function isIdempotencyKey(text: string): boolean {
  return visibleKey.test(text);
}
