import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Vitals } from '../core/vitals/index.js';
import type { Clock } from '../lib/clock.js';
import type { AnsweredRequest } from './observe.js';

/** Upper bounds of buckets. Labels are never called job or instance: Prometheus has those for itself. */
const sizeBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Figures that are read from the database are this old at most when they are shown. */
const vitalsSeconds = 10;

/** Reads the database's figures, with the transfers of a range of ids. */
export type ReadVitals = (transfers: { afterId: number; untilId: number }) => Promise<Vitals>;

/** The metrics of this process, and those of the installation that the database knows, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter;
  readonly #requestSeconds: Histogram;
  readonly #batchSize: Histogram;
  readonly #batchSeconds: Histogram;
  readonly #deskWaitSeconds: Histogram;
  readonly #jobRuns: Counter;
  readonly #jobDone: Counter;
  readonly #jobSeconds: Histogram;
  readonly #jobLagSeconds: Gauge;
  readonly #deliveries: Counter;
  readonly #deliverySeconds: Histogram;
  readonly #connections: Gauge;
  readonly #lockWaits: Gauge;
  readonly #databaseUp: Gauge;
  readonly #auditWaiting: Gauge;
  readonly #transfers: Counter;
  readonly #readVitals: ReadVitals;
  readonly #clock: Clock;
  /** When the database's figures were read, in milliseconds. */
  #vitalsAt = -Infinity;
  #refreshing: Promise<void> | undefined;
  #transfersSeen: { counted: number; last: number } | undefined;

  constructor(readVitals: ReadVitals, clock: Clock) {
    this.#readVitals = readVitals;
    this.#clock = clock;
    collectDefaultMetrics({ register: this.#registry });
    const { counter, histogram, gauge } = this.#makers();
    this.#requests = counter('http_requests_total', 'Answered requests.', [
      'dialect',
      'method',
      'route',
      'status',
    ]);
    this.#requestSeconds = histogram(
      'http_request_seconds',
      'Time from a request to its answer.',
      secondsBuckets,
      ['dialect', 'method', 'route'],
    );
    this.#batchSize = histogram(
      'desk_batch_size',
      'Requests judged together by the purchase desk.',
      sizeBuckets,
    );
    this.#batchSeconds = histogram('desk_batch_seconds', 'Time the desk spent on a batch.', secondsBuckets);
    this.#deskWaitSeconds = histogram(
      'desk_wait_seconds',
      'Time the first request of a batch waited for the desk.',
      secondsBuckets,
    );
    this.#jobRuns = counter('job_runs_total', 'Runs of a job.', ['name', 'outcome']);
    this.#jobDone = counter('job_done_total', 'Things that a job has done.', ['name']);
    this.#jobSeconds = histogram('job_seconds', 'Time a run of a job took.', secondsBuckets, ['name']);
    this.#jobLagSeconds = gauge('job_lag_seconds', 'How late the last run found its oldest due work.', [
      'name',
    ]);
    this.#deliveries = counter('deliveries_total', 'Attempts to deliver an event.', ['outcome']);
    this.#deliverySeconds = histogram('delivery_seconds', 'Time an attempt took.', secondsBuckets, [
      'outcome',
    ]);
    this.#connections = gauge('database_connections', 'Connections of all Numex processes.', [
      'application',
      'state',
    ]);
    this.#lockWaits = gauge('database_lock_waits', 'Connections that wait for a lock.', ['application']);
    this.#databaseUp = gauge('database_up', 'Whether the database answered the last time it was asked.');
    this.#auditWaiting = gauge('audit_waiting', 'Audit entries that wait for a seal.');
    this.#transfers = counter('transfers_total', 'Transfers by all processes since this one looks.', [
      'kind',
    ]);
  }

  /** Makers of metrics below one prefix, in one registry. */
  #makers() {
    const registers = [this.#registry];
    const spec = (name: string, help: string, labelNames: string[] = []) => ({
      name: `numex_${name}`,
      help,
      labelNames,
      registers,
    });
    return {
      counter: (name: string, help: string, labels?: string[]) => new Counter(spec(name, help, labels)),
      gauge: (name: string, help: string, labels?: string[]) => new Gauge(spec(name, help, labels)),
      histogram: (name: string, help: string, buckets: number[], labels?: string[]) =>
        new Histogram({ ...spec(name, help, labels), buckets }),
    };
  }

  requestAnswered({ dialect, method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.inc({ dialect, method, route, status });
    this.#requestSeconds.observe({ dialect, method, route }, seconds);
  }

  batchJudged(size: number, milliseconds: number, waitedMilliseconds: number): void {
    this.#batchSize.observe(size);
    this.#batchSeconds.observe(milliseconds / 1000);
    this.#deskWaitSeconds.observe(waitedMilliseconds / 1000);
  }

  /** `lagSeconds`: how long the oldest work it found had been due; 0 when there was none. */
  jobRan(name: string, done: number, seconds: number, lagSeconds: number): void {
    this.#jobRuns.inc({ name, outcome: done === 0 ? 'idle' : 'done' });
    this.#jobDone.inc({ name }, done);
    this.#jobSeconds.observe({ name }, seconds);
    this.#jobLagSeconds.set({ name }, lagSeconds);
  }

  jobFailed(name: string, seconds: number): void {
    this.#jobRuns.inc({ name, outcome: 'failed' });
    this.#jobSeconds.observe({ name }, seconds);
  }

  deliveryEnded(outcome: string, seconds: number): void {
    this.#deliveries.inc({ outcome });
    this.#deliverySeconds.observe({ outcome }, seconds);
  }

  /** Answers `/metrics`. When the database is away, its figures are those of before. */
  serve(server: FastifyInstance): void {
    server.get('/metrics', async (_request, reply) => {
      await this.#refresh();
      return reply.type(this.#registry.contentType).send(await this.#registry.metrics());
    });
  }

  #refresh(): Promise<void> {
    if (this.#clock.now().getTime() - this.#vitalsAt < vitalsSeconds * 1000) return Promise.resolve();
    this.#refreshing ??= this.#readAll().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #readAll(): Promise<void> {
    const seen = this.#transfersSeen;
    const range = { afterId: seen?.counted ?? 0, untilId: seen?.last ?? 0 };
    try {
      this.#show(await this.#readVitals(range), range.untilId);
      this.#databaseUp.set(1);
    } catch {
      this.#databaseUp.set(0);
    }
    this.#vitalsAt = this.#clock.now().getTime();
  }

  #show({ connections, auditWaiting, transfers, lastTransferId }: Vitals, counted: number): void {
    this.#connections.reset();
    this.#lockWaits.reset();
    for (const { application, state, count, lockWaits } of connections) {
      this.#connections.set({ application, state }, count);
      this.#lockWaits.inc({ application }, lockWaits);
    }
    this.#auditWaiting.set(auditWaiting);
    for (const { kind, count } of transfers) this.#transfers.inc({ kind }, count);
    const first = this.#transfersSeen === undefined;
    this.#transfersSeen = { counted: first ? lastTransferId : counted, last: lastTransferId };
  }
}
