import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** Lines that are shown with the result itself, so that the commonest mistake is seen without opening the file. */
export const rejectSamplesMax = 5;

export interface RejectedLine {
  readonly line: number;
  readonly number: string;
  readonly reason: string;
}

/**
 * Where bad lines go: a CSV of line, number and reason, made with the first of them. A file of an earlier import under
 * the same name is removed, so that it is never taken for this one's.
 */
export class RejectFile {
  readonly samples: RejectedLine[] = [];
  readonly #path: string | undefined;
  #stream: WriteStream | undefined;
  #count = 0;

  private constructor(path: string | undefined) {
    this.#path = path;
  }

  static async prepare(path: string | undefined): Promise<RejectFile> {
    if (path !== undefined) await rm(path, { force: true });
    return new RejectFile(path);
  }

  get count(): number {
    return this.#count;
  }

  /** Null when there is nothing in it, or it was not wanted. */
  get path(): string | null {
    return this.#stream ? (this.#path ?? null) : null;
  }

  async add(rejected: readonly RejectedLine[]): Promise<void> {
    if (rejected.length === 0) return;
    this.#count += rejected.length;
    this.samples.push(...rejected.slice(0, rejectSamplesMax - this.samples.length));
    if (this.#path === undefined) return;
    this.#stream ??= await openFile(this.#path);
    const lines = rejected.map(({ line, number, reason }) => `${line},${quoted(number)},${quoted(reason)}\n`);
    if (!this.#stream.write(lines.join(''))) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await finished(this.#stream);
  }
}

async function openFile(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags: 'wx' });
  await once(stream, 'open');
  stream.write('line,number,reason\n');
  return stream;
}

function quoted(text: string): string {
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
