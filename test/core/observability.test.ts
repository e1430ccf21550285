import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/server/config.js';
import { startTracing } from '../../src/server/telemetry.js';
import type { Tracing } from '../../src/server/telemetry.js';
import { Metrics } from '../../src/http/metrics.js';
import { createServer as createHttpServer } from '../../src/http/server.js';
import { ask } from '../support/request.js';
import { startTestServer, TestClock } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** A collector that keeps what it is sent. */
class Collector {
  readonly bodies: unknown[] = [];
  readonly paths = new Set<string>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.paths.add(request.url ?? '');
        this.bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Every span by name, with its attributes as a plain object. */
  spans(): { name: string; traceId: string; parentSpanId?: string; attributes: Record<string, unknown> }[] {
    interface Value {
      stringValue?: string;
      intValue?: number;
      doubleValue?: number;
    }
    interface Wire {
      resourceSpans: {
        scopeSpans: {
          spans: {
            name: string;
            traceId: string;
            parentSpanId?: string;
            attributes: { key: string; value: Value }[];
          }[];
        }[];
      }[];
    }
    const all = (this.bodies as Wire[]).flatMap((body) =>
      body.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)),
    );
    return all.map(({ attributes, ...span }) => ({
      ...span,
      attributes: Object.fromEntries(
        attributes.map(({ key, value: v }) => [key, v.stringValue ?? v.intValue ?? v.doubleValue]),
      ),
    }));
  }
}

let server: TestServer;
let tenant: TestTenant;
let collector: Collector;
let tracing: Tracing;
let log: Record<string, unknown>[];
let metricsText: string;

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const number = '+12135551234';

beforeAll(async () => {
  collector = new Collector();
  tracing = await startTracing({ endpoint: `${await collector.open()}/`, ratio: 1 });
  log = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  server = await startTestServer({ tracing, logger: pino({ level: 'info' }, sink) });
  await server.addNumbers([number]);
  tenant = await server.createTenant();
  await traffic();
  metricsText = await scrape();
});

afterAll(async () => {
  await server.close();
  await collector.close();
});

async function traffic(): Promise<void> {
  const { url } = server;
  const bought = await ask(
    url,
    tenant.apiKey,
    'POST',
    '/numex/v1/orders',
    { lines: [{ number }] },
    { 'x-request-id': 'watched-1', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  );
  expect(bought.status).toBe(201);
  await ask(url, tenant.apiKey, 'GET', '/numex/v1/rentals/ren_zzz?secret=hush', undefined, {
    'x-request-id': 'refused-1',
  });
  await ask(url, undefined, 'GET', '/v1/anything');
  await ask(url, undefined, 'GET', '/open/nowhere');
  server.app.observer.jobRan('expire_things', 3, 0.2, 12);
  server.app.observer.jobRan('expire_things', 0, 0.1, 0);
  server.app.observer.jobFailed('expire_things', 0.1);
  server.app.observer.deliveryEnded('delivered', 0.3);
}

async function scrape(): Promise<string> {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** The value of one series, named with its labels in any order. */
function valueOf(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  for (const line of metricsText.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const found = [...(match[2] ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)];
    const wanted = Object.entries(labels);
    const has = ([key, value]: [string, string]) => found.some(([, k, v]) => k === key && v === value);
    if (found.length === wanted.length && wanted.every(has)) return Number(match[3]);
  }
  return undefined;
}

describe('metrics', () => {
  test('count requests by dialect, method, route and status, with their times', () => {
    const orders = { dialect: 'numex', method: 'POST', route: '/numex/v1/orders' };
    expect(valueOf('numex_http_requests_total', { ...orders, status: '201' })).toBe(1);
    expect(valueOf('numex_http_request_seconds_count', orders)).toBe(1);
    expect(valueOf('numex_http_request_seconds_bucket', { ...orders, le: '+Inf' })).toBe(1);
    const rental = { dialect: 'numex', method: 'GET', route: '/numex/v1/rentals/:rental' };
    expect(valueOf('numex_http_requests_total', { ...rental, status: '404' })).toBe(1);
  });

  test('count what no route claims under its dialect, never by its path', () => {
    const none = { method: 'GET', route: 'none' };
    expect(valueOf('numex_http_requests_total', { ...none, dialect: 'piopiy', status: '401' })).toBe(1);
    expect(metricsText).not.toMatch(/anything|nowhere|ren_zzz/);
  });

  test('show the desk, jobs, deliveries and the process', () => {
    expect(valueOf('numex_desk_batch_size_sum')).toBe(1);
    expect(valueOf('numex_desk_batch_seconds_count')).toBe(1);
    expect(valueOf('numex_desk_wait_seconds_count')).toBe(1);
    expect(valueOf('numex_job_runs_total', { name: 'expire_things', outcome: 'done' })).toBe(1);
    expect(valueOf('numex_job_runs_total', { name: 'expire_things', outcome: 'idle' })).toBe(1);
    expect(valueOf('numex_job_runs_total', { name: 'expire_things', outcome: 'failed' })).toBe(1);
    expect(valueOf('numex_job_done_total', { name: 'expire_things' })).toBe(3);
    expect(valueOf('numex_job_lag_seconds', { name: 'expire_things' })).toBe(0);
    expect(valueOf('numex_job_seconds_count', { name: 'expire_things' })).toBe(3);
    expect(valueOf('numex_deliveries_total', { outcome: 'delivered' })).toBe(1);
    expect(valueOf('numex_delivery_seconds_count', { outcome: 'delivered' })).toBe(1);
    expect(valueOf('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  test('show what only the database knows', () => {
    expect(valueOf('numex_database_up')).toBe(1);
    expect(valueOf('numex_database_connections', { application: 'numex-desk', state: 'idle' })).toBe(1);
    expect(valueOf('numex_database_lock_waits', { application: 'numex-desk' })).toBe(0);
    expect(valueOf('numex_audit_waiting')).toBeGreaterThan(0);
  });

  test('ask the database once for many scrapes', async () => {
    let reads = 0;
    const metrics = new Metrics(() => {
      reads += 1;
      return Promise.resolve({ connections: [], auditWaiting: 0, transfers: [], lastTransferId: 0 });
    }, new TestClock());
    const bare = createHttpServer();
    metrics.serve(bare);
    await Promise.all(Array.from({ length: 5 }, () => bare.inject('/metrics')));
    await bare.inject('/metrics');
    expect(reads).toBe(1);
    await bare.close();
  });

  test('go on when the database is away', async () => {
    const metrics = new Metrics(() => Promise.reject(new Error('away')), new TestClock());
    const bare = createHttpServer();
    metrics.serve(bare);
    const answer = await bare.inject('/metrics');
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('numex_database_up 0')]);
    await bare.close();
  });

  test('count transfers from the first look on, each once it has had time to commit', async () => {
    const asked: unknown[] = [];
    const clock = new TestClock();
    const bare = createHttpServer();
    let last = 100;
    const metrics = new Metrics((range) => {
      asked.push(range);
      const transfers =
        range.untilId > range.afterId ? [{ kind: 'rental', count: range.untilId - range.afterId }] : [];
      return Promise.resolve({ connections: [], auditWaiting: 0, transfers, lastTransferId: last });
    }, clock);
    const texts: string[] = [];
    metrics.serve(bare);
    for (last of [100, 105, 105, 109]) {
      clock.advance(10);
      texts.push((await bare.inject('/metrics')).body);
    }
    await bare.close();
    expect(asked).toEqual([
      { afterId: 0, untilId: 0 },
      { afterId: 100, untilId: 100 },
      { afterId: 100, untilId: 105 },
      { afterId: 105, untilId: 105 },
    ]);
    expect(texts.at(-1)).toContain('numex_transfers_total{kind="rental"} 5');
  });

  test('are all that the dashboard asks for', () => {
    const file = new URL('../../docs/operations/grafana-dashboard.json', import.meta.url);
    const dashboard = JSON.parse(readFileSync(file, 'utf8')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const asked = dashboard.panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(numex|process|nodejs)_[a-z0-9_]+/g) ?? []),
    );
    const families = new Set([...metricsText.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const unknown = asked.filter(
      (name) => !families.has(name.replace(/_(bucket|sum|count)$/, '')) && !families.has(name),
    );
    expect(unknown).toEqual([]);
    expect(new Set(asked).size).toBeGreaterThan(12);
  });
});

describe('health', () => {
  test('is ready, and alive', async () => {
    expect((await ask(server.url, undefined, 'GET', '/health')).body).toEqual({ status: 'ok' });
    expect((await ask(server.url, undefined, 'GET', '/health/live')).body).toEqual({ status: 'ok' });
  });

  test('without a database the process is alive and not ready', async () => {
    const lone = await startTestServer();
    try {
      await lone.app.connections.close();
      expect((await fetch(`${lone.url}/health`)).status).toBe(503);
      expect((await fetch(`${lone.url}/health/live`)).status).toBe(200);
    } finally {
      await lone.close();
    }
  });
});

describe('the log', () => {
  test('has one line for a failed request, with route, status and request id', () => {
    const lines = log.filter((line) => line['request_id'] === 'refused-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 30,
      msg: 'request refused',
      dialect: 'numex',
      method: 'GET',
      route: '/numex/v1/rentals/:rental',
      status: 404,
      account: tenant.account.publicId,
    });
  });

  test('has none for a request that went well', () => {
    expect(log.filter((line) => line['request_id'] === 'watched-1')).toEqual([]);
  });

  test('has one line with the stack for a fault of ours', async () => {
    await server.sql`alter table agent rename to agent_gone`;
    const answer = await ask(server.url, tenant.apiKey, 'GET', '/numex/v1/agents', undefined, {
      'x-request-id': 'fault-1',
    });
    await server.sql`alter table agent_gone rename to agent`;
    expect(answer.status).toBe(500);
    const lines = log.filter((line) => line['request_id'] === 'fault-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 50,
      msg: 'request failed',
      status: 500,
      route: '/numex/v1/agents',
    });
    expect(lines[0]?.['err']).toMatchObject({ stack: expect.stringContaining('agent') as string });
  });

  test('tells no secret: neither keys nor queries', () => {
    const text = JSON.stringify(log);
    expect(text).not.toContain(tenant.apiKey);
    expect(text).not.toContain('hush');
  });
});

describe('traces', () => {
  test('reach a collector: a span per request, per batch and per job run', async () => {
    await tracing.close();
    expect([...collector.paths]).toEqual(['/v1/traces']);
    const spans = collector.spans();
    const order = spans.find((span) => span.attributes['numex.request_id'] === 'watched-1');
    expect(order).toMatchObject({
      name: 'POST /numex/v1/orders',
      traceId,
      parentSpanId: '00f067aa0ba902b7',
      attributes: {
        'http.route': '/numex/v1/orders',
        'http.response.status_code': 201,
        'numex.dialect': 'numex',
        'numex.account': tenant.account.publicId,
      },
    });
    expect(spans.find((span) => span.name === 'desk batch')?.attributes['numex.batch.size']).toBe(1);
    expect(spans.filter((span) => span.name === 'job expire_things')).toHaveLength(3);
    expect(spans.filter((span) => span.name === 'delivery')).toHaveLength(1);
    expect(JSON.stringify(spans)).not.toMatch(/hush|nx_live_/);
  });

  test('go nowhere when the collector is away, and keep nobody from stopping', async () => {
    const lonely = new Collector();
    const endpoint = await lonely.open();
    await lonely.close();
    const unheard = await startTracing({ endpoint, ratio: 1 });
    unheard.jobRan('expire_things', 1, 0.1, 0);
    const startedAt = performance.now();
    await unheard.close();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('are off unless a collector is named, and nonsense is refused', () => {
    expect(loadConfig({}).tracesEndpoint).toBeUndefined();
    const named = loadConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    });
    expect([named.tracesEndpoint, named.tracesRatio]).toEqual(['http://127.0.0.1:4318', 0.1]);
    expect(() => loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).toThrow(ConfigError);
    expect(() => loadConfig({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow(ConfigError);
  });
});
