import { endSubAccount, lockSubAccount } from '../accounts/index.js';
import type { RootContext } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { cancelHolds } from '../sales/index.js';
import { writingParent } from './hand-over.js';
import { countHeldRentals } from './store.js';

/**
 * Deletes a sub-account that holds no number any more, not even one that it could reclaim: they are taken back or
 * released first, under the cool-off. Its holds are given up, and its keys stop working. Raises forbidden,
 * account_blocked, not_found (account), still_in_use, idempotency_*.
 */
export async function closeSubAccount({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string };
}): Promise<{ readonly account: string }> {
  const parent = writingParent(ctx);
  return idempotently(ctx, async (inner) => {
    const account = await lockSubAccount(inner.sql, parent.id, input.account);
    if (!account) throw domainError('not_found', { kind: 'account', id: input.account });
    const numbers = await countHeldRentals(inner.sql, account.id, inner.clock.now());
    if (numbers > 0) {
      const uses = `it holds ${numbers} number${numbers === 1 ? '' : 's'}; take back or release first`;
      throw domainError('still_in_use', { kind: 'account', id: input.account, uses });
    }
    await cancelHolds(inner, account);
    await endSubAccount(inner, parent, account);
    return { result: { account: account.publicId }, subject: { kind: 'account', id: account.id } };
  });
}
