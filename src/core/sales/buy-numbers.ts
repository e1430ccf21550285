import { present } from '../../lib/assert.js';
import { writingAccount } from '../authority/index.js';
import { actorName } from '../context.js';
import type { RootContext } from '../context.js';
import { domainError, restoreError } from '../errors.js';
import type { StoredDomainError } from '../errors.js';
import { deskLines, hasNames, unlessAnswered } from './order-line.js';
import type { OrderLine } from './order-line.js';
import type { BoughtLine, DeskLine, OrderResult, PurchaseTerms, Verdict } from '../ports.js';
import { listActiveReservations } from './reservation-store.js';

/** Numbers in one order at most. */
export const orderLinesMax = 100;

export interface BuyInput {
  /** Named numbers, or any of a group; a hold of the caller's on a named number is used up. */
  readonly lines: readonly OrderLine[];
  readonly mode: 'all_or_nothing' | 'best_effort';
  /** Pay from the wallet in this currency, and no other. */
  readonly currency?: string | undefined;
  /** Pay from the wallet in this currency if there is one, else from the account's first. */
  readonly preferCurrency?: string | undefined;
  /** Pay from the first wallet in whose currency a number named has a price of its own, if there is one. */
  readonly preferOwnPrice?: boolean | undefined;
  readonly unmetRequirements: 'refuse' | 'await';
  /** Register the numbers with this address, which must be usable; without it, with any of the account's that fits. */
  readonly addressId?: number | undefined;
  /** Tell of the numbers named when they were last given up, by whoever had them. */
  readonly tellsReleases?: boolean | undefined;
  /** What the wire demands beside the desk's own rules. */
  readonly terms?: PurchaseTerms | undefined;
}

type OrderOrRefusal = { readonly order: OrderResult } | { readonly error: StoredDomainError };

/**
 * Buys several numbers in one order; each line has a result. All or none are bought with `all_or_nothing`. The order
 * is judged, charged and recorded in one transaction.
 *
 * Raises forbidden, account_blocked, invalid_input, not_found (address), wrong_state (address), no_wallet,
 * idempotency_*, unavailable, outcome_unknown, order_refused (several lines), what the terms raise; not_found (group,
 * reservation) for a line's names; and for a single line its own error: not_found, number_unavailable, group_sold_out,
 * selection_not_allowed, already_owned, not_offered,
 * price_above_maximum, requirements_unmet, insufficient_funds.
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
 *
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
