import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** Lines that are shown with the result itself, so that the commonest mistake is seen without opening the file. */
export const rejectSamplesMax = 5;

/** A line that was not taken in; `K` is the column that tells which one it is: a number, the id of a call. */
export type RejectedLine<K extends string> = Readonly<Record<K, string>> & {
  readonly line: number;
  readonly reason: string;
};

/**
 * Where bad lines go: a CSV of line, what it is about, and reason, made with the first of them. A file of an earlier
 * import under the same name is removed, so that it is never taken for this one's.
 */
export class RejectFile<K extends string> {
  readonly samples: RejectedLine<K>[] = [];
  readonly #about: K;
  readonly #path: string | undefined;
  #stream: WriteStream | undefined;
  #count = 0;

  private constructor(about: K, path: string | undefined) {
    this.#about = about;
    this.#path = path;
  }

  static async prepare<K extends string>(about: K, path: string | undefined): Promise<RejectFile<K>> {
    if (path !== undefined) await rm(path, { force: true });
    return new RejectFile(about, path);
  }

  get count(): number {
    return this.#count;
  }

  /** Null when there is nothing in it, or it was not wanted. */
  get path(): string | null {
    return this.#stream ? (this.#path ?? null) : null;
  }

  async add(rejected: readonly RejectedLine<K>[]): Promise<void> {
    if (rejected.length === 0) return;
    this.#count += rejected.length;
    this.samples.push(...rejected.slice(0, rejectSamplesMax - this.samples.length));
    if (this.#path === undefined) return;
    this.#stream ??= await openFile(this.#path, this.#about);
    const lines = rejected.map(
      (entry) => `${entry.line},${quoted(entry[this.#about])},${quoted(entry.reason)}\n`,
    );
    if (!this.#stream.write(lines.join(''))) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await finished(this.#stream);
  }
}

async function openFile(path: string, about: string): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags: 'wx' });
  await once(stream, 'open');
  stream.write(`line,${about},reason\n`);
  return stream;
}

function quoted(text: string): string {
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
