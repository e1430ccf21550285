import { createHash, randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  lchown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prepareBinaries, type Binaries } from './binaries.js';
import { DataFolderVersionError } from './errors.js';
import type { Layout } from './layout.js';
import { writePrivately } from './private-file.js';
import { runProgram } from './run-program.js';
import { asArguments, serverSettings } from './settings.js';
import { canEnter, chooseSystemUser, giveTo, type SystemUser } from './system-user.js';
import type { EmbeddedLogger, EmbeddedServerOptions } from './types.js';

/** Everything that is needed to speak to the cluster's processes, known without starting anything. */
export interface Cluster {
  layout: Layout;
  password: string;
  /** Random name of this very cluster, visible in the command line of each of its processes. */
  processName: string;
}

/** A cluster together with the programs and the user that can run it. */
export interface RunnableCluster extends Cluster {
  binaries: Binaries;
  user: SystemUser | undefined;
  settings: Record<string, string>;
}

export const SUPERUSER = 'numex';
export const DATABASE = 'numex';

/**
 * The name under which a program finds its own working folder without walking down to it. Programs are
 * started with the cluster as working folder, entered while still root, so a cluster below a closed folder
 * (root's home) stays where the operator put it: nothing to move, link or mount, and nothing left behind.
 */
const WORKING_FOLDER = '/proc/self/cwd';
const PASSWORD_BYTES = 24;
const socketAccess = [`local all ${SUPERUSER} scram-sha-256`, `local replication ${SUPERUSER} scram-sha-256`];
const DRAFT = /^postgres\.new-/;

/** The cluster as it stands; undefined when there is none yet or its password is lost. */
export async function readCluster(layout: Layout): Promise<Cluster | undefined> {
  if (!existsSync(join(layout.clusterFolder, 'PG_VERSION'))) return undefined;
  const password = await readFile(layout.passwordFile, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return password === undefined ? undefined : describe(layout, password.trim());
}

/** Makes the cluster ready to be launched; creates it on first use. Call in turn. */
export async function prepareCluster(
  layout: Layout,
  options: EmbeddedServerOptions,
): Promise<RunnableCluster> {
  const { logger } = options;
  const user = await chooseSystemUser(layout);
  const binaries = await prepareBinaries(user, layout.binariesFolder, logger);
  const settings = serverSettings(options.settings);
  const exists = await checkExisting(layout, binaries.major);
  if (exists && user) await takeOwnership(layout.clusterFolder, user);
  if (exists) await allowSocket(layout.clusterFolder);
  const runnable = { binaries, user, settings };
  if (!exists) {
    logger.info(
      { folder: layout.clusterFolder, major: binaries.major, user: user?.name },
      'creating the database',
    );
    return { ...runnable, ...(await createCluster(layout, runnable, logger)) };
  }
  const known = await readCluster(layout);
  return { ...runnable, ...(known ?? (await replacePassword(layout, runnable, logger))) };
}

/** What to pass with -D, given that the program starts in the cluster's folder. */
export async function dataArgument(folder: string, user: SystemUser | undefined): Promise<string> {
  if (!user || (await canEnter(user, dirname(folder)))) return folder;
  if (existsSync(WORKING_FOLDER)) return WORKING_FOLDER;
  throw new Error(
    `User ${user.name}, as whom PostgreSQL runs, cannot reach ${folder}. Choose a data folder outside root's home.`,
  );
}

async function checkExisting({ clusterFolder }: Layout, supportedMajor: number): Promise<boolean> {
  const text = await readFile(join(clusterFolder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const foundMajor = Number.parseInt(text, 10);
    if (foundMajor !== supportedMajor) {
      throw new DataFolderVersionError(clusterFolder, foundMajor, supportedMajor);
    }
    return true;
  }
  const content = await readdir(clusterFolder).catch(() => []);
  if (content.length > 0) throw new Error(`${clusterFolder} is not empty but holds no PostgreSQL cluster.`);
  return false;
}

/** Lets our role in by the socket, in a cluster that an earlier version made. */
async function allowSocket(clusterFolder: string): Promise<void> {
  const file = join(clusterFolder, 'pg_hba.conf');
  const text = await readFile(file, 'utf8');
  if (/^\s*local\s/m.test(text)) return;
  await appendFile(file, `${text.endsWith('\n') ? '' : '\n'}${socketAccess.join('\n')}\n`);
}

async function takeOwnership(clusterFolder: string, user: SystemUser): Promise<void> {
  const found = await stat(clusterFolder);
  if (found.uid !== user.uid) await giveTo(user, clusterFolder);
  // PostgreSQL refuses a folder that others can read, as a restored copy may be.
  if ((found.mode & 0o077) !== 0) await chmod(clusterFolder, 0o700);
}

type Runner = Pick<RunnableCluster, 'binaries' | 'user' | 'settings'>;

/** Builds the cluster beside its place and moves it there when it is whole: a crash leaves only a draft. */
async function createCluster(layout: Layout, runner: Runner, logger: EmbeddedLogger): Promise<Cluster> {
  const startedAt = Date.now();
  await removeDrafts(layout.dataFolder);
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const draft = join(layout.dataFolder, `postgres.new-${randomBytes(4).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  if (runner.user) await lchown(draft, runner.user.uid, runner.user.gid);
  await initialize(draft, runner);
  await runSingleUser(draft, runner, [setPassword(password), `CREATE DATABASE ${DATABASE};`]);
  await writePrivately(layout.passwordFile, password);
  // Checked to be empty; if it no longer is, this refuses.
  if (existsSync(layout.clusterFolder)) await rmdir(layout.clusterFolder);
  await rename(draft, layout.clusterFolder);
  await syncFolder(layout.dataFolder);
  logger.info({ folder: layout.clusterFolder, tookMs: Date.now() - startedAt }, 'created the database');
  return describe(layout, password);
}

async function initialize(folder: string, { binaries, user, settings }: Runner): Promise<void> {
  const encoding = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  await runProgram({
    program: binaries.initdb,
    args: [
      ...['-D', await dataArgument(folder, user), '-U', SUPERUSER, '--auth=reject', '--data-checksums'],
      ...encoding,
      ...(settings['fsync'] === 'off' ? ['--no-sync'] : []),
    ],
    folder,
    user,
  });
  const access = [
    '# Only this machine, only with the password. Written by Numex when it created the cluster.',
    `host all ${SUPERUSER} 127.0.0.1/32 scram-sha-256`,
    `host replication ${SUPERUSER} 127.0.0.1/32 scram-sha-256`,
    ...socketAccess,
  ];
  await writeFile(join(folder, 'pg_hba.conf'), `${access.join('\n')}\n`);
}

/** Single-user mode needs no password and listens nowhere: nobody can get in before the password is set. */
async function runSingleUser(
  folder: string,
  { binaries, user, settings }: Runner,
  lines: string[],
): Promise<void> {
  const quiet = { exit_on_error: 'true', log_checkpoints: 'false', fsync: settings['fsync'] ?? 'on' };
  await runProgram({
    program: binaries.postgres,
    args: ['--single', '-D', await dataArgument(folder, user), ...asArguments(quiet), 'postgres'],
    folder,
    user,
    input: `${lines.join('\n')}\n`,
  });
}

/** Whoever can write to the data folder owns the data anyway, so a lost password is no reason to lose it. */
async function replacePassword(layout: Layout, runner: Runner, logger: EmbeddedLogger): Promise<Cluster> {
  logger.warn({ file: layout.passwordFile }, 'the database password is missing: setting a new one');
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await runSingleUser(layout.clusterFolder, runner, [setPassword(password)]);
  await writePrivately(layout.passwordFile, password);
  return describe(layout, password);
}

function setPassword(password: string): string {
  return `ALTER ROLE ${SUPERUSER} PASSWORD '${password}';`;
}

function describe(layout: Layout, password: string): Cluster {
  // From the secret, so that no second file has to be kept in step; twelve digits of a hash tell nothing of it.
  const mark = createHash('sha256').update(password).digest('hex').slice(0, 12);
  return { layout, password, processName: `numex-${mark}` };
}

/** A rename that a power cut undoes would leave the first sales in a draft, which the next start removes. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders, and does not need to.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function removeDrafts(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    // A process of an interrupted start may still write there; what remains goes at the next creation.
    if (DRAFT.test(name))
      await rm(join(dataFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
