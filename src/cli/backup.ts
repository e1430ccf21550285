import { resolve } from 'node:path';
import { Command } from 'commander';
import { listFound, pruneBackups, restoreBackup, verifyBackups } from '../database/backup/index.js';
import type { FoundBackup, VerifiedBackup } from '../database/backup/index.js';
import { backUpHere, backupFolder, dataFolderOfSettings, quietLogger } from '../server/backups.js';
import { readCount, readInstant } from './arguments.js';
import { jsonOption, print } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface BackupOptions {
  readonly folder?: string;
  readonly json?: boolean;
}

const exitFailed = 1;
const keptMax = 10_000;
const folderOption = ['--folder <folder>', 'where the backups are (default: NUMEX_BACKUP)'] as const;
const mebibyte = 1024 * 1024;

/** `numex backup`: the embedded database with its documents. */
export function backupCommand(surroundings: Surroundings, done: (exitCode: number) => void): Command {
  const backup = new Command('backup').description('backups of the embedded database and its documents');
  addCreate(backup, surroundings);
  addList(backup, surroundings);
  addVerify(backup, surroundings, done);
  addRestore(backup, surroundings);
  addPrune(backup, surroundings);
  return backup;
}

function addCreate(backup: Command, surroundings: Surroundings): void {
  backup
    .command('create')
    .description('copy database and documents while the server runs; nothing waits for it')
    .option(...folderOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample: numex backup create --folder /var/backups/numex')
    .action(async ({ folder, json }: BackupOptions) => {
      const made = await backUpHere(resolve(backupFolder(folder)));
      const size = `${made.files} files, ${(made.bytes / mebibyte).toFixed(1)} MiB`;
      print(surroundings, json, made, [`Backup ${made.id} is in ${made.path} (${size}).`]);
    });
}

function addList(backup: Command, surroundings: Surroundings): void {
  backup
    .command('list')
    .description('the backups, oldest first, and until when each can be restored')
    .option(...folderOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample: numex backup list --folder /var/backups/numex')
    .action(async ({ folder, json }: BackupOptions) => {
      const data = (await listFound(resolve(backupFolder(folder)))).map(rowOf);
      const sentences = data.map(
        (row) =>
          `${row.id}  ${row.finished_at} to ${row.restorable_until}  ${(row.bytes / mebibyte).toFixed(1)} MiB  series ${row.series}`,
      );
      print(surroundings, json, { data }, data.length > 0 ? sentences : ['There are no backups yet.']);
    });
}

function addVerify(backup: Command, surroundings: Surroundings, done: (exitCode: number) => void): void {
  backup
    .command('verify')
    .description(
      'read every file of the backups and of the archived log, and compare; exits 1 when one is bad',
    )
    .argument('[id]', 'only this one')
    .option(...folderOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample: numex backup verify --folder /var/backups/numex')
    .action(async (id: string | undefined, { folder, json }: BackupOptions) => {
      const data = await verifyBackups(resolve(backupFolder(folder)), id);
      const ok = data.length > 0 && data.every((each) => each.ok);
      const verdict = data.length === 0 ? ['There are no backups yet.'] : data.flatMap(sentencesOf);
      print(surroundings, json, { ok, data }, verdict);
      done(ok ? 0 : exitFailed);
    });
}

function addRestore(backup: Command, surroundings: Surroundings): void {
  backup
    .command('restore')
    .description('make a data folder from a backup and the archived log that follows it')
    .argument('[id]', 'which backup; without it the latest that reaches the instant')
    .option('--into <folder>', 'an empty or missing folder (default: the data folder, NUMEX_DATA)')
    .option(
      '--until <instant>',
      'bring it to this instant; without it to the end of the archive',
      readInstant,
    )
    .option(...folderOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample: numex backup restore --into ./restored --until 2026-03-04T09:30:00Z')
    .action(
      async (
        id: string | undefined,
        { into, until, folder, json }: BackupOptions & { into?: string; until?: Date },
      ) => {
        const restored = await restoreBackup({
          folder: resolve(backupFolder(folder)),
          id,
          dataFolder: into ?? dataFolderOfSettings(),
          until,
          logger: quietLogger,
        });
        print(surroundings, json, restored, [
          `Restored ${restored.id} into ${restored.data_folder}, with all until ${restored.restored_until}.`,
          `Look at it with NUMEX_DATA=${restored.data_folder} numex verify, and make a backup of it soon.`,
        ]);
      },
    );
}

function addPrune(backup: Command, surroundings: Surroundings): void {
  backup
    .command('prune')
    .description('remove old backups, and the archived log that only they needed')
    .requiredOption('--keep <count>', 'how many of the latest stay', readCount(keptMax))
    .option(...folderOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample: numex backup prune --keep 7')
    .action(async ({ keep, folder, json }: BackupOptions & { keep: number }) => {
      const pruned = await pruneBackups(resolve(backupFolder(folder)), keep);
      const { removed, kept, segments } = pruned;
      print(surroundings, json, pruned, [
        `Removed ${removed.length} backups and ${segments} files of log; ${kept.length} backups are left.`,
      ]);
    });
}

function rowOf({ series, manifest, restorableUntil }: FoundBackup) {
  return {
    id: manifest.id,
    series: series.id,
    started_at: manifest.startedAt,
    finished_at: manifest.finishedAt,
    restorable_until: restorableUntil,
    bytes: manifest.files.reduce((total, file) => total + file.bytes, 0),
    numex: manifest.numex,
    postgres: manifest.postgres,
  };
}

function sentencesOf({ id, ok, files, segments, restorable_until, faults }: VerifiedBackup): string[] {
  const what = `${id} (${files} files, ${segments} segments of log, until ${restorable_until})`;
  return ok ? [`ok      ${what}`] : [`FAILED  ${what}`, ...faults.map((fault) => `          ${fault}`)];
}
