import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of a backup: its size and the SHA-256 of its content. */
export interface FileSum {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Runs this many copies at a time. */
const copiesAtOnce = 8;

/** Copies a file, flushed to disk, and gives its sum; undefined when there is none at `from`. */
export async function copyWithSum(
  from: string,
  to: string,
  name: string,
  bytesMax = Infinity,
): Promise<FileSum | undefined> {
  const source = await open(from, 'r').catch(undefinedIfMissing);
  if (!source) return undefined;
  const target = await open(to, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    const content = source.createReadStream({ autoClose: false, ...endBefore(bytesMax) });
    for await (const chunk of content as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await target.writeFile(chunk);
    }
    await target.sync();
    return { name, bytes, sha256: hash.digest('hex') };
  } finally {
    await target.close();
    await source.close();
  }
}

/** Copies a file so that it has its name only when all of it is on disk; undefined when there is none. */
export async function copyWhole(from: string, to: string, name: string): Promise<FileSum | undefined> {
  const draft = `${to}.draft`;
  const sum = await copyWithSum(from, draft, name);
  if (sum) {
    await rename(draft, to);
    await flushFolder(dirname(to));
  }
  return sum;
}

/** The sum of a file as it is; undefined when it is missing. */
export async function sumOf(path: string, name: string): Promise<FileSum | undefined> {
  if (!(await exists(path))) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

export function isSame(a: FileSum, b: FileSum | undefined): boolean {
  return a.sha256 === b?.sha256 && a.bytes === b.bytes;
}

/** Sums of files that come one after another: a JSON line each. A line cut short by a crash is left out. */
export async function readSums(path: string): Promise<FileSum[]> {
  const text = (await readFile(path, 'utf8').catch(undefinedIfMissing)) ?? '';
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as FileSum];
    } catch {
      return [];
    }
  });
}

/** Begins with a line end, so that a line cut short before it does not swallow this one. */
export async function addSum(path: string, sum: FileSum): Promise<void> {
  await appendFile(path, `\n${JSON.stringify(sum)}`, { mode: 0o600, flush: true });
}

/** Replaces a small file in one step. */
export async function writeReplacing(path: string, text: string, { flush = true } = {}): Promise<void> {
  const file = await open(`${path}.draft`, 'w', 0o600);
  try {
    await file.writeFile(text);
    if (flush) await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.draft`, path);
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(undefinedIfMissing);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(undefinedIfMissing)) !== undefined;
}

/** Does the work for each, several at a time, in no order. */
export async function forEachAtOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const line = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: copiesAtOnce }, line));
}

/** Makes new names in the folder outlive a loss of power; Windows opens no folders. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

function endBefore(bytesMax: number): { end?: number } {
  return bytesMax === Infinity ? {} : { end: bytesMax - 1 };
}
