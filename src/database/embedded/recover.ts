import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareCluster } from './cluster.js';
import { ensureStopped } from './connection.js';
import { LaunchError } from './errors.js';
import { openLayout } from './layout.js';
import { launchPostmaster } from './postmaster.js';
import { writePrivately } from './private-file.js';
import { inTurn } from './turn.js';
import type { EmbeddedLogger } from './types.js';

/** Reading weeks of log takes its time. */
const READY_MAX_MS = 24 * 60 * 60_000;
const NAME_BYTES = 24;
const ENDED_BEFORE_TARGET = /recovery ended before configured recovery target was reached/;

/**
 * Starts a restored cluster once, so that PostgreSQL reads the log in its folder to the end or to an instant, and stops it.
 * Afterwards it is an ordinary cluster on a timeline of its own, with a password of its own. Raises LaunchError.
 */
export async function recoverCluster({
  dataFolder,
  until,
  logger,
}: {
  dataFolder: string;
  until: Date | undefined;
  logger: EmbeddedLogger;
}): Promise<void> {
  const layout = await openLayout(dataFolder);
  const recover = async (target: Record<string, string>): Promise<void> => {
    const settings = {
      // All of the log is in place: there is nothing to fetch.
      restore_command: 'exit 1',
      recovery_target_action: 'promote',
      hot_standby: 'off',
      ...target,
    };
    const cluster = await prepareCluster(layout, { dataFolder, logger, settings });
    try {
      await launchPostmaster(cluster, { logger, readyMaxMs: READY_MAX_MS });
    } finally {
      await ensureStopped(cluster, { logger });
    }
  };
  await inTurn(layout, async () => {
    // A cluster's processes are known by its password: with the original's they would be taken for one another's.
    await writePrivately(layout.passwordFile, randomBytes(NAME_BYTES).toString('base64url'));
    const target = until ? { recovery_target_time: spelled(until) } : undefined;
    try {
      await recover(target ?? {});
    } catch (error) {
      // Nothing was committed after the instant: then the end of the log is what was asked for.
      const isAllBefore = error instanceof LaunchError && ENDED_BEFORE_TARGET.test(error.message);
      if (!target || !isAllBefore) throw error;
      await recover({});
    }
    // The database does not know that password yet: without the file it gets a new one.
    await rm(layout.passwordFile);
    await prepareCluster(layout, { dataFolder, logger: { ...logger, warn: () => undefined } });
  });
  await rename(layout.logFile, join(layout.dataFolder, 'postgres.recovery.log'));
}

/** PostgreSQL reads its command line before it knows names of zones, such as `Z`. */
function spelled(instant: Date): string {
  return instant.toISOString().replace('T', ' ').replace('Z', '+00');
}
