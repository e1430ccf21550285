import { decodeBase64 } from './base64.js';
import { malformed } from './malformed.js';

/** The document without its file: what one has in memory of it. */
const restBytesMax = 1024 * 1024;
const fileKey = 'content_base64';
const [quote, backslash] = [0x22, 0x5c];
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', '/': '/' };

/**
 * Reads a JSON document whose field `content_base64` may be large: its bytes are handed to `stage` as they come, and the
 * field stays empty in the document that is given back. Undefined when there was no document. Raises invalid_input.
 */
export async function readJsonUpload(
  body: AsyncIterable<Buffer>,
  stage: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<unknown> {
  const chunks = body[Symbol.asyncIterator]();
  const finder = new FileFinder();
  const rest: Buffer[] = [];
  let restBytes = 0;
  let isStaged = false;
  for (let step = await chunks.next(); !step.done; step = await chunks.next()) {
    let chunk = step.value;
    while (chunk.length > 0) {
      const begin = finder.find(chunk);
      rest.push(chunk.subarray(0, begin));
      if ((restBytes += begin) > restBytesMax) throw malformed('is larger than this route takes');
      if (!finder.isInFile) break;
      if (isStaged) throw malformed(`must have ${fileKey} once`);
      isStaged = true;
      const text = new JsonString(chunk.subarray(begin), chunks);
      await stage(decodeBase64(text.pieces()));
      chunk = text.behind;
      finder.isInFile = false;
    }
  }
  const document = parse(Buffer.concat(rest).toString('utf8'));
  const late = isStaged ? undefined : lateFileOf(document);
  if (late !== undefined) await stage(decodeBase64(only(late)));
  return document;
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('must be a JSON document');
  }
}

/** A file whose field is spelt with escapes is not found while the document comes. */
function lateFileOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
  const value = (document as Record<string, unknown>)[fileKey];
  return typeof value === 'string' ? value : undefined;
}

async function* only(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

/** Follows a JSON document byte by byte to where the value of its field `content_base64` begins, if that is a string. */
class FileFinder {
  isInFile = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** The string that is being read or was read last, as far as it matters. */
  #string = '';
  #isFileNext: 'no' | 'after_key' | 'after_colon' = 'no';

  /** How many bytes are before the file; all of them when it does not begin in this chunk. */
  find(chunk: Buffer): number {
    for (let at = 0; at < chunk.length; at++) {
      this.#take(chunk[at] as number);
      if (this.isInFile) return at + 1;
    }
    return chunk.length;
  }

  #take(byte: number): void {
    if (this.#isInString) this.#takeInString(byte);
    else if (byte === quote) this.#beginString();
    else if (byte > 0x20) this.#takeBetween(String.fromCharCode(byte));
  }

  #takeInString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) {
      this.#isInString = false;
      if (this.#depth === 1 && this.#string === fileKey) this.#isFileNext = 'after_key';
      return;
    }
    if (this.#string.length <= fileKey.length) this.#string += String.fromCharCode(byte);
  }

  #beginString(): void {
    this.isInFile = this.#isFileNext === 'after_colon';
    this.#isFileNext = 'no';
    this.#isInString = true;
    this.#string = '';
  }

  #takeBetween(character: string): void {
    this.#isFileNext = character === ':' && this.#isFileNext === 'after_key' ? 'after_colon' : 'no';
    if (character === '{' || character === '[') this.#depth++;
    if (character === '}' || character === ']') this.#depth--;
  }
}

/** The rest of a JSON string: it begins in one chunk, and what is behind its end is `behind`, quote included. */
class JsonString {
  behind: Buffer = Buffer.alloc(0);

  constructor(
    readonly first: Buffer,
    readonly chunks: AsyncIterator<Buffer>,
  ) {}

  async *pieces(): AsyncGenerator<string> {
    let chunk = this.first;
    for (;;) {
      const { text, left, isOver } = readString(chunk);
      if (text !== '') yield text;
      if (isOver) {
        this.behind = left;
        return;
      }
      const step = await this.chunks.next();
      if (step.done) throw malformed('must be a JSON document');
      chunk = left.length > 0 ? Buffer.concat([left, step.value]) : step.value;
    }
  }
}

/** The text up to the closing quote; `left` begins with that quote, or with an escape that is cut off. */
function readString(chunk: Buffer): { text: string; left: Buffer; isOver: boolean } {
  const closing = closingQuote(chunk);
  const raw = chunk.toString('latin1', 0, closing ?? chunk.length);
  const whole =
    closing === undefined
      ? raw.length - (/\\(?:u[0-9A-Fa-f]{0,3})?$/.exec(raw)?.[0].length ?? 0)
      : raw.length;
  // eslint-disable-next-line no-control-regex -- JSON allows no control character in a string.
  if (/[\x00-\x1f]/.test(raw)) throw malformed('must be a JSON document');
  const text = raw.slice(0, whole).replace(/\\(u[0-9A-Fa-f]{4}|.)/g, (_all, escape: string) => {
    const known = escape.startsWith('u')
      ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      : escapes[escape];
    // Others cannot be in base64, so it does not matter which they are.
    return known ?? '?';
  });
  return { text, left: chunk.subarray(whole), isOver: closing !== undefined };
}

function closingQuote(chunk: Buffer): number | undefined {
  for (let at = chunk.indexOf(quote); at !== -1; at = chunk.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (at - slashes > 0 && chunk[at - slashes - 1] === backslash) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return undefined;
}
