import { setTimeout as pause } from 'node:timers/promises';
import { prepareCluster, type RunnableCluster } from './cluster.js';
import { SILENCE_MEANS_DEAD_MS } from './claims.js';
import { ensureRunning, ensureStopped, urlOf } from './connection.js';
import { DataFolderBusyError } from './errors.js';
import { listLiveHolders, registerHolder } from './holders.js';
import { openLayout, type Layout } from './layout.js';
import { keepLogSmall } from './log-file.js';
import type { Postmaster } from './postmaster.js';
import { isStillRunning } from './processes.js';
import { inTurn } from './turn.js';
import type { EmbeddedLogger, EmbeddedServer, EmbeddedServerOptions } from './types.js';

const WATCH_EVERY_MS = 200;
const RESTART_PAUSE_FIRST_MS = 100;
const RESTART_PAUSE_MAX_MS = 10_000;
/** A postmaster that lived this long ended for a new reason: the pauses start small again. */
const STEADY_AFTER_MS = 30_000;
const BUSY_POLL_MS = 250;

interface Ownership {
  cluster: RunnableCluster;
  postmaster: Postmaster;
  release: () => Promise<void>;
}

/** Starts (or takes over) the cluster in the data folder as its owner; creates it on first use. */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const layout = await openLayout(options.dataFolder);
  const giveUpAt = Date.now() + SILENCE_MEANS_DEAD_MS + BUSY_POLL_MS;
  for (;;) {
    const attempt = await inTurn(layout, () => becomeOwner(layout, options));
    if (!(attempt instanceof DataFolderBusyError)) return superviseServer(attempt, options.logger);
    // An owner in another container cannot be looked up: only its silence tells that it was killed.
    if (!attempt.elsewhere || Date.now() > giveUpAt) throw attempt;
    await pause(BUSY_POLL_MS);
  }
}

async function becomeOwner(
  layout: Layout,
  options: EmbeddedServerOptions,
): Promise<Ownership | DataFolderBusyError> {
  const holders = await listLiveHolders(layout);
  const owner = holders.find(({ kind }) => kind === 'server');
  if (owner) return new DataFolderBusyError(layout.dataFolder, owner.holder.pid, owner.elsewhere);
  const cluster = await prepareCluster(layout, options);
  // Commands that brought the cluster up themselves go on working in it.
  const keepSettings = holders.length > 0;
  const postmaster = await ensureRunning(cluster, { logger: options.logger, keepSettings });
  return { cluster, postmaster, release: await registerHolder(layout, 'server') };
}

/** Brings the postmaster back whenever it ends, reached as before, until stopped. */
function superviseServer(
  { cluster, postmaster, release }: Ownership,
  logger: EmbeddedLogger,
): EmbeddedServer {
  const { reach } = postmaster;
  const ending = new AbortController();
  const { signal } = ending;
  const stopWatchingLog = keepLogSmall(cluster.layout.logFile);
  let current = postmaster;
  let stopped: Promise<void> | undefined;

  const supervise = async (): Promise<void> => {
    let pauseMs = RESTART_PAUSE_FIRST_MS;
    for (let startedAt = Date.now(); await hasEnded(current, signal); startedAt = Date.now()) {
      if (Date.now() - startedAt > STEADY_AFTER_MS) pauseMs = RESTART_PAUSE_FIRST_MS;
      logger.warn(
        { pid: current.identity.pid, ...reach },
        'the database has ended unexpectedly, restarting it',
      );
      try {
        const options = { logger, signal, reach, keepSettings: true };
        current = await inTurn(cluster.layout, () => ensureRunning(cluster, options));
      } catch (error) {
        // Tried for as long as Numex runs: a full disk, say, may be cleared at any time.
        if (!signal.aborted)
          logger.warn({ err: error, retryMs: pauseMs }, 'the database could not be restarted');
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, RESTART_PAUSE_MAX_MS);
    }
  };
  const supervision = supervise();

  const stop = async (): Promise<void> => {
    ending.abort();
    await supervision;
    stopWatchingLog();
    const end = async (): Promise<void> => {
      await ensureStopped(cluster, { logger });
      await release();
    };
    // A turn that does not come (a suspended command, a removed folder) is no reason to leave processes behind.
    await inTurn(cluster.layout, end).catch(async (error: unknown) => {
      logger.warn({ err: error }, 'stopping the database out of turn');
      await end();
    });
  };

  return {
    url: urlOf(cluster, reach),
    get postmasterPid() {
      return current.identity.pid;
    },
    stop: () => (stopped ??= stop()),
  };
}

/** True as soon as the postmaster is gone, false as soon as we are stopping. */
function hasEnded({ child, identity }: Postmaster, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      clearInterval(timer);
      child?.off('exit', look);
      signal.removeEventListener('abort', giveUp);
      resolve(answer);
    };
    const look = (): void => {
      if (!isStillRunning(identity)) settle(true);
    };
    const giveUp = (): void => settle(false);
    // Our own child tells; one that was taken over, or handed on, has to be looked at.
    const timer = setInterval(look, WATCH_EVERY_MS);
    timer.unref();
    child?.once('exit', look);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else look();
  });
}
