import { join } from 'node:path';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { createApp } from './app.js';
import { loadConfig } from './config.js';
import type { Config } from './config.js';
import { loadCatalogue } from '../core/catalogue/index.js';
import { archiveContinuously, forgetArchive } from '../database/backup/index.js';
import { startEmbeddedServer } from '../database/embedded/index.js';
import type { EmbeddedServer } from '../database/embedded/index.js';
import { openPoolFor } from '../database/kinds-of-work.js';
import { migrate } from '../database/migrate.js';
import { loadDemo } from './demo.js';
import type { Demo } from './demo.js';
import { documentFolder } from '../documents/document-folder.js';
import { systemClock } from '../lib/clock.js';
import { listenFailure, makeDataFolder, StartError } from './start-error.js';
import { listenForStop } from './stop-signals.js';
import { startTracing } from './telemetry.js';
import type { Tracing } from './telemetry.js';

/** How long a shutdown waits for requests in flight before it goes on without them. */
const drainSeconds = 20;
const exitAtOnce = 130;

type Close = () => Promise<unknown>;

/**
 * Runs the server until a signal ends it: database, schema, catalogue, perhaps demo data, then HTTP. Whatever ends it, also
 * in the middle of its start, what it has started is closed in order.
 * Raises ConfigError, StartError, and what the database raises.
 */
export async function runServer({ demo }: { demo: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  let embedded: EmbeddedServer | undefined;
  const stop = listenForStop(() => endAtOnce(embedded));
  const toClose: Close[] = [];
  try {
    await makeDataFolder(config.dataFolder);
    const logger = pino({ level: config.logLevel });
    if (config.databaseUrl === undefined) {
      const server = await startEmbeddedServer({ dataFolder: config.dataFolder, logger });
      embedded = server;
      toClose.push(() => server.stop());
      if (stop.isAsked()) return;
      toClose.push(await keepLog(config, server, logger));
    }
    const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
    if (stop.isAsked()) return;
    const account = await prepareDatabase(databaseUrl, config.dataFolder, demo);
    if (stop.isAsked()) return;
    await serve(config, databaseUrl, logger, account, toClose);
    await stop.asked;
  } finally {
    await closeAll(toClose);
    stop.forget();
  }
}

/** Archives the log when there is a folder for it; gives what ends that. */
async function keepLog(
  { backupFolder: folder, dataFolder }: Config,
  { url }: EmbeddedServer,
  logger: Logger,
): Promise<Close> {
  if (folder !== undefined) {
    const archive = archiveContinuously({ url, dataFolder, folder, clock: systemClock, logger });
    return () => archive.close();
  }
  await forgetArchive(url);
  return () => Promise.resolve();
}

async function serve(
  config: Config,
  databaseUrl: string,
  logger: Logger,
  account: Demo | undefined,
  toClose: Close[],
): Promise<void> {
  const tracing = await tracingOf(config);
  if (tracing) toClose.push(() => tracing.close());
  const app = await createApp({
    databaseUrl,
    documentsPath: documentsPathIn(config.dataFolder),
    clock: systemClock,
    rateLimits: config.rateLimits,
    trustProxy: config.trustProxy,
    allowPrivateTargets: config.webhookAllowPrivate,
    logger,
    tracing,
    dueWork: true,
  });
  toClose.push(() => withinDrainTime(app.close()));
  const { host, port } = config;
  const address = await app.server.listen({ port, host }).catch((error: unknown) => {
    throw listenFailure(error, { host, port });
  });
  logger.info({ address }, 'Numex is ready');
  if (account) process.stdout.write(welcome(address, account));
}

/** Closes what was opened last first; a failure keeps nothing else open, and the first is raised. */
async function closeAll(toClose: readonly Close[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of [...toClose].reverse()) {
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

function withinDrainTime(closed: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new StartError(`Requests were still under way after ${drainSeconds} s and were ended.`)),
      drainSeconds * 1000,
    );
    closed.then(resolve, reject).finally(() => clearTimeout(deadline));
  });
}

/** A second signal: nothing is waited for, and the database recovers from its log at the next start. */
function endAtOnce(embedded: EmbeddedServer | undefined): void {
  try {
    if (embedded) process.kill(embedded.postmasterPid, 'SIGQUIT');
  } catch {
    // It has ended already.
  }
  process.exit(exitAtOnce);
}

async function tracingOf({ tracesEndpoint, tracesRatio }: Config): Promise<Tracing | undefined> {
  if (tracesEndpoint === undefined) return undefined;
  return startTracing({ endpoint: tracesEndpoint, ratio: tracesRatio });
}

function documentsPathIn(dataFolder: string): string {
  return join(dataFolder, 'documents');
}

/** Schema, catalogue, and demo data where it is asked for; gives the demo's keys. */
async function prepareDatabase(url: string, dataFolder: string, demo: boolean): Promise<Demo | undefined> {
  const pool = openPoolFor('commands', url);
  try {
    await migrate(pool);
    await loadCatalogue(pool, systemClock);
    if (!demo) return undefined;
    const documents = documentFolder(documentsPathIn(dataFolder));
    return await loadDemo({ pool, clock: systemClock, documents, dataFolder });
  } finally {
    await pool.end({ timeout: 5 });
  }
}

/** What stands out from the log: where to look first, the keys, and how to have it otherwise. */
function welcome(address: string, account: { accountId: string; apiKey: string; adminKey: string }): string {
  const rule = '='.repeat(78);
  return [
    '',
    rule,
    '',
    `  Numex is running at ${address}`,
    '',
    `  Open this first    ${address}/`,
    `  API reference      ${address}/docs`,
    `  Demo account       ${account.accountId}`,
    `  Demo API key       ${account.apiKey}`,
    `  Admin key          ${account.adminKey}`,
    '',
    '  Another port: PORT=8080 numex start.    To stop: Ctrl-C.',
    '',
    rule,
    '',
    '',
  ].join('\n');
}
