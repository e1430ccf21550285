import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from './app.js';
import { loadConfig } from './config.js';
import type { Config } from './config.js';
import { loadCatalogue } from '../core/catalogue/index.js';
import { startEmbeddedServer } from '../database/embedded/index.js';
import { openPoolFor } from '../database/kinds-of-work.js';
import { migrate } from '../database/migrate.js';
import { loadDemo } from './demo.js';
import type { Demo } from './demo.js';
import { documentFolder } from '../documents/document-folder.js';
import { systemClock } from '../lib/clock.js';
import { startTracing } from './telemetry.js';
import type { Tracing } from './telemetry.js';

/** How long a shutdown waits for requests in flight before it gives up on them. */
const drainSeconds = 20;

/** Runs the server until a signal ends it: database, schema, catalogue, perhaps demo data, then HTTP. */
export async function runServer({ demo }: { demo: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const logger = pino({ level: config.logLevel });
  await mkdir(config.dataFolder, { recursive: true });
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedServer({ dataFolder: config.dataFolder, logger })
      : undefined;
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
  try {
    const account = await prepareDatabase(databaseUrl, config.dataFolder, demo);
    const tracing = await tracingOf(config);
    const app = await createApp({
      databaseUrl,
      documentsPath: documentsPathIn(config.dataFolder),
      clock: systemClock,
      rateLimits: config.rateLimits,
      allowPrivateTargets: config.webhookAllowPrivate,
      logger,
      tracing,
      dueWork: true,
    });
    const stopped = stopOnSignal(async () => {
      await app.close();
      await tracing?.close();
      await embedded?.stop();
    });
    const address = await app.server.listen({ port: config.port, host: config.host });
    logger.info({ address }, 'Numex is ready');
    if (account) process.stdout.write(welcome(address, account));
    await stopped;
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
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

function welcome(address: string, account: { accountId: string; apiKey: string; adminKey: string }): string {
  return [
    '',
    `  Numex is running at ${address}`,
    `  API reference      ${address}/docs`,
    `  Demo account       ${account.accountId}`,
    `  Demo API key       ${account.apiKey}`,
    `  Admin key          ${account.adminKey}`,
    '',
    '',
  ].join('\n');
}

/** Resolves when a signal has come and everything is closed; a second signal, or a drain that hangs, ends at once. */
function stopOnSignal(close: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      const deadline = setTimeout(() => reject(new Error('Shutdown took too long')), drainSeconds * 1000);
      deadline.unref();
      close().then(resolve, reject);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
