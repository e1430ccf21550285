import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { malformed } from './malformed.js';

/** A file of 10 MB in base64, and its fields: what the body of an upload may have at most. */
export const uploadBodyBytesMax = 14 * 1024 * 1024;

/**
 * Lets a body through as long as it stays in its bounds: so many bytes, and for a form so many delimiters. A parser that
 * is handed very many empty parts keeps the server busy for long, so they are counted before.
 */
export class BodyGuard extends Transform {
  readonly #bytesMax: number;
  readonly #delimiter: Buffer | undefined;
  readonly #delimitersMax: number;
  #bytes = 0;
  #delimiters = 0;
  /** The end of the chunk before, where a delimiter may have begun. */
  #tail = Buffer.alloc(0);

  constructor(bytesMax: number, boundary?: string, delimitersMax = 0) {
    super();
    this.#bytesMax = bytesMax;
    this.#delimiter = boundary === undefined ? undefined : Buffer.from(`\r\n--${boundary}`);
    this.#delimitersMax = delimitersMax;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bytesMax) return done(malformed('is larger than this route takes'));
    if (this.#delimiter) this.#count(chunk, this.#delimiter);
    if (this.#delimiters > this.#delimitersMax) return done(malformed('has more parts than a form may have'));
    done(null, chunk);
  }

  #count(chunk: Buffer, delimiter: Buffer): void {
    const text = Buffer.concat([this.#tail, chunk]);
    let at = text.indexOf(delimiter);
    while (at !== -1 && this.#delimiters <= this.#delimitersMax) {
      this.#delimiters++;
      at = text.indexOf(delimiter, at + delimiter.length);
    }
    this.#tail = text.subarray(Math.max(0, text.length - delimiter.length + 1));
  }
}
