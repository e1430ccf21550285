import { readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import {
  commandLineOf,
  identityOf,
  isStillRunning,
  listProcesses,
  type ProcessIdentity,
} from './processes.js';
import type { Reach } from './reach.js';

/** A live postmaster of the cluster, found by the file that PostgreSQL keeps in its folder. */
export interface RunningPostmaster {
  identity: ProcessIdentity;
  reach: Reach;
  /** PostgreSQL's own word: `starting`, `ready`, `stopping`. */
  status: string;
}

const POLL_MS = 10;
const PROBE_MAX_MS = 1_000;
/** A backend whose postmaster is gone ends by itself unless it is deep in a query; then it is told to, twice. */
const LEFTOVER_QUIT_MS = 3_000;
const LEFTOVER_KILL_MS = 5_000;

/** The running postmaster of this cluster; undefined when none runs, whatever a stale file may say. */
export async function findPostmaster(cluster: Cluster): Promise<RunningPostmaster | undefined> {
  const file = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  // One value a line: pid, data folder, start time, port, socket folder, address, shared memory, status.
  const lines = file.split('\n').map((line) => line.trim());
  const identity = identityOf(Number(lines[0]));
  const port = Number(lines[3] ?? '');
  if (!identity || !(await isPostmasterOf(cluster, identity.pid, port))) return undefined;
  // A cluster that an earlier version started has no socket folder, and is on the loopback address.
  const socketFolder = lines[4] ? { socketFolder: resolve(cluster.layout.clusterFolder, lines[4]) } : {};
  return { identity, reach: { port, ...socketFolder }, status: lines[7] ?? 'starting' };
}

/**
 * Clears what a killed postmaster leaves: backends that still hold its shared memory, and its pid and socket files, whose
 * number may by now be a stranger's or a zombie's and would make PostgreSQL refuse to start. Only call in
 * turn, when no postmaster was found; PostgreSQL itself still checks the shared memory.
 */
export async function clearLeftovers(cluster: Cluster): Promise<number> {
  const leftovers = listProcesses()
    .filter(({ commandLine }) => belongsTo(cluster, commandLine))
    .map(({ pid }) => identityOf(pid))
    .filter((identity) => identity !== undefined);
  await endAll(leftovers, 'SIGQUIT', LEFTOVER_QUIT_MS);
  await endAll(leftovers, 'SIGKILL', LEFTOVER_KILL_MS);
  await rm(pidFile(cluster), { force: true });
  await clearSockets(cluster);
  return leftovers.length;
}

async function clearSockets({ layout }: Cluster): Promise<void> {
  const names = await readdir(layout.clusterFolder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('.s.PGSQL.'))) {
    await rm(join(layout.clusterFolder, name), { force: true });
  }
}

/** Waits until the process is gone; false when it is still there after `maxMs`. */
export async function waitUntilGone(identity: ProcessIdentity, maxMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + maxMs;
  while (isStillRunning(identity)) {
    if (Date.now() > giveUpAt) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** How the postmaster carries the cluster's name; its children carry it in their titles. */
export function nameSetting(cluster: Cluster): Record<string, string> {
  return { cluster_name: cluster.processName };
}

async function isPostmasterOf(cluster: Cluster, pid: number, port: number): Promise<boolean> {
  const commandLine = commandLineOf(pid);
  if (commandLine !== undefined) return belongsTo(cluster, commandLine);
  // Windows shows no command lines: a live process with that number and an open port must do.
  return answers(port);
}

function belongsTo({ processName }: Cluster, commandLine: string): boolean {
  return (
    commandLine.startsWith(`postgres: ${processName}: `) ||
    (commandLine.includes('postgres -D ') && commandLine.includes(` cluster_name=${processName}`))
  );
}

async function endAll(processes: ProcessIdentity[], signal: NodeJS.Signals, maxMs: number): Promise<void> {
  const remaining = processes.filter(isStillRunning);
  for (const { pid } of remaining) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  }
  await Promise.all(remaining.map((identity) => waitUntilGone(identity, maxMs)));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_MAX_MS });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
}

function pidFile({ layout }: Cluster): string {
  return join(layout.clusterFolder, 'postmaster.pid');
}
