import { getAccount } from '../../../core/accounts/index.js';
import { requireOperator } from '../../../core/authority/index.js';
import { getAccountPricing, setAccountPricing } from '../../../core/billing/index.js';
import type { AccountPricing } from '../../../core/billing/index.js';
import type { RootContext } from '../../../core/context.js';
import { explainPrice } from '../../../core/stock/index.js';
import type { PriceExplanation } from '../../../core/stock/index.js';
import { readNumber } from '../ids.js';

/** What the account with a public id pays by. Raises forbidden, not_found (account). */
export async function getPricingOf({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string };
}): Promise<AccountPricing> {
  requireOperator(ctx);
  return getAccountPricing({ ctx, input: { account: await getAccount({ ctx, input }) } });
}

/** Raises forbidden, not_found (account), and what setAccountPricing raises. */
export async function setPricingOf({
  ctx,
  input: { account, ...input },
}: {
  ctx: RootContext;
  input: {
    readonly account: string;
    readonly list: string | undefined;
    readonly discountBp: number | undefined;
  };
}): Promise<AccountPricing> {
  requireOperator(ctx);
  const found = await getAccount({ ctx, input: { account } });
  return setAccountPricing({ ctx, input: { account: found, ...input } });
}

export interface ExplainAsked {
  readonly account: string;
  readonly number: string;
  readonly currency: string | undefined;
  readonly at: Date | undefined;
}

/** Raises forbidden, not_found (account, number). */
export async function explainFor({
  ctx,
  input: { account: named, number, ...input },
}: {
  ctx: RootContext;
  input: ExplainAsked;
}): Promise<PriceExplanation> {
  requireOperator(ctx);
  const account = await getAccount({ ctx, input: { account: named } });
  const numberId = readNumber(number, account.environment);
  return explainPrice({ ctx, input: { account, numberId, ...input } });
}
