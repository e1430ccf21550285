import { inTransaction } from '../../database/transaction.js';
import { present } from '../../lib/assert.js';
import { isCurrency } from '../../lib/money.js';
import { keepStanding, requireOperator } from '../authority/index.js';
import { domainError } from '../errors.js';
import { clockOf } from '../context.js';
import type { Account, Context } from '../context.js';
import { checkAmount, postMovement } from './move-money.js';
import type { MovedMoney } from './move-money.js';
import { insertTenantWallet, listWalletRows } from './store.js';
import type { WalletRow } from './store.js';

/** Opens the account's wallet in a currency, or finds it. Raises invalid_input (currency). */
export async function openWallet({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account; readonly currency: string; readonly creditLimitMinor?: number };
}): Promise<WalletRow> {
  if (!isCurrency(input.currency)) {
    throw domainError('invalid_input', { field: 'currency', reason: 'must be an ISO 4217 code such as EUR' });
  }
  await insertTenantWallet(ctx.sql, {
    environment: input.account.environment,
    accountId: input.account.id,
    currency: input.currency,
    creditLimitMinor: input.creditLimitMinor ?? 0,
    createdAt: ctx.clock.now(),
  });
  const wallets = await listWalletRows(ctx.sql, input.account.id);
  return present(
    wallets.find((wallet) => wallet.currency === input.currency),
    'the wallet was just opened',
  );
}

/**
 * Puts money into an account's wallet, opening it on first use. The other side is the operator's deposits wallet. It is
 * dated by the account's own time. A sub-account has no money of its own: its parent pays.
 * Raises forbidden, invalid_input (account, amount, currency), not_found (account, a deleted one).
 */
export async function deposit({
  ctx: asked,
  input,
}: {
  ctx: Context;
  input: {
    readonly account: Account;
    readonly amountMinor: number;
    readonly currency: string;
    readonly reference?: string | undefined;
  };
}): Promise<MovedMoney> {
  requireOperator(asked);
  const { account, amountMinor, currency } = input;
  checkAmount(amountMinor);
  if (account.parentId !== null) {
    const reason = 'is a sub-account, and its parent pays for it; deposit to the parent';
    throw domainError('invalid_input', { field: 'account', reason });
  }
  return inTransaction(asked.sql, async (sql) => {
    const ctx = { ...asked, sql, clock: clockOf(account, asked.clock) };
    await keepStanding(ctx, account);
    const wallet = await openWallet({ ctx, input: { account, currency } });
    const move = { account, wallet, amountMinor, reference: input.reference ?? null };
    return postMovement(ctx, move, {
      kind: 'deposit',
      house: 'deposits',
      into: 'tenant',
      verb: 'deposit',
      event: 'wallet.deposited',
    });
  });
}
