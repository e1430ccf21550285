import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { dataArgument, type Cluster, type RunnableCluster } from './cluster.js';
import { LaunchError } from './errors.js';
import { logSize, openLog, readLogSince, setFullLogAside } from './log-file.js';
import { identityOf, type ProcessIdentity } from './processes.js';
import { chooseReach, loopback, reachSettings, type Reach } from './reach.js';
import { spawnOptions } from './run-program.js';
import { clearLeftovers, findPostmaster, nameSetting, waitUntilGone } from './running.js';
import { asArguments } from './settings.js';
import type { EmbeddedLogger } from './types.js';

/** A postmaster that is ready for connections, whether this process started it or found it. */
export interface Postmaster {
  identity: ProcessIdentity;
  reach: Reach;
  /** Only of a postmaster that this process started. */
  child?: ChildProcess;
}

export interface LaunchOptions {
  /** To keep on a restart; without it the best that the system has is chosen. */
  reach?: Reach;
  logger: EmbeddedLogger;
  /** Gives the start up early, leaving nothing behind. */
  signal?: AbortSignal;
  /** How long the start may take; ten minutes unless told otherwise. */
  readyMaxMs?: number;
}

const READY_POLL_MS = 5;
/** Crash recovery replays up to max_wal_size: minutes on a slow disk. */
const READY_MAX_MS = 10 * 60_000;
const STILL_WAITING_MS = 10_000;
const LAUNCH_RETRY_FOR_MS = 30_000;
const LAUNCH_PAUSE_FIRST_MS = 50;
const LAUNCH_PAUSE_MAX_MS = 2_000;
const FAST_STOP_MAX_MS = 20_000;
const IMMEDIATE_STOP_MAX_MS = 5_000;
const KILL_MAX_MS = 5_000;
/** What PostgreSQL says when something that is about to go is still there. */
const TRANSIENT =
  /lock file "postmaster\.pid"|shared memory block|could not bind|could not create any (TCP|Unix)/;
const NO_SOCKET = /could not (create|bind) (any )?Unix/;

/** Starts the cluster, which must not be running, and returns when it is ready. Call in turn. */
export async function launchPostmaster(
  cluster: RunnableCluster,
  options: LaunchOptions,
): Promise<Postmaster> {
  const { logger, signal } = options;
  const giveUpAt = Date.now() + LAUNCH_RETRY_FOR_MS;
  let pauseMs = LAUNCH_PAUSE_FIRST_MS;
  let reach = options.reach ?? (await chooseReach(cluster.layout));
  for (;;) {
    const cleared = await clearLeftovers(cluster);
    if (cleared > 0) logger.warn({ processes: cleared }, 'ended leftover database processes');
    try {
      return await launchOnce(cluster, reach, options);
    } catch (error) {
      if (!(error instanceof LaunchError && error.transient) || Date.now() > giveUpAt) throw error;
      logger.warn({ reason: error.message }, 'the database could not start yet, trying again');
      // A folder without sockets, as some mounts are; or a port that somebody took in between.
      const isRefused = reach.socketFolder === undefined || NO_SOCKET.test(error.message);
      if (!options.reach && isRefused) reach = await loopback();
    }
    await pause(pauseMs, undefined, signal ? { signal } : {});
    pauseMs = Math.min(pauseMs * 2, LAUNCH_PAUSE_MAX_MS);
  }
}

/** Fast shutdown (open transactions are rolled back), then ever harder. Returns when the process is gone. */
export async function stopPostmaster(
  cluster: Cluster & Partial<Pick<RunnableCluster, 'binaries'>>,
  identity: ProcessIdentity,
  logger: EmbeddedLogger,
): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: FAST_STOP_MAX_MS },
    { signal: 'SIGQUIT', waitMs: IMMEDIATE_STOP_MAX_MS },
    { signal: 'SIGKILL', waitMs: KILL_MAX_MS },
  ] as const;
  for (const { signal, waitMs } of steps) {
    if (signal !== 'SIGINT')
      logger.warn({ pid: identity.pid, signal }, 'the database does not stop, insisting');
    send(cluster.binaries?.pgCtl, identity.pid, signal);
    if (await waitUntilGone(identity, waitMs)) {
      if (signal !== 'SIGINT') await clearLeftovers(cluster);
      return;
    }
  }
  throw new Error(`The embedded PostgreSQL (process ${identity.pid}) cannot be ended.`);
}

/** Waits until a postmaster that runs already is ready; undefined if it ends instead. */
export async function waitUntilReady(
  cluster: Cluster,
  { logger, signal, readyMaxMs = READY_MAX_MS }: LaunchOptions,
): Promise<Postmaster | undefined> {
  const startedAt = Date.now();
  let nextNoteAt = startedAt + STILL_WAITING_MS;
  while (Date.now() - startedAt < readyMaxMs && !signal?.aborted) {
    const found = await findPostmaster(cluster);
    if (!found) return undefined;
    if (found.status === 'ready') return { identity: found.identity, reach: found.reach };
    if (Date.now() > nextNoteAt) {
      nextNoteAt += STILL_WAITING_MS;
      logger.info({ status: found.status }, 'still waiting for the database');
    }
    await pause(READY_POLL_MS);
  }
  signal?.throwIfAborted();
  throw new LaunchError(`not ready after ${readyMaxMs / 60_000} minutes`, false);
}

async function launchOnce(
  cluster: RunnableCluster,
  reach: Reach,
  options: LaunchOptions,
): Promise<Postmaster> {
  const { layout } = cluster;
  await setFullLogAside(layout.logFile);
  const logStart = await logSize(layout.logFile);
  const child = await spawnPostmaster(cluster, reach);
  const identity = identityOf(child.pid ?? 0);
  try {
    while (identity && child.exitCode === null && child.signalCode === null) {
      options.signal?.throwIfAborted();
      // Until the new postmaster has written its file there is none to be found.
      const found = await findPostmaster(cluster);
      const ready = found?.identity.pid === child.pid ? await waitUntilReady(cluster, options) : undefined;
      if (ready) return { ...ready, child };
      await pause(READY_POLL_MS);
    }
  } catch (error) {
    if (identity) await stopPostmaster(cluster, identity, options.logger);
    throw error;
  }
  const said = await readLogSince(layout.logFile, logStart);
  throw new LaunchError(
    said || `it ended with ${child.signalCode ?? `exit code ${child.exitCode ?? -1}`}`,
    TRANSIENT.test(said),
  );
}

/** The process outlives this one if this one is killed; whoever comes next finds it by its pid file. */
async function spawnPostmaster(cluster: RunnableCluster, reach: Reach): Promise<ChildProcess> {
  const { layout, binaries, user, settings } = cluster;
  const data = await dataArgument(layout.clusterFolder, user);
  const log = await openLog(layout.logFile);
  try {
    const args = ['-D', data, ...asArguments({ ...reachSettings(reach, settings), ...nameSetting(cluster) })];
    const child = spawn(binaries.postgres, args, {
      ...spawnOptions(layout.clusterFolder, user),
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    // A command ends without it when others still use it; whoever must stay alive for it has its own reason.
    child.unref();
    return child;
  } finally {
    log.close();
  }
}

function send(pgCtl: string | undefined, pid: number, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  // Windows has no signals: PostgreSQL emulates the first two, and only pg_ctl knows how.
  if (process.platform === 'win32' && pgCtl !== undefined && signal !== 'SIGKILL') {
    spawnSync(pgCtl, ['kill', signal.slice(3), String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
