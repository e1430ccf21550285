import { present } from '../../lib/assert.js';
import { isCurrency } from '../../lib/money.js';
import { recordChange } from '../audit/index.js';
import { keepStanding } from '../authority/index.js';
import { domainError } from '../errors.js';
import { clockOf } from '../context.js';
import type { Account, Context } from '../context.js';
import { houseWalletId, insertTenantWallet, listWalletRows, lockWallet } from './store.js';
import type { WalletRow } from './store.js';
import { postTransfers } from './post-transfers.js';

/** Largest sum of one deposit, in minor units: keeps every total far inside the safe integers. */
export const depositMinorMax = 1_000_000_000_000;

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
}): Promise<{ wallet: WalletRow; transferId: number }> {
  if (asked.actor.kind === 'key') throw domainError('forbidden', { reason: 'This needs an admin key' });
  const { account, amountMinor, currency } = input;
  const ctx = { ...asked, clock: clockOf(account, asked.clock) };
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > depositMinorMax) {
    throw domainError('invalid_input', { field: 'amount', reason: 'must be a positive amount of money' });
  }
  if (account.parentId !== null) {
    const reason = 'is a sub-account, and its parent pays for it; deposit to the parent';
    throw domainError('invalid_input', { field: 'account', reason });
  }
  await keepStanding(ctx, account);
  const wallet = await openWallet({ ctx, input: { account, currency } });
  const at = ctx.clock.now();
  const source = await houseWalletId(ctx.sql, account.environment, 'deposits', currency, at);
  const [transferId = 0] = await postTransfers(ctx.sql, [
    {
      debitWalletId: source,
      creditWalletId: wallet.id,
      amountMinor,
      currency,
      kind: 'deposit',
      rentalId: null,
      cycleNumber: null,
      reference: input.reference ?? null,
      requestId: ctx.requestId,
      createdAt: at,
    },
  ]);
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: 'wallet.deposit',
    subjectKind: 'transfer',
    subjectId: transferId,
    numberId: null,
    details: { amount_minor: amountMinor, currency },
    event: 'wallet.deposited',
  });
  // Read again under the transfer's own lock: another deposit may have come between.
  const after = present(await lockWallet(ctx.sql, wallet.id), 'the wallet was just paid into');
  return { wallet: after, transferId };
}
