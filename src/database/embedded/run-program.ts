import { spawn, type SpawnOptions } from 'node:child_process';
import { basename } from 'node:path';
import type { SystemUser } from './system-user.js';

const RUN_MAX_MS = 120_000;
const OUTPUT_MAX_CHARS = 4_000;
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];

interface Run {
  program: string;
  args: string[];
  folder: string;
  user: SystemUser | undefined;
  input?: string;
}

/**
 * How each PostgreSQL program is spawned: in the cluster's folder, as its user, in a session of its own (a
 * Ctrl-C in the terminal is for Numex, which stops it in order), and without Numex's secrets around it.
 */
export function spawnOptions(folder: string, user: SystemUser | undefined): SpawnOptions {
  const env: Record<string, string> = { LC_ALL: 'C' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  return { cwd: folder, env, detached: true, windowsHide: true, ...identity };
}

/** Runs a program to its end; throws with what it said if it fails. */
export function runProgram({ program, args, folder, user, input = '' }: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnOptions(folder, user),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: RUN_MAX_MS,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_MAX_CHARS);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // A program that ends early closes its input; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${basename(program)} failed (${signal ?? `exit code ${code ?? 'unknown'}`}): ${output.trim()}`,
          ),
        );
    });
  });
}
