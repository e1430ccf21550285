import { present } from '../../lib/assert.js';
import { writingAccount } from '../authority/index.js';
import { actorName } from '../context.js';
import type { RootContext } from '../context.js';
import { domainError, restoreError } from '../errors.js';
import type { StoredDomainError } from '../errors.js';
import { deskLines, hasNames, unlessAnswered } from './order-line.js';
import type { OrderLine } from './order-line.js';
import type { BoughtLine, DeskLine, OrderChoices, OrderResult, Verdict } from '../ports.js';
import { listActiveReservations } from './reservation-store.js';

/** Numbers in one order at most. */
export const orderLinesMax = 100;

export interface BuyInput extends OrderChoices {
  /** Named numbers, or any of a group; a hold of the caller's on a named number is used up. */
  readonly lines: readonly OrderLine[];
}

type OrderOrRefusal = { readonly order: OrderResult } | { readonly error: StoredDomainError };

/**
 * Buys several numbers in one order, with a result per line. Raises forbidden, account_blocked, invalid_input,
 * not_found (address, group, reservation), wrong_state (address), no_wallet, idempotency_*, unavailable,
 * outcome_unknown, what the terms raise, order_refused (several lines); for a single line its own error.
 */
export async function buyNumbers({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: BuyInput;
}): Promise<OrderResult> {
  const judged = await orderJudged(ctx, input);
  if ('error' in judged) throw restoreError(judged.error);
  refuseEmptyOrder(judged.order);
  return judged.order;
}

/** Raises order_refused when an order of several lines, all or nothing, has bought nothing. */
function refuseEmptyOrder({ mode, orderId, results }: OrderResult): void {
  const refused = results.filter((result) => !result.ok);
  if (mode === 'best_effort' || results.length === 1 || refused.length < results.length) return;
  const refusals = refused.map(({ numberId, error }) => ({ numberId, error }));
  throw domainError('order_refused', { orderId, refusals });
}

/** Lets the desk judge an order; an order refused as a whole is a value here, for verbs that go on from it. */
export async function orderJudged(ctx: RootContext, input: BuyInput): Promise<OrderOrRefusal> {
  writingAccount(ctx);
  if (input.lines.length < 1 || input.lines.length > orderLinesMax) {
    throw domainError('invalid_input', { field: 'lines', reason: `must have 1 to ${orderLinesMax} entries` });
  }
  if (!hasNames(input.lines)) return judgedByDesk(ctx, input, input.lines);
  const found = await unlessAnswered(ctx, () => deskLines(ctx, input.lines));
  return 'verdict' in found ? orderIn(ctx, found.verdict) : judgedByDesk(ctx, input, found.prepared);
}

async function judgedByDesk(
  ctx: RootContext,
  input: Omit<BuyInput, 'lines'>,
  lines: readonly DeskLine[],
): Promise<OrderOrRefusal> {
  const verdict = await ctx.desk.submit({
    kind: 'buy',
    account: writingAccount(ctx),
    actor: actorName(ctx.actor),
    requestId: ctx.requestId,
    at: ctx.clock.now(),
    idempotency: ctx.idempotency,
    ...input,
    lines,
  });
  return orderIn(ctx, verdict);
}

function orderIn(ctx: RootContext, verdict: Verdict): OrderOrRefusal {
  if (verdict.kind === 'reservation')
    throw domainError('idempotency_key_reused', { key: ctx.idempotency?.key ?? '' });
  return verdict.kind === 'refused' ? { error: verdict.error } : { order: verdict.order };
}

/**
 * Buys every number that the account holds, as far as the wallet goes. A repeat under the same idempotency key gets
 * the first order again, though by then nothing is held any more.
 * Raises missing_input when nothing is held, and what buyNumbers raises.
 */
export async function buyReservedNumbers({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Omit<BuyInput, 'lines' | 'mode'>;
}): Promise<OrderResult> {
  const account = writingAccount(ctx);
  const found = await unlessAnswered(ctx, async () => {
    const holds = await listActiveReservations(ctx.sql, account.id, ctx.clock.now(), {
      afterId: 0,
      limit: orderLinesMax,
    });
    if (holds.length === 0) throw domainError('missing_input', { field: 'number (nothing is reserved)' });
    return holds.map((hold) => ({ numberId: hold.numberId, reservationId: hold.id }));
  });
  const judged =
    'verdict' in found
      ? orderIn(ctx, found.verdict)
      : await judgedByDesk(ctx, { ...input, mode: 'best_effort' }, found.prepared);
  if ('error' in judged) throw restoreError(judged.error);
  return judged.order;
}

/** Buys one number; see buyNumbers for what it raises. */
export async function buyNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Omit<BuyInput, 'lines' | 'mode'> & { readonly line: OrderLine };
}): Promise<BoughtLine & { readonly orderId: number }> {
  const { line, ...rest } = input;
  const order = await buyNumbers({ ctx, input: { ...rest, lines: [line], mode: 'all_or_nothing' } });
  const [result] = order.results;
  const bought = present(result, 'an order has a result per line');
  if (!bought.ok) throw restoreError(bought.error);
  return { ...bought, orderId: order.orderId };
}
