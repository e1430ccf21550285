import { readFile, stat, utimes } from 'node:fs/promises';
import { identityOfSelf, isStillRunning, ownSpace, type ProcessIdentity } from './processes.js';

/** A file that says "this process holds something here". It means nothing once the process is gone. */
export interface Claim {
  holder: ProcessIdentity;
  live: boolean;
  /** Held from another container or host, where a process number cannot be looked up. */
  elsewhere: boolean;
}

/** A holder that this process cannot see proves itself alive by touching its file this often … */
const REFRESH_MS = 2_000;
/** … and counts as dead after this silence. */
export const SILENCE_MEANS_DEAD_MS = 10_000;

export function claimText(): string {
  return JSON.stringify(identityOfSelf());
}

/** Reads a claim; undefined when the file is gone or holds no claim. */
export async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isIdentity(holder)) return undefined;
    if (holder.space === ownSpace) return { holder, live: isStillRunning(holder), elsewhere: false };
    const silentMs = Date.now() - (await stat(path)).mtimeMs;
    return { holder, live: silentMs < SILENCE_MEANS_DEAD_MS, elsewhere: true };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Touches the claim until the returned function is called. */
export function keepFresh(path: string): () => void {
  const timer = setInterval(() => {
    const now = new Date();
    // A claim that was removed with its folder is not worth a crash; its loss shows elsewhere.
    utimes(path, now, now).catch(() => undefined);
  }, REFRESH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startedAt, space } = value as Record<string, unknown>;
  return typeof pid === 'number' && typeof startedAt === 'string' && typeof space === 'string';
}
