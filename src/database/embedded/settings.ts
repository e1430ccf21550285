import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';

const MIB = 1024 * 1024;
const SHARED_BUFFERS_MIN_MIB = 128;
const SHARED_BUFFERS_MAX_MIB = 2_048;

/**
 * The settings of the embedded server, given on its command line so that they need no file that could
 * differ from them. Durability is PostgreSQL's own default: fsync and synchronous commit on.
 */
export function serverSettings(extra: Record<string, string> = {}): Record<string, string> {
  const memoryMib = availableMemoryMib();
  const sharedMib = Math.min(SHARED_BUFFERS_MAX_MIB, Math.max(SHARED_BUFFERS_MIN_MIB, memoryMib / 4));
  return {
    max_connections: '100',
    shared_buffers: mebibytes(sharedMib),
    effective_cache_size: mebibytes(Math.max(SHARED_BUFFERS_MIN_MIB, memoryMib / 2)),
    maintenance_work_mem: mebibytes(Math.min(512, Math.max(64, memoryMib / 16))),
    fsync: 'on',
    synchronous_commit: 'on',
    wal_compression: 'on',
    max_wal_size: '4GB',
    // An archive that does not answer must not fill the disk; what it misses then, it says.
    max_slot_wal_keep_size: '8GB',
    // Planned for disks without moving parts; the default of 4 shuns indexes that pay.
    random_page_cost: '1.1',
    // Our statements are short: compiling them costs more than it saves.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // A lost race is an ordinary answer here; its SQL, with a tenant's data in it, stays out of the log.
    log_min_error_statement: 'panic',
    ...extra,
  };
}

/** A short name of a set of settings and the program that runs them, to see whether a running server has them. */
export function fingerprintOf(program: string, settings: Record<string, string>): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([program, sorted]))
    .digest('hex')
    .slice(0, 16);
}

export function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** What this process may use: in a container the machine's total is not it. */
function availableMemoryMib(): number {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return bytes / MIB;
}

function mebibytes(count: number): string {
  return `${Math.floor(count)}MB`;
}
