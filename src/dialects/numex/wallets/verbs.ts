import { getAccount } from '../../../core/accounts/index.js';
import { requireOperator } from '../../../core/authority/index.js';
import { currencyWarnings } from '../../../core/billing/index.js';
import type { RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { deposit } from '../../../core/ledger/index.js';

/** Puts money into the wallet of an account, by its public id. Raises forbidden, not_found (account), and as deposit does. */
export async function depositTo({
  ctx,
  input: { account: named, ...money },
}: {
  ctx: RootContext;
  input: {
    readonly account: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly reference: string | undefined;
  };
}) {
  requireOperator(ctx);
  return asOneWrite(ctx, async (inner) => {
    const account = await getAccount({ ctx: inner, input: { account: named } });
    const { wallet, transferId } = await deposit({ ctx: inner, input: { account, ...money } });
    inner.noteSubject?.({ kind: 'transfer', id: transferId });
    const { currency } = money;
    return { wallet, warnings: await currencyWarnings({ ctx: inner, input: { account, currency } }) };
  });
}
