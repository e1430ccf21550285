import type { Readable } from 'node:stream';

/** Lines handed on at once: small enough that other work of the process gets its turn in between. */
export const batchLines = 1000;

/** Longest line that is read; of a longer one nothing is kept, however long it goes on. */
export const lineCharactersMax = 4096;

export interface TextLine {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Empty when the line is too long. */
  readonly text: string;
  readonly tooLong: boolean;
}

/** Lines with something on them, batch by batch, with their numbers in the file. */
export async function* readLines(source: Readable): AsyncGenerator<TextLine[]> {
  const decoder = new TextDecoder('utf-8');
  const splitter = new Splitter();
  for await (const chunk of source as AsyncIterable<string | Buffer>) {
    splitter.add(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    while (splitter.ready.length >= batchLines) yield splitter.ready.splice(0, batchLines);
    // Told at once: whoever wants no such file need not wait for the end of the line.
    if (splitter.skipping && splitter.ready.length > 0) yield splitter.ready.splice(0);
  }
  splitter.add(decoder.decode());
  splitter.end();
  if (splitter.ready.length > 0) yield splitter.ready;
}

/** Cuts text into lines as it comes in, and holds no more of an unfinished one than could become a line. */
class Splitter {
  readonly ready: TextLine[] = [];
  #line = 0;
  #rest = '';
  /** The line that is coming in is too long and has been told as such; what is left of it is dropped. */
  #skipping = false;

  get skipping(): boolean {
    return this.#skipping;
  }

  add(chunk: string): void {
    const texts = (this.#rest + chunk).split('\n');
    this.#rest = texts.pop() ?? '';
    for (const text of texts) this.#take(text);
    if (this.#skipping) this.#rest = '';
    if (this.#rest.length <= lineCharactersMax) return;
    this.#take(this.#rest);
    this.#rest = '';
    this.#skipping = true;
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
  }

  #take(text: string): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    this.#line += 1;
    const tooLong = text.length > lineCharactersMax;
    if (tooLong) this.ready.push({ line: this.#line, text: '', tooLong });
    else if (text.trim() !== '') {
      this.ready.push({ line: this.#line, text: text.endsWith('\r') ? text.slice(0, -1) : text, tooLong });
    }
  }
}
