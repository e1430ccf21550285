import type * as OpenTelemetry from '@opentelemetry/api';
import type { AnsweredRequest, RequestObserver } from '../http/observe.js';

/** What jobs and deliveries tell of their work: for metrics and traces. */
export interface WorkObserver {
  /** `done` things in `seconds`; `lagSeconds` is how long the oldest of them had been due. */
  jobRan(job: string, done: number, seconds: number, lagSeconds: number): void;
  jobFailed(job: string, seconds: number): void;
  deliveryEnded(outcome: string, seconds: number): void;
}

/** Where traces go, and the share of requests that are traced, 0 to 1. */
export interface TracingOptions {
  /** The collector's base URL: OTLP over HTTP. */
  readonly endpoint: string;
  readonly ratio: number;
}

/** Spans of requests, batches and jobs, made when they are over: nothing is done for them while they run. */
export interface Tracing extends RequestObserver, WorkObserver {
  batchJudged(size: number, milliseconds: number, waitedMilliseconds: number): void;
  /** Sends what is still kept; a collector that is away is not waited for. */
  close(): Promise<void>;
}

const serviceName = 'numex';
/** How long a batch of spans may take to be sent, repeats included; also what a shutdown waits at most. */
const sendSeconds = 3;

/** Starts tracing. OpenTelemetry is loaded here, so that an installation without a collector carries none of it. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [api, { W3CTraceContextPropagator }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
    ]);
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: sendSeconds * 1000 }),
      }),
    ],
  });
  const tracer = provider.getTracer(serviceName);
  return new Spans(api, new W3CTraceContextPropagator(), tracer, () => provider.shutdown());
}

interface SpanTraits {
  readonly failed?: boolean;
  readonly kind?: OpenTelemetry.SpanKind;
  readonly traceparent?: string | undefined;
}

class Spans implements Tracing {
  readonly #api: typeof OpenTelemetry;
  readonly #propagator: OpenTelemetry.TextMapPropagator;
  readonly #tracer: OpenTelemetry.Tracer;
  readonly #shutDown: () => Promise<void>;

  constructor(
    api: typeof OpenTelemetry,
    propagator: OpenTelemetry.TextMapPropagator,
    tracer: OpenTelemetry.Tracer,
    shutDown: () => Promise<void>,
  ) {
    this.#api = api;
    this.#propagator = propagator;
    this.#tracer = tracer;
    this.#shutDown = shutDown;
  }

  requestAnswered(request: AnsweredRequest): void {
    const { dialect, method, route, status, seconds, requestId, account, traceparent } = request;
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'numex.dialect': dialect,
      'numex.request_id': requestId,
      ...(account === undefined ? {} : { 'numex.account': account }),
    };
    const kind = this.#api.SpanKind.SERVER;
    this.#record(`${method} ${route}`, seconds, attributes, { failed: status >= 500, kind, traceparent });
  }

  batchJudged(size: number, milliseconds: number, waitedMilliseconds: number): void {
    const attributes = { 'numex.batch.size': size, 'numex.batch.waited_ms': waitedMilliseconds };
    this.#record('desk batch', milliseconds / 1000, attributes);
  }

  jobRan(job: string, done: number, seconds: number, lagSeconds: number): void {
    this.#record(`job ${job}`, seconds, { 'numex.job.done': done, 'numex.job.lag_seconds': lagSeconds });
  }

  jobFailed(job: string, seconds: number): void {
    this.#record(`job ${job}`, seconds, {}, { failed: true });
  }

  deliveryEnded(outcome: string, seconds: number): void {
    this.#record('delivery', seconds, { 'numex.delivery.outcome': outcome });
  }

  async close(): Promise<void> {
    // What cannot be sent is dropped: an exchange is not kept from stopping by whoever watches it.
    await this.#shutDown().catch(() => undefined);
  }

  /** A span that ends now and began `seconds` ago. */
  #record(
    name: string,
    seconds: number,
    attributes: OpenTelemetry.Attributes,
    traits: SpanTraits = {},
  ): void {
    const { failed = false, kind = this.#api.SpanKind.INTERNAL, traceparent } = traits;
    const endTime = Date.now();
    const startTime = endTime - seconds * 1000;
    const span = this.#tracer.startSpan(name, { startTime, attributes, kind }, this.#parentOf(traceparent));
    if (failed) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end(endTime);
  }

  /** The caller's span, if it named one. */
  #parentOf(traceparent: string | undefined): OpenTelemetry.Context {
    const { ROOT_CONTEXT, defaultTextMapGetter } = this.#api;
    if (traceparent === undefined) return ROOT_CONTEXT;
    return this.#propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
  }
}
