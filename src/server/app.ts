import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { serveApiReference } from './api-reference.js';
import { dialects } from './dialects.js';
import { keyAuthenticator } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { domainError } from '../core/errors.js';
import type { DomainError } from '../core/errors.js';
import type { DocumentStore } from '../core/ports.js';
import { PurchaseDesk } from '../core/sales/index.js';
import type { DeskObserver } from '../core/sales/index.js';
import { readVitals } from '../core/vitals/index.js';
import { classifyFailure } from '../database/failure.js';
import { openPoolFor } from '../database/kinds-of-work.js';
import { RequestConnections } from '../database/request-connections.js';
import { documentFolder } from '../documents/document-folder.js';
import { serveDialects } from '../http/dialect.js';
import type { Dialect } from '../http/dialect.js';
import type { Exchange } from '../http/exchange.js';
import { sharedLimitStore } from '../http/limits/limit-store.js';
import { SharedLimiter } from '../http/limits/limiter.js';
import { JobRunner } from '../jobs/runner.js';
import { schedule } from '../jobs/schedule.js';
import { sweepDocumentsJob } from '../jobs/sweep-documents.js';
import { webhookJobs } from './webhook-jobs.js';
import { serveFrontPage } from './front-page.js';
import type { FailedRequest } from '../http/failure.js';
import { serveHealth } from '../http/health.js';
import { Metrics } from '../http/metrics.js';
import { observeRequests } from '../http/observe.js';
import { createServer } from '../http/server.js';
import type { TrustProxy } from '../http/trust-proxy.js';
import { UploadPlaces } from '../http/upload/places.js';
import type { Clock } from '../lib/clock.js';
import { newRequestId } from '../lib/ids.js';
import type { Tracing, WorkObserver } from './telemetry.js';

export interface AppOptions {
  readonly databaseUrl: string;
  /** Where the files of documents live; servers that share a database share it too. */
  readonly documentsPath: string;
  readonly clock: Clock;
  readonly rateLimits: boolean;
  /** The proxies whose `X-Forwarded-For` is believed; none unless set. */
  readonly trustProxy?: TrustProxy;
  /** The wires that are served; all of them unless set. */
  readonly dialects?: readonly Dialect[];
  /** Whether webhooks may go to addresses that are not public; no unless set. */
  readonly allowPrivateTargets?: boolean;
  readonly logger?: FastifyBaseLogger;
  /** Absent without a collector. */
  readonly tracing?: Tracing | undefined;
  /** Whether this process does the work that falls due without a request. */
  readonly dueWork?: boolean;
}

export interface App {
  readonly server: FastifyInstance;
  readonly connections: RequestConnections;
  /** Told of jobs and deliveries, for metrics and traces. */
  readonly observer: WorkObserver;
  /** Answers what is in flight, takes nothing more, and lets the database go. */
  close(): Promise<void>;
}

function domainFailure(error: unknown, { writes, keyed }: FailedRequest): DomainError | undefined {
  const failure = classifyFailure(error);
  switch (failure.kind) {
    case 'unavailable':
      return domainError('unavailable', { reason: failure.reason });
    case 'outcome_unknown':
      return writes
        ? domainError('outcome_unknown', { keyed })
        : domainError('unavailable', { reason: 'the database is away' });
    case 'unstorable_text':
      return domainError('invalid_input', {
        field: 'request',
        reason: 'has a character that no text may have',
      });
    default:
      return undefined;
  }
}

/** Who reads the figures for `/metrics`. */
function watching(connections: RequestConnections, clock: Clock): Context {
  const sql = connections.of('metrics', 'reads');
  return { sql, clock, actor: { kind: 'system', name: 'metrics' }, requestId: newRequestId() };
}

/** One observer that tells several. */
function tellAll(observers: readonly (WorkObserver & DeskObserver)[]): WorkObserver & DeskObserver {
  return {
    batchJudged: (...facts) => observers.forEach((observer) => observer.batchJudged(...facts)),
    jobRan: (...facts) => observers.forEach((observer) => observer.jobRan(...facts)),
    jobFailed: (...facts) => observers.forEach((observer) => observer.jobFailed(...facts)),
    deliveryEnded: (...facts) => observers.forEach((observer) => observer.deliveryEnded(...facts)),
  };
}

/** Puts the exchange together: pools, desk, server and dialects. */
export async function createApp(options: AppOptions): Promise<App> {
  const url = options.databaseUrl;
  const connections = new RequestConnections(url);
  const lane = openPoolFor('desk', url);
  const metrics = new Metrics(
    (transfers) => readVitals({ ctx: watching(connections, options.clock), input: { transfers } }),
    options.clock,
  );
  const observers = options.tracing ? [metrics, options.tracing] : [metrics];
  const observer = tellAll(observers);
  const desk = new PurchaseDesk(lane, observer);
  const documents = documentFolder(options.documentsPath);
  const exchange: Exchange = {
    connections,
    desk,
    documents,
    uploads: new UploadPlaces(),
    clock: options.clock,
    authenticate: keyAuthenticator(connections.lookUps, options.clock),
    limiter: options.rateLimits ? new SharedLimiter(sharedLimitStore(connections.lookUps)) : undefined,
    allowPrivateTargets: options.allowPrivateTargets,
  };
  const server = createServer(options.logger, options.trustProxy);
  observeRequests(server, observers);
  serveHealth(server, () => connections.isReachable());
  metrics.serve(server);
  serveFrontPage(server);
  await serveApiReference(server);
  await serveDialects(server, exchange, domainFailure, options.dialects ?? dialects());
  const stopJobs = options.dueWork ? startJobs(options, documents, observer) : undefined;
  return {
    server,
    connections,
    observer,
    close: async () => {
      await server.close();
      await stopJobs?.();
      await desk.close();
      await Promise.all([lane.end({ timeout: 5 }), connections.close()]);
    },
  };
}

/** Starts the due work of this process; gives what stops it. */
function startJobs(
  options: AppOptions,
  documents: DocumentStore,
  observer: WorkObserver,
): () => Promise<void> {
  const { databaseUrl, clock, logger, allowPrivateTargets } = options;
  const sql = openPoolFor('jobs', databaseUrl);
  const deliveries = webhookJobs({
    allowPrivate: allowPrivateTargets ?? false,
    attempted: (outcome, seconds) => observer.deliveryEnded(outcome, seconds),
  });
  const runner = new JobRunner(
    [...schedule, sweepDocumentsJob(documents), ...deliveries],
    { sql, clock },
    {
      batchDone: (job, done, seconds, lagSeconds) => observer.jobRan(job, done, seconds, lagSeconds ?? 0),
      batchFailed: (job, error, attempt, seconds) => {
        observer.jobFailed(job, seconds);
        logger?.error({ err: error, job, attempt }, 'a job failed; it will be tried again');
      },
    },
  );
  runner.start();
  return async () => {
    await runner.stop();
    await sql.end({ timeout: 5 });
  };
}
