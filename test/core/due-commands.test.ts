import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.js';
import { runCli } from '../../src/cli/main.js';
import type { Context } from '../../src/core/context.js';
import type { Job } from '../../src/jobs/job.js';
import { JobRunner } from '../../src/jobs/runner.js';
import { until } from '../support/process.js';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import { buyAll, chargesOf, eventsOf } from '../support/due.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    openDatabase: () =>
      Promise.resolve({ url: server.databaseUrl, pool: server.sql, close: () => Promise.resolve() }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

async function runJson(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Record<string, unknown>;
}

describe('numex jobs run --once', () => {
  it('does all that is due and says how much of each, then nothing', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 100_000 } });
    const numbers = Array.from({ length: 3 }, (_, index) => `+121355790${10 + index}`);
    await server.addNumbers(numbers);
    await buyAll(server, tenant, numbers);
    // The command lives by the system's time: let these have begun two cycles ago.
    await server.sql`
      update rental set started_at = ${new Date(Date.now() - 57 * 86_400_000)},
        next_charge_at = ${new Date(Date.now() - 29 * 86_400_000)}
      where account_id = ${tenant.account.id}`;
    const first = await runJson('jobs', 'run', '--once');
    expect(first['done']).toMatchObject({ renew_rentals: 6, expire_reservations: 0 });
    expect(first['total']).toBeGreaterThanOrEqual(6);
    expect(await chargesOf(server, tenant)).toHaveLength(9);
    expect(await runJson('jobs', 'run', '--once')).toMatchObject({ total: 0 });
    expect((await run('jobs', 'run')).code).toBe(2);
  });
});

describe('numex clock', () => {
  it('makes a clock, puts an account on it and moves it', async () => {
    const tenant = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
    await server.addNumbers(['+12135579100'], 'test');
    const owner = tenant.account.publicId;
    const made = await runJson('clock', 'create', '--account', owner, '--name', 'Year');
    const clock = String(made['clock_id']);
    await runJson('clock', 'attach', '--clock', clock, '--account', owner);
    await buyAll(server, tenant, ['+12135579100']);
    const to = new Date(Date.parse(String(made['now'])) + 100 * 86_400_000).toISOString();
    expect(await runJson('clock', 'advance', '--clock', clock, '--to', to)).toEqual({
      clock_id: made['clock_id'],
      name: 'Year',
      now: to,
      created_at: made['created_at'],
    });
    expect(await chargesOf(server, tenant)).toHaveLength(4);
    expect((await run('clock', 'advance', '--clock', clock, '--to', 'soon')).code).toBe(2);
    const back = await run('clock', 'advance', '--clock', clock, '--to', '2020-01-01', '--json');
    expect(back.code).toBe(1);
    expect(JSON.parse(back.err)).toMatchObject({ error: { code: 'invalid_input' } });
  });
});

describe('a server that does due work', () => {
  it('begins with what fell due while it was away, and says so among its metrics', async () => {
    const tenant = await server.createTenant();
    await server.addNumbers(['+12135579300']);
    await ask(server.url, tenant.apiKey, 'POST', '/numex/v1/reservations', { number: '+12135579300' });
    server.clock.advance(3600 + 90);
    const app = await createApp({
      databaseUrl: server.databaseUrl,
      documentsPath: '/nonexistent',
      clock: server.clock,
      rateLimits: false,
      dueWork: true,
    });
    await until(20, async () => {
      const { body } = await app.server.inject({ method: 'GET', url: '/metrics' });
      return body.includes('numex_job_done_total{name="expire_reservations"} 1');
    });
    expect(await eventsOf(server, tenant, ['reservation.expired'])).toHaveLength(1);
    await app.close();
  });
});

/** A job whose batches are given: a number of things done, or a failure. */
function scripted(name: string, batches: (number | Error)[]): Job & { calls: Context[] } {
  const calls: Context[] = [];
  return {
    name,
    idleSeconds: 3600,
    calls,
    run: (ctx) => {
      calls.push(ctx);
      const next = batches.shift() ?? 0;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
}

describe('the runner', () => {
  /** Runs jobs until each has had as many batches as it is given, then stops. */
  async function runUntil(jobs: (Job & { calls: Context[] })[], counts: number[]): Promise<string[]> {
    const told: string[] = [];
    let enough: () => void;
    const reached = new Promise<void>((resolve) => (enough = resolve));
    const look = (): void => {
      if (jobs.every((job, index) => job.calls.length >= (counts[index] ?? 0))) enough();
    };
    const runner = new JobRunner(
      jobs,
      { sql: server.sql, clock: server.clock },
      {
        batchDone: (job, done) => (told.push(`${job} did ${done}`), look()),
        batchFailed: (job, error, attempt) => {
          told.push(`${job} failed (${attempt}): ${error instanceof Error ? error.message : ''}`);
          look();
        },
      },
    );
    runner.start();
    await reached;
    await runner.stop();
    return told;
  }

  it('calls a job again at once until it has nothing more to do, as the system and under a request id', async () => {
    const job = scripted('count_sheep', [500, 500, 7]);
    expect(await runUntil([job], [4])).toEqual([
      'count_sheep did 500',
      'count_sheep did 500',
      'count_sheep did 7',
      'count_sheep did 0',
    ]);
    expect(job.calls.map((ctx) => ctx.actor)).toEqual(
      job.calls.map(() => ({ kind: 'system', name: 'count_sheep' })),
    );
    expect(new Set(job.calls.map((ctx) => ctx.requestId)).size).toBe(4);
  });

  it('tells of a failure, tries again, and keeps no other job from its work', async () => {
    const broken = scripted('broken', [new Error('no luck'), 1]);
    const sound = scripted('sound', [1, 1]);
    const told = await runUntil([broken, sound], [2, 3]);
    expect(told.filter((line) => line.startsWith('broken'))).toEqual([
      'broken failed (1): no luck',
      'broken did 1',
    ]);
    expect(told.filter((line) => line.startsWith('sound'))).toHaveLength(3);
  });

  it('lets a batch under way end before it has stopped, and begins no other', async () => {
    let finish: (done: number) => void = () => undefined;
    let calls = 0;
    const begun = new Promise<void>((resolve) => {
      const job: Job = {
        name: 'slow',
        idleSeconds: 0,
        run: () => {
          calls++;
          resolve();
          return new Promise<number>((done) => (finish = done));
        },
      };
      runner = new JobRunner([job], { sql: server.sql, clock: server.clock });
      runner.start();
    });
    await begun;
    let stopped = false;
    const stopping = runner.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    finish(1);
    await stopping;
    expect(calls).toBe(1);
  });
  let runner: JobRunner;
});
