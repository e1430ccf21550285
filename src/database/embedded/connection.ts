import { readFile, rm } from 'node:fs/promises';
import { DATABASE, SUPERUSER, type Cluster, type RunnableCluster } from './cluster.js';
import { clearLeftovers, findPostmaster } from './running.js';
import {
  launchPostmaster,
  stopPostmaster,
  waitUntilReady,
  type LaunchOptions,
  type Postmaster,
} from './postmaster.js';
import { writePrivately } from './private-file.js';
import { hasSocket, isSameReach, type Reach } from './reach.js';
import { fingerprintOf } from './settings.js';

/** What the connection file tells, to the next Numex and to an operator with psql. */
interface Connection {
  url: string;
  postmasterPid: number;
  /** Which program and settings it runs with. */
  fingerprint: string;
}

export interface EnsureOptions extends LaunchOptions {
  /** Use a running postmaster even if it has other settings: somebody else is working with it. */
  keepSettings: boolean;
}

/** A socket's folder is in the query, as libpq has it; the host before it only makes the URL a whole one. */
export function urlOf({ password }: Cluster, { port, socketFolder }: Reach): string {
  const [host, query] =
    socketFolder === undefined
      ? ['127.0.0.1', '']
      : ['localhost', `?host=${encodeURIComponent(socketFolder)}`];
  return `postgres://${SUPERUSER}:${password}@${host}:${port}/${DATABASE}${query}`;
}

/**
 * Takes over the cluster's postmaster if one runs (its Numex was killed), else starts one. A postmaster that
 * was started with other settings or by another version is replaced, unless somebody uses it. Call in turn.
 */
export async function ensureRunning(cluster: RunnableCluster, options: EnsureOptions): Promise<Postmaster> {
  const { logger } = options;
  // A cluster that could have a socket and has none is not alike.
  const way = hasSocket(cluster.layout) ? 'socket' : 'loopback';
  const fingerprint = fingerprintOf(cluster.binaries.postgres, { ...cluster.settings, way });
  const running = await joinPostmaster(cluster, options);
  if (running) {
    const isAlike = (await readConnection(cluster))?.fingerprint === fingerprint;
    const isReachedSo = !options.reach || isSameReach(options.reach, running.reach);
    if (isReachedSo && (isAlike || options.keepSettings)) {
      logger.info({ pid: running.identity.pid, ...running.reach }, 'took over the running database');
      return running;
    }
    logger.info({ pid: running.identity.pid }, 'restarting the database with the settings of this start');
    await stopPostmaster(cluster, running.identity, logger);
  }
  const startedAt = Date.now();
  const postmaster = await launchPostmaster(cluster, options);
  const { reach } = postmaster;
  const connection = { url: urlOf(cluster, reach), postmasterPid: postmaster.identity.pid, fingerprint };
  await writePrivately(cluster.layout.connectionFile, `${JSON.stringify(connection, undefined, 2)}\n`);
  logger.info(
    { pid: postmaster.identity.pid, ...reach, user: cluster.user?.name, tookMs: Date.now() - startedAt },
    'the database is ready',
  );
  return postmaster;
}

/** The running postmaster once it is ready; one that is stopping is waited for and not returned. */
export async function joinPostmaster(
  cluster: Cluster,
  options: LaunchOptions,
): Promise<Postmaster | undefined> {
  const found = await findPostmaster(cluster);
  return found && (await waitUntilReady(cluster, options));
}

/** Stops the cluster's postmaster if one runs, and what a dead one left. Call in turn. */
export async function ensureStopped(
  cluster: Cluster & Partial<Pick<RunnableCluster, 'binaries'>>,
  { logger }: LaunchOptions,
): Promise<void> {
  const found = await findPostmaster(cluster);
  if (found) {
    await stopPostmaster(cluster, found.identity, logger);
    logger.info({ pid: found.identity.pid }, 'stopped the database');
  } else {
    await clearLeftovers(cluster);
  }
  await rm(cluster.layout.connectionFile, { force: true });
}

async function readConnection({ layout }: Cluster): Promise<Connection | undefined> {
  try {
    return JSON.parse(await readFile(layout.connectionFile, 'utf8')) as Connection;
  } catch {
    return undefined;
  }
}
