import { setTimeout as pause } from 'node:timers/promises';
import { prepareCluster, readCluster, type Cluster } from './cluster.js';
import { ensureRunning, ensureStopped, joinPostmaster, urlOf } from './connection.js';
import { DataFolderBusyError } from './errors.js';
import { listLiveHolders, registerHolder } from './holders.js';
import { openLayout, type Layout } from './layout.js';
import type { Postmaster } from './postmaster.js';
import { inTurn } from './turn.js';
import type { EmbeddedServer, EmbeddedServerOptions } from './types.js';

const OWNER_POLL_MS = 50;
/** How long a command waits for a running server to bring its database back. */
const OWNER_WAIT_MS = 30_000;

interface Loan {
  cluster: Cluster;
  postmaster: Postmaster;
  release: () => Promise<void>;
}

/**
 * For the command line: uses the cluster that runs, else starts it. Commands share what they started; the
 * last one to end stops it, unless a server has become its owner in the meantime.
 */
export async function borrowEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const layout = await openLayout(options.dataFolder);
  const { logger } = options;
  const giveUpAt = Date.now() + OWNER_WAIT_MS;
  for (;;) {
    const attempt = await inTurn(layout, () => join(layout, options));
    if (!(attempt instanceof DataFolderBusyError)) return lend(layout, attempt, options);
    if (Date.now() > giveUpAt) throw attempt;
    logger.info({ ownerPid: attempt.ownerPid }, 'waiting for the running Numex to bring its database back');
    await pause(OWNER_POLL_MS);
  }
}

async function join(layout: Layout, options: EmbeddedServerOptions): Promise<Loan | DataFolderBusyError> {
  const { logger } = options;
  const known = await readCluster(layout);
  const running = known && (await joinPostmaster(known, { logger }));
  if (running) {
    return { cluster: known, postmaster: running, release: await registerHolder(layout, 'command') };
  }
  const owner = (await listLiveHolders(layout)).find(({ kind }) => kind === 'server');
  // Its supervision restarts the database under its own settings; starting it here would get in the way.
  if (owner) return new DataFolderBusyError(layout.dataFolder, owner.holder.pid, owner.elsewhere);
  const cluster = await prepareCluster(layout, options);
  const postmaster = await ensureRunning(cluster, { logger, keepSettings: true });
  return { cluster, postmaster, release: await registerHolder(layout, 'command') };
}

function lend(layout: Layout, loan: Loan, { logger }: EmbeddedServerOptions): EmbeddedServer {
  const { cluster, postmaster, release } = loan;
  const giveBack = async (): Promise<void> => {
    await inTurn(layout, async () => {
      await release();
      const others = await listLiveHolders(layout);
      if (others.length === 0) await ensureStopped(cluster, { logger });
    });
  };
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(cluster, postmaster.reach),
    postmasterPid: postmaster.identity.pid,
    stop: () => (stopped ??= giveBack()),
  };
}
