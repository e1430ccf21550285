import { recordChange } from '../../audit/index.js';
import { lockStandings, requireOperator } from '../../authority/index.js';
import type { Account, Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { wholeBp } from '../price.js';
import { findPriceList, lockSubAccountIds, setPricing } from './store.js';
import { namedPriceList } from './price-list.js';
import type { PriceList } from './price-list.js';

/** What an account pays by. Plain data: stored and replayed as JSON. */
export interface AccountPricing {
  readonly account: string;
  readonly list: { readonly id: number; readonly name: string };
  readonly discountBp: number;
  /** Sub-accounts that were given the same. */
  readonly subAccounts: number;
}

/** The price list and discount of an account. Raises forbidden. */
export async function getAccountPricing({
  ctx,
  input: { account },
}: {
  ctx: Context;
  input: { readonly account: Account };
}): Promise<AccountPricing> {
  requireOperator(ctx);
  const { id, name } = (await findPriceList(ctx.sql, { id: account.priceListId })) as PriceList;
  const { publicId, priceDiscountBp: discountBp } = account;
  return { account: publicId, list: { id, name }, discountBp, subAccounts: 0 };
}

export interface SetAccountPricingInput {
  readonly account: Account;
  /** Name or id; left out, it stays. */
  readonly list?: string | undefined;
  /** Basis points off every price; left out, it stays. */
  readonly discountBp?: number | undefined;
}

/**
 * Gives an account another price list, a discount or both, for what it buys from now on; its sub-accounts, for which it
 * pays, get the same. Rentals keep their price.
 * Raises forbidden, invalid_input (discount), not_found (price_list), idempotency_*.
 */
export async function setAccountPricing({
  ctx,
  input: { account, ...input },
}: {
  ctx: Context;
  input: SetAccountPricingInput;
}): Promise<AccountPricing> {
  requireOperator(ctx);
  const discountBp = input.discountBp ?? account.priceDiscountBp;
  if (!Number.isInteger(discountBp) || discountBp < 0 || discountBp > wholeBp) {
    const reason = 'must be a percentage from 0 to 100, with two decimals at most';
    throw domainError('invalid_input', { field: 'discount', reason });
  }
  return idempotently(ctx, async (inner) => {
    await lockStandings(inner.sql, [account.id], 'alone');
    const below = await lockSubAccountIds(inner.sql, account.id);
    const list = await namedPriceList(inner, input.list ?? String(account.priceListId));
    await setPricing(inner.sql, [account.id, ...below], list.id, discountBp);
    await recordChange(inner, {
      environment: account.environment,
      accountId: account.id,
      action: 'account.set_pricing',
      subjectKind: 'account',
      subjectId: account.id,
      numberId: null,
      details: {
        price_list: list.name,
        discount_bp: discountBp,
        sub_accounts: below.length,
        before: { price_list_id: account.priceListId, discount_bp: account.priceDiscountBp },
      },
    });
    const result = {
      account: account.publicId,
      list: { id: list.id, name: list.name },
      discountBp,
      subAccounts: below.length,
    };
    return { result, subject: { kind: 'account', id: account.id } };
  });
}
