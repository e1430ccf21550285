import { domainError } from '../../core/errors.js';

const alphabet = /^[A-Za-z0-9+/]*$/;

/**
 * Decodes base64 (RFC 4648) that comes in pieces; line breaks in it are passed over (RFC 2045). Each piece gives the bytes
 * that are complete. Raises invalid_input (content_base64) for anything else, since Node itself would skip it.
 */
export async function* decodeBase64(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let left = '';
  let isPadded = false;
  for await (const piece of pieces) {
    const text = left + piece.replace(/[ \t\r\n\v\f]+/g, '');
    const symbols = text.replace(/=+$/, '');
    if (!alphabet.test(symbols) || (isPadded && symbols !== left)) throw notBase64();
    isPadded ||= symbols.length < text.length;
    const whole = isPadded ? 0 : symbols.length - (symbols.length % 4);
    left = symbols.slice(whole);
    if (whole > 0) yield Buffer.from(symbols.slice(0, whole), 'base64');
  }
  const last = Buffer.from(left, 'base64');
  if (last.toString('base64').replace(/=+$/, '') !== left) throw notBase64();
  if (last.length > 0) yield last;
}

function notBase64() {
  return domainError('invalid_input', { field: 'content_base64', reason: 'must be base64 (RFC 4648)' });
}
