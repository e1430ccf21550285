import { getAccount } from '../../../core/accounts/index.js';
import { requireOperator } from '../../../core/authority/index.js';
import { currencyWarnings } from '../../../core/billing/index.js';
import type { Account, Context, RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { adjust, deposit, refund, withdraw } from '../../../core/ledger/index.js';
import type { MoneyInput, MovedMoney } from '../../../core/ledger/index.js';

export type PlainMoved = Plain<MovedMoney>;

/** Money for the account with a public id. */
interface NamedMoney extends Omit<MoneyInput, 'account'> {
  readonly account: string;
}

type Call<I> = { readonly ctx: RootContext; readonly input: I };

/** Puts money into the wallet of an account, by its public id. Raises forbidden, not_found (account), and as deposit does. */
export async function depositTo({
  ctx,
  input: { account: named, ...money },
}: Call<{
  readonly account: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reference: string | undefined;
}>) {
  return moved(ctx, named, async (inner, account) => {
    const done = await deposit({ ctx: inner, input: { account, ...money } });
    const { currency } = money;
    return { ...done, warnings: await currencyWarnings({ ctx: inner, input: { account, currency } }) };
  });
}

/** Raises forbidden, not_found (account), and as refund does. */
export async function refundTo({ ctx, input }: Call<NamedMoney>): Promise<PlainMoved> {
  return moved(ctx, input.account, (inner, account) => refund({ ctx: inner, input: { ...input, account } }));
}

/** Raises forbidden, not_found (account), and as adjust does. */
export async function adjustFor({ ctx, input }: Call<NamedMoney>): Promise<PlainMoved> {
  return moved(ctx, input.account, (inner, account) => adjust({ ctx: inner, input: { ...input, account } }));
}

/** Raises forbidden, not_found (account), and as withdraw does. */
export async function withdrawFrom({ ctx, input }: Call<NamedMoney>): Promise<PlainMoved> {
  return moved(ctx, input.account, (inner, account) =>
    withdraw({ ctx: inner, input: { ...input, account } }),
  );
}

async function moved<T extends MovedMoney>(
  ctx: RootContext,
  named: string,
  move: (ctx: Context, account: Account) => Promise<T>,
): Promise<Plain<T>> {
  requireOperator(ctx);
  return asOneWrite(ctx, async (inner) => {
    const account = await getAccount({ ctx: inner, input: { account: named } });
    const done = await move(inner, account);
    inner.noteSubject?.({ kind: 'transfer', id: done.transferId });
    return done;
  });
}
