import { loadConfig } from './config.js';
import { loadCatalogue } from '../core/catalogue/index.js';
import type { Pool } from '../database/connection.js';
import { borrowEmbeddedServer } from '../database/embedded/index.js';
import type { EmbeddedLogger, EmbeddedServer } from '../database/embedded/index.js';
import { openPoolFor } from '../database/kinds-of-work.js';
import { migrate } from '../database/migrate.js';
import { systemClock } from '../lib/clock.js';
import { makeDataFolder } from './start-error.js';

export interface OpenDatabase {
  readonly url: string;
  readonly pool: Pool;
  close(): Promise<void>;
}

const closeTimeoutSeconds = 5;

/** Commands answer on standard output, so what the database has to say goes to standard error. */
const stderrLogger: EmbeddedLogger = {
  info: () => undefined,
  warn: (_details, message) => void process.stderr.write(`numex: ${message}\n`),
};

/**
 * Opens the database that the settings name, for a command: the external one, or the embedded one of the data folder,
 * borrowed from a running server or started for the time of the command. Migrates it and loads the catalogue if needed.
 */
export async function openDatabase(): Promise<OpenDatabase> {
  const config = loadConfig(process.env);
  const embedded = config.databaseUrl === undefined ? await borrow(config.dataFolder) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const pool = openPoolFor('commands', url);
  const close = async (): Promise<void> => {
    await pool.end({ timeout: closeTimeoutSeconds });
    await embedded?.stop();
  };
  try {
    await migrate(pool);
    await loadCatalogue(pool, systemClock);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, pool, close };
}

async function borrow(dataFolder: string): Promise<EmbeddedServer> {
  await makeDataFolder(dataFolder);
  return borrowEmbeddedServer({ dataFolder, logger: stderrLogger });
}
