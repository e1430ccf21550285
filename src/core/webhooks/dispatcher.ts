import { inTransaction } from '../../database/transaction.js';
import { addSeconds } from '../../lib/clock.js';
import { requireOperator } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import { claimDue, lastEndpointOfTurn, recordDead, recordDelivered, recordRetry } from './claim-store.js';
import type { AttemptResult, ClaimBounds, ClaimedDelivery } from './claim-store.js';
import { Sending } from './sending.js';
import type { Post, PostOutcome } from './post.js';
import { attemptsMax, nextAttemptAt } from './retry.js';
import { disableEndpointRow } from './store.js';
import type { WebhookStyles } from './style.js';

/**
 * Deliveries that one process sends at the same time; those of them that may go to the endpoints of one family (an
 * account with its sub-accounts), and to one endpoint.
 */
export const sendingMax = 64;
export const sendingPerFamilyMax = 16;
export const sendingPerEndpointMax = 4;
export const bodyBytesMax = 256 * 1024;
/** Longer than any attempt lasts. After a crash the delivery is due again when this is over. */
export const leaseSeconds = 60;
/** How long a run goes on; what is still being sent then is left to finish beside the next run. */
const runSecondsMax = 10;
/** While receivers keep us waiting, how often to look whether something else has fallen due. */
const lookMilliseconds = 250;

/** Receivers say so when a target is never coming back. */
const statusGone = 410;

export interface DispatcherOptions {
  readonly styles: WebhookStyles;
  readonly post: Post;
  /** From 0 up to 1, as Math.random gives it. */
  readonly random?: () => number;
  /** Hears of each attempt: how it ended, and how long it took. */
  readonly attempted?: ((outcome: AttemptOutcome, seconds: number) => void) | undefined;
}

export type AttemptOutcome = 'delivered' | 'retried' | 'dead' | 'gone';

/** Sends what is due. A process has one: it remembers what is on its way, so that no receiver gets too much at once. */
export class WebhookDispatcher {
  readonly #options: DispatcherOptions;
  readonly #sending = new Sending();
  /** How far the round over all endpoints has come. */
  #behindEndpointId = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #fault: unknown;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /**
   * Sends deliveries until none is due or on its way, or for some seconds; gives how many it began. A claim is
   * committed before anything is sent; after a crash it runs out and the delivery is repeated under the same id.
   * `ctx.sql` is the pool. Raises forbidden to accounts; faults of attempts that were left from the run before.
   */
  async run(ctx: Context): Promise<number> {
    requireOperator(ctx);
    const deadline = performance.now() + runSecondsMax * 1000;
    let begun = 0;
    while (performance.now() < deadline) {
      const claimed = await this.#claim(ctx);
      for (const delivery of claimed) this.#begin(ctx, delivery);
      begun += claimed.length;
      this.#raiseFault();
      if (this.#sending.size === 0) break;
      await this.#untilOneIsDone();
    }
    return begun;
  }

  /**
   * Claims among the longest due first, which is cheap. When that leaves places free while an endpoint or a family has
   * all that it may have, its queue may hide others': then a round goes over all endpoints, a bounded turn at a time.
   */
  async #claim(ctx: Context): Promise<ClaimedDelivery[]> {
    const places = sendingMax - this.#sending.size;
    if (places <= 0) return [];
    const sending = this.#sending.copy();
    const claimed = await this.#claimSome(ctx, places, sending, 'oldest');
    for (const delivery of claimed) sending.count(delivery, 1);
    const mayLook = performance.now() - this.#lookedAt >= lookMilliseconds;
    if (claimed.length === places || !mayLook) return claimed;
    if (!sending.isSomeFull(sendingPerFamilyMax, sendingPerEndpointMax)) return claimed;
    this.#lookedAt = performance.now();
    const among = { behindEndpointId: this.#behindEndpointId };
    const others = await this.#claimSome(ctx, places - claimed.length, sending, among);
    this.#behindEndpointId = (await lastEndpointOfTurn(ctx.sql, among.behindEndpointId)) ?? 0;
    return [...claimed, ...others];
  }

  async #claimSome(
    ctx: Context,
    deliveriesMax: number,
    inFlight: Sending,
    among: ClaimBounds['among'],
  ): Promise<ClaimedDelivery[]> {
    const at = ctx.clock.now();
    const leaseUntil = addSeconds(at, leaseSeconds);
    const caps = { perFamilyMax: sendingPerFamilyMax, perEndpointMax: sendingPerEndpointMax };
    return claimDue(ctx.sql, { at, leaseUntil, deliveriesMax, ...caps, inFlight, among });
  }

  #begin(ctx: Context, delivery: ClaimedDelivery): void {
    const done = attempt(ctx, delivery, this.#options).catch((error: unknown) => {
      this.#fault ??= error;
    });
    this.#sending.add(delivery, done);
  }

  async #untilOneIsDone(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const look = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, lookMilliseconds);
    });
    await Promise.race([look, this.#sending.untilOneIsDone()]);
    clearTimeout(timer);
  }

  /** An outcome that could not be recorded: the database is away, and the claim will run out. */
  #raiseFault(): void {
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault !== undefined) throw fault as Error;
  }
}

async function attempt(ctx: Context, delivery: ClaimedDelivery, options: DispatcherOptions): Promise<void> {
  const { id, attempts } = delivery;
  const random = options.random ?? Math.random;
  try {
    const written = write(ctx, delivery, options.styles);
    if ('reason' in written) {
      await recordDead(ctx.sql, { id, attempts, status: null, error: written.reason });
      return;
    }
    const begunAt = performance.now();
    const outcome = await record(ctx, delivery, await options.post(written), random);
    options.attempted?.(outcome, (performance.now() - begunAt) / 1000);
  } catch (error) {
    // Not the receiver's doing, so the run fails; but a body that cannot be written must not come round for ever.
    await record(ctx, delivery, { kind: 'failed', reason: 'Numex could not send this; see its log' }, random);
    throw error;
  }
}

/** The message, or why there never will be one. */
function write(
  ctx: Context,
  { id, endpointId, ownerId, attempts, url, style: name, open, secrets, event }: ClaimedDelivery,
  styles: WebhookStyles,
): { url: string; headers: Readonly<Record<string, string>>; body: string } | { reason: string } {
  if (!open) return { reason: 'The endpoint is disabled or deleted' };
  if (attempts > attemptsMax) return { reason: 'The last attempt left no outcome' };
  const style = styles.get(name);
  if (!style) return { reason: `Nothing here writes in the style ${name}` };
  const at = ctx.clock.now();
  const body = style.render(event, { endpointId, accountId: ownerId, url }, at);
  if (Buffer.byteLength(body) > bodyBytesMax)
    return { reason: `The body is larger than ${bodyBytesMax} bytes` };
  return { url, headers: style.sign(body, secrets, at, id), body };
}

async function record(
  ctx: Context,
  delivery: ClaimedDelivery,
  outcome: PostOutcome,
  random: () => number,
): Promise<AttemptOutcome> {
  const at = ctx.clock.now();
  const status = outcome.kind === 'answered' ? outcome.status : null;
  const { id, attempts } = delivery;
  if (status !== null && status >= 200 && status < 300) {
    await recordDelivered(ctx.sql, { id, attempts, status, error: null }, at);
    return 'delivered';
  }
  const error = outcome.kind === 'failed' ? outcome.reason : `The receiver answered ${outcome.status}`;
  const result: AttemptResult = { id, attempts, status, error };
  if (status === statusGone) {
    await recordGone(ctx, delivery, result);
    return 'gone';
  }
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined;
  const next = nextAttemptAt(attempts, retryAfter, at, random);
  await (next ? recordRetry(ctx.sql, result, next) : recordDead(ctx.sql, result));
  return next ? 'retried' : 'dead';
}

/** The receiver wants nothing more: the endpoint is disabled, and the owner's other endpoints hear of it. */
async function recordGone(ctx: Context, delivery: ClaimedDelivery, result: AttemptResult): Promise<void> {
  await inTransaction(ctx.sql, async (tx) => {
    const endpoint = await disableEndpointRow(tx, delivery.endpointId, 'gone', ctx.clock.now());
    await recordDead(tx, result);
    if (!endpoint) return;
    await recordChange(
      { ...ctx, sql: tx },
      {
        environment: delivery.environment,
        accountId: endpoint.accountId,
        action: 'endpoint.disable',
        subjectKind: 'endpoint',
        subjectId: endpoint.id,
        numberId: null,
        details: { endpoint: endpoint.id, url: endpoint.url, reason: 'gone' },
        event: 'endpoint.disabled',
      },
    );
  });
}
