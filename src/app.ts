import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { serveApiReference } from './api-reference.js';
import { keyAuthenticator } from './core/accounts/index.js';
import { domainError } from './core/errors.js';
import type { DomainError } from './core/errors.js';
import { PurchaseDesk } from './core/numbers/index.js';
import type { DeskObserver } from './core/numbers/index.js';
import { hotPathSettings, openPool } from './database/connection.js';
import type { Pool } from './database/connection.js';
import { classifyFailure } from './database/failure.js';
import { documentFolder } from './documents/document-folder.js';
import { numex } from './dialects/numex/index.js';
import { piopiy } from './dialects/piopiy/index.js';
import { staffify } from './dialects/staffify/index.js';
import { twochat } from './dialects/twochat/index.js';
import { vobiz } from './dialects/vobiz/index.js';
import type { Exchange } from './http/exchange.js';
import { serveFrontPage } from './front-page.js';
import { createServer } from './http/server.js';
import type { Clock } from './lib/clock.js';
import { Metrics } from './http/metrics.js';

export interface AppOptions {
  readonly databaseUrl: string;
  /** Where the files of documents live; servers that share a database share it too. */
  readonly documentsPath: string;
  readonly clock: Clock;
  readonly rateLimits: boolean;
  readonly logger?: FastifyBaseLogger;
}

export interface App {
  readonly server: FastifyInstance;
  readonly pool: Pool;
  /** Answers what is in flight, takes nothing more, and lets the database go. */
  close(): Promise<void>;
}

/** Connections for everything but the purchase desk, which has one of its own. */
const poolConnectionsMax = 16;

function domainFailure(error: unknown): DomainError | undefined {
  switch (classifyFailure(error).kind) {
    case 'unavailable':
      return domainError('unavailable', { reason: 'the database is away' });
    case 'unstorable_text':
      return domainError('invalid_input', {
        field: 'request',
        reason: 'has a character that no text may have',
      });
    default:
      return undefined;
  }
}

/** Puts the exchange together: pools, desk, server, and one line per dialect. */
export async function createApp(options: AppOptions): Promise<App> {
  const url = options.databaseUrl;
  const pool = openPool({
    url,
    connectionsMax: poolConnectionsMax,
    applicationName: 'numex',
    settings: hotPathSettings,
  });
  const lane = openPool({ url, connectionsMax: 1, applicationName: 'numex-desk', settings: hotPathSettings });
  const metrics = new Metrics();
  const observer: DeskObserver = { batchJudged: (size, ms) => metrics.observeBatch(size, ms) };
  const desk = new PurchaseDesk(lane, observer);
  const exchange: Exchange = {
    sql: pool,
    desk,
    documents: documentFolder(options.documentsPath),
    clock: options.clock,
    authenticate: keyAuthenticator(pool),
    rateLimits: options.rateLimits,
  };
  const server = createServer(options.logger);
  metrics.watch(server);
  server.get('/health', async (_request, reply) => {
    const ready = await pool`select 1`.then(
      () => true,
      () => false,
    );
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'database away' });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(metrics.text()),
  );
  serveFrontPage(server);
  await serveApiReference(server);
  await server.register(numex(exchange, domainFailure), { prefix: '/numex/v1' });
  await server.register(twochat(exchange, domainFailure), { prefix: '/open' });
  await server.register(piopiy(exchange, domainFailure), { prefix: '/v1' });
  await server.register(staffify(exchange, domainFailure), { prefix: '/v1' });
  await server.register(vobiz(exchange, domainFailure), { prefix: '/api/v1' });
  return {
    server,
    pool,
    close: async () => {
      await server.close();
      await desk.close();
      await Promise.all([lane.end({ timeout: 5 }), pool.end({ timeout: 5 })]);
    },
  };
}
