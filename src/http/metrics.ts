import type { FastifyInstance } from 'fastify';

/** Upper bounds of the batch-size buckets. */
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counters of this process in Prometheus' text form: requests by route and status, the desk's batches, and due work. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #batches = new Array<number>(batchBuckets.length).fill(0);
  #batchCount = 0;
  #batchSizeSum = 0;
  #batchSecondsSum = 0;
  readonly #jobs = new Map<string, { done: number; failures: number; lagSeconds: number }>();

  watch(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      const key = `method="${request.method}",route="${route}",status="${reply.statusCode}"`;
      this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
      done();
    });
  }

  observeBatch(size: number, milliseconds: number): void {
    this.#batchCount++;
    this.#batchSizeSum += size;
    this.#batchSecondsSum += milliseconds / 1000;
    batchBuckets.forEach((bound, index) => {
      if (size <= bound) this.#batches[index] = (this.#batches[index] ?? 0) + 1;
    });
  }

  /** A batch of due work; `lagSeconds` is how late the oldest of it was, 0 when nothing was due. */
  observeJob(name: string, done: number, lagSeconds: number | null): void {
    const job = this.#job(name);
    job.done += done;
    job.lagSeconds = lagSeconds ?? 0;
  }

  observeJobFailure(name: string): void {
    this.#job(name).failures++;
  }

  #job(name: string) {
    const job = this.#jobs.get(name) ?? { done: 0, failures: 0, lagSeconds: 0 };
    this.#jobs.set(name, job);
    return job;
  }

  text(): string {
    const lines = [
      '# HELP numex_http_requests_total Answered requests.',
      '# TYPE numex_http_requests_total counter',
      ...[...this.#requests].map(([labels, count]) => `numex_http_requests_total{${labels}} ${count}`),
      '# HELP numex_desk_batch_size Requests judged together by the purchase desk.',
      '# TYPE numex_desk_batch_size histogram',
      ...batchBuckets.map(
        (bound, i) => `numex_desk_batch_size_bucket{le="${bound}"} ${this.#batches[i] ?? 0}`,
      ),
      `numex_desk_batch_size_bucket{le="+Inf"} ${this.#batchCount}`,
      `numex_desk_batch_size_sum ${this.#batchSizeSum}`,
      `numex_desk_batch_size_count ${this.#batchCount}`,
      '# HELP numex_desk_seconds_total Time the purchase desk spent on batches.',
      '# TYPE numex_desk_seconds_total counter',
      `numex_desk_seconds_total ${this.#batchSecondsSum}`,
      ...this.#jobLines(),
    ];
    return `${lines.join('\n')}\n`;
  }

  #jobLines(): string[] {
    const jobs = [...this.#jobs];
    return [
      '# HELP numex_job_done_total Things that fell due and were done.',
      '# TYPE numex_job_done_total counter',
      ...jobs.map(([name, { done }]) => `numex_job_done_total{job="${name}"} ${done}`),
      '# HELP numex_job_lag_seconds How late the oldest thing of the last batch was done.',
      '# TYPE numex_job_lag_seconds gauge',
      ...jobs.map(([name, { lagSeconds }]) => `numex_job_lag_seconds{job="${name}"} ${lagSeconds}`),
      '# HELP numex_job_failures_total Batches that failed and were tried again.',
      '# TYPE numex_job_failures_total counter',
      ...jobs.map(([name, { failures }]) => `numex_job_failures_total{job="${name}"} ${failures}`),
    ];
  }
}
