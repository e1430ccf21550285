import { inTransaction } from '../../database/transaction.js';
import { actingAccount } from '../authority/index.js';
import type { Price } from '../billing/index.js';
import type { Requirement } from '../compliance/index.js';
import { actorName } from '../context.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import type { StoredDomainError } from '../errors.js';
import { e164Of } from '../number-id.js';
import { previewPurchase } from './desk/index.js';

export interface PurchaseCheck {
  readonly numberId: number;
  /** In stock, and free or held by this account. */
  readonly available: boolean;
  /** What it would cost, paid from the wallet that would be used; null when it is not sold to this account. */
  readonly price: Price | null;
  readonly requirement: Requirement;
  readonly requirementMet: boolean;
  readonly mayBuy: boolean;
  /** All that stands in the way at once, as the purchase would refuse it one by one. */
  readonly obstacles: readonly StoredDomainError[];
}

/**
 * Whether the account may buy a number now, and what it needs if not. Changes and holds nothing. A purchase that asks
 * to await registration passes over `requirements_unmet`.
 * Raises forbidden, account_blocked, not_found (number).
 */
export async function checkPurchase({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly numberId: number;
    readonly addressId?: number | undefined;
    readonly currency?: string | undefined;
    readonly preferCurrency?: string | undefined;
  };
}): Promise<PurchaseCheck> {
  const account = actingAccount(ctx);
  const { numberId, ...how } = input;
  const request = {
    kind: 'buy',
    account,
    actor: actorName(ctx.actor),
    requestId: ctx.requestId,
    at: ctx.clock.now(),
    mode: 'all_or_nothing',
    unmetRequirements: 'refuse',
    ...how,
  } as const;
  // One connection, so that its reads go out together.
  const preview = await inTransaction(ctx.sql, (tx) => previewPurchase(tx, request, numberId));
  if (!preview) throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
  return { numberId, ...preview, mayBuy: preview.obstacles.length === 0 };
}
