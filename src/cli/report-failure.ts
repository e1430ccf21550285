import { ConfigError } from '../server/config.js';
import { DomainError } from '../core/errors.js';
import { classifyFailure } from '../database/failure.js';
import { BackupError } from '../database/backup/index.js';
import { DataFolderBusyError, DataFolderVersionError, LaunchError } from '../database/embedded/index.js';
import { DatabaseTooOldError, MigrationMismatchError } from '../database/migrate.js';
import { StartError } from '../server/start-error.js';

const exitFailed = 1;

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Faults that a person can act on; their message says all there is to say. */
const plainErrors: readonly [type: new (...args: never[]) => Error, code: string][] = [
  [ConfigError, 'configuration'],
  [MigrationMismatchError, 'migration_mismatch'],
  [DataFolderBusyError, 'data_folder_busy'],
  [DataFolderVersionError, 'data_folder_version'],
  [LaunchError, 'database_start'],
  [DatabaseTooOldError, 'database_too_old'],
  [StartError, 'start'],
  [BackupError, 'backup'],
];

/** Says on standard error what went wrong, and gives the exit code. */
export function reportFailure(
  error: unknown,
  { json, err }: { readonly json: boolean; readonly err: (text: string) => void },
): number {
  const failure = failureOf(error);
  err(json ? `${JSON.stringify({ error: failure })}\n` : `numex: ${failure.message}\n`);
  return exitFailed;
}

function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) return { code: error.code, message: error.message };
  const plain = plainErrors.find(([type]) => error instanceof type);
  if (plain && error instanceof Error) return { code: plain[1], message: error.message };
  const refused = databaseRefusal(error);
  if (refused) return refused;
  if (isFileError(error)) return { code: 'file', message: error.message };
  if (error instanceof Error && classifyFailure(error).kind === 'unavailable') {
    return {
      code: 'unavailable',
      message: `The database cannot be reached (${error.message}). Start it, or mend DATABASE_URL.`,
    };
  }
  if (error instanceof Error && classifyFailure(error).kind === 'outcome_unknown') {
    const message =
      'The connection to the database was lost; whether this was done is not known, so look before you repeat it';
    return { code: 'outcome_unknown', message };
  }
  // A bug: the trace is what helps to find it.
  return {
    code: 'internal',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** What a database that answers may refuse us for, by PostgreSQL's code; each with what to do about it. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'Mend the user or the password in DATABASE_URL.',
  '28000': 'Let this user in (pg_hba.conf of the server), or mend DATABASE_URL.',
  '3D000': 'Create the database, or mend DATABASE_URL.',
  '42501': 'Let this user create and change tables in the database.',
  '53300': 'Raise max_connections of the server, or run fewer processes.',
};

function databaseRefusal(error: unknown): Failure | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const advice = refusals[String(error.code)];
  if (advice === undefined) return undefined;
  return { code: 'database_refused', message: `The database refuses: ${error.message}. ${advice}` };
}

/** A file that is missing or closed to us, in the system's own words; a socket's error has an address. */
function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && !('address' in error) && !('port' in error);
}
