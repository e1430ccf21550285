import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names one process so that a later process with the same number is not mistaken for it:
 * numbers are re-used, the pair of number and start time is not.
 */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in whatever unit the system keeps; empty where the system does not tell. */
  startedAt: string;
  /** Boot and process namespace: numbers of another container or of before a reboot mean nothing here. */
  space: string;
}

const hasProcFolder = existsSync('/proc/self/stat');
const PS_TIMEOUT_MS = 5_000;

export const ownSpace = describeSpace();

export function identityOfSelf(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startedAt: '', space: ownSpace };
}

/** The live process with this number, or undefined if there is none. A zombie counts as dead. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const startedAt = hasProcFolder ? startFromProc(pid) : startFromSystem(pid);
  return startedAt === undefined ? undefined : { pid, startedAt, space: ownSpace };
}

export function isStillRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/** The command line of a process; undefined where the system does not show it (Windows). */
export function commandLineOf(pid: number): string | undefined {
  if (hasProcFolder) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    } catch {
      return '';
    }
  }
  if (process.platform === 'win32') return undefined;
  return runPs(['-o', 'command=', '-p', String(pid)]) ?? '';
}

/** Every live process with its command line; empty on systems that do not show them. */
export function listProcesses(): { pid: number; commandLine: string }[] {
  if (hasProcFolder) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => identityOf(pid) !== undefined)
      .map((pid) => ({ pid, commandLine: commandLineOf(pid) ?? '' }));
  }
  if (process.platform === 'win32') return [];
  return (runPs(['-axo', 'pid=,command=']) ?? '').split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), commandLine: match[2] ?? '' }] : [];
  });
}

function startFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command's name, in brackets, may itself hold spaces and brackets: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

function startFromSystem(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  if (process.platform === 'win32') return '';
  const line = runPs(['-o', 'stat=,lstart=', '-p', String(pid)])?.trim();
  if (line === undefined || line === '' || line.startsWith('Z')) return undefined;
  return line.replace(/^\S+\s+/, '');
}

function runPs(args: string[]): string | undefined {
  try {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C' };
    return execFileSync('ps', args, {
      encoding: 'utf8',
      env,
      timeout: PS_TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

function describeSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
