import { requireOperator } from '../authority/index.js';
import { findOwnPrices, findPriceBooks, getPriceList, quote, showRule } from '../billing/index.js';
import type { Price, PriceAdjustment, PriceSource, ShownRule } from '../billing/index.js';
import { getGroups } from '../catalogue/index.js';
import type { Account, Context } from '../context.js';
import { listPayingWallets } from '../ledger/index.js';
import { e164Of } from '../number-id.js';
import { getNumber } from './get-number.js';
import { currencyWithoutWallet, shelfOfNumber } from './price-numbers.js';

/** A list on the way from the rule to the account's list, the rule's own first, with the price that holds in it. */
export interface ExplainedStep {
  readonly list: { readonly id: number; readonly name: string };
  /** How it changes the price of the step before; null in the rule's own list. */
  readonly adjustment: PriceAdjustment | null;
  readonly price: Price;
}

/** Where a price comes from: the number's own price, or a rule of a list. */
export type ExplainedSource =
  | { readonly kind: 'number' }
  | {
      readonly kind: 'rule';
      readonly rule: ShownRule & { readonly id: number };
      readonly steps: readonly ExplainedStep[];
    };

export interface PriceExplanation {
  readonly account: string;
  readonly number: string;
  /** ISO 8601. */
  readonly at: string;
  readonly currency: string;
  /** The account's list. */
  readonly list: { readonly id: number; readonly name: string };
  readonly source: ExplainedSource | null;
  /** Before the account's discount; null when the number is not sold to it in that currency. */
  readonly listed: Price | null;
  readonly discountBp: number;
  readonly price: Price | null;
}

export interface ExplainPriceInput {
  readonly account: Account;
  readonly numberId: number;
  /** Left out, that of the wallet that pays unless one is named. */
  readonly currency?: string | undefined;
  /** Left out, now; by the rules as they were or are to be then, and by the lists and the account as they are. */
  readonly at?: Date | undefined;
}

/**
 * What an account would pay for a number at an instant, and why: by the number's own price, or by which rule of which
 * list. It is the function that the desk prices with. Raises forbidden, not_found (number).
 */
export async function explainPrice({
  ctx,
  input: { account, numberId, ...input },
}: {
  ctx: Context;
  input: ExplainPriceInput;
}): Promise<PriceExplanation> {
  requireOperator(ctx);
  const at = input.at ?? ctx.clock.now();
  const number = await getNumber({ ctx, input: { numberId } });
  const shelf = shelfOfNumber(number);
  const [wallets, own, books, list] = await Promise.all([
    listPayingWallets({ ctx, input: { account } }),
    number.hasOwnPrice ? findOwnPrices(ctx.sql, [numberId]) : [],
    findPriceBooks(ctx.sql, [account.priceListId], { groupIds: [shelf.groupId], digits: [shelf.digits] }),
    getPriceList({ ctx, input: { list: String(account.priceListId) } }),
  ]);
  const currency = input.currency ?? wallets[0]?.currency ?? currencyWithoutWallet;
  const discountBp = account.priceDiscountBp;
  const found = quote({
    asked: { ...shelf, currency, at },
    own,
    book: books(account.priceListId),
    discountBp,
  });
  return {
    account: account.publicId,
    number: e164Of(numberId),
    at: at.toISOString(),
    currency,
    list: { id: list.id, name: list.name },
    source: found ? await explained(ctx, found.source) : null,
    listed: found?.listed ?? null,
    discountBp,
    price: found?.price ?? null,
  };
}

async function explained(ctx: Context, source: PriceSource): Promise<ExplainedSource> {
  if (source.kind === 'number') return { kind: 'number' };
  const { rule, steps } = source;
  const groups = await getGroups({ ctx, input: { ids: rule.groupId === null ? [] : [rule.groupId] } });
  const group = groups.get(rule.groupId ?? 0)?.publicId ?? null;
  return {
    kind: 'rule',
    rule: { id: rule.id, ...showRule({ ...rule, group }) },
    steps: steps.map(({ list: { id, name, adjustment }, price }, place) => ({
      list: { id, name },
      adjustment: place === 0 ? null : adjustment,
      price,
    })),
  };
}
