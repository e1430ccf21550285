import { readFileSync } from 'node:fs';
import { createBackup } from '../database/backup/index.js';
import type { BackupSummary } from '../database/backup/index.js';
import { BackupError } from '../database/backup/index.js';
import { borrowEmbeddedServer } from '../database/embedded/index.js';
import type { EmbeddedLogger } from '../database/embedded/index.js';
import { systemClock } from '../lib/clock.js';
import { loadConfig } from './config.js';

/** What PostgreSQL's start and stop have to say is of no interest to a command; its complaints are. */
export const quietLogger: EmbeddedLogger = {
  info: () => undefined,
  warn: (_details, message) => void process.stderr.write(`numex: ${message}\n`),
};

/** The folder that was named, else that of the settings. Raises BackupError when neither names one. */
export function backupFolder(named: string | undefined): string {
  const folder = named ?? loadConfig(process.env).backupFolder;
  if (folder === undefined)
    throw new BackupError('Say where the backups are: --folder, or the variable NUMEX_BACKUP.');
  return folder;
}

/** Where the settings say that the data folder is. */
export function dataFolderOfSettings(): string {
  return loadConfig(process.env).dataFolder;
}

/** Backs up the embedded database of the settings, running or not. Raises BackupError. */
export async function backUpHere(folder: string): Promise<BackupSummary> {
  const { databaseUrl, dataFolder } = loadConfig(process.env);
  if (databaseUrl !== undefined) {
    throw new BackupError(
      'DATABASE_URL names a database of your own: back it up with the tools of its PostgreSQL (docs/operations/backup.md).',
    );
  }
  const server = await borrowEmbeddedServer({ dataFolder, logger: quietLogger });
  try {
    return await createBackup({
      url: server.url,
      dataFolder,
      folder,
      clock: systemClock,
      version: version(),
    });
  } finally {
    await server.stop();
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
