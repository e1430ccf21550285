import { closeSync, openSync } from 'node:fs';
import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';
import { giveToFolderOwner } from '../../lib/folder-owner.js';

const LOG_MAX_BYTES = 16 * 1024 * 1024;
const CHECK_EVERY_MS = 30_000;
const TAIL_MAX_BYTES = 8 * 1024;

/**
 * PostgreSQL's log is its standard error, appended to a file that we open: it needs no process of its own,
 * keeps the reason of a failed start, and lies where root may write although PostgreSQL runs as another user.
 */
export async function openLog(path: string): Promise<{ fd: number; close(): void }> {
  const fd = openSync(path, 'a', 0o600);
  await giveToFolderOwner(path);
  return { fd, close: () => closeSync(fd) };
}

/** Before a start nobody writes: the full file becomes the old one. */
export async function setFullLogAside(path: string): Promise<void> {
  if ((await logSize(path)) > LOG_MAX_BYTES) await rename(path, `${path}.1`);
}

/** While PostgreSQL writes, its open file must stay: copy it and cut it to nothing. Two files, two bounds. */
export function keepLogSmall(path: string): () => void {
  const check = async (): Promise<void> => {
    if ((await logSize(path)) <= LOG_MAX_BYTES) return;
    await copyFile(path, `${path}.1`);
    await truncate(path);
  };
  // A full disk is PostgreSQL's to report; a log that cannot be shortened is tried again.
  const timer = setInterval(() => void check().catch(() => undefined), CHECK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export async function logSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What was written since the file had `fromBytes`; at most its last few kilobytes. */
export async function readLogSince(path: string, fromBytes: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(fromBytes, size - TAIL_MAX_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_MAX_BYTES), 0, TAIL_MAX_BYTES, start);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}
