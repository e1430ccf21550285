import { requireOperator } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { isCurrency } from '../../lib/money.js';
import { listReleaseFeeRows, setReleaseFeeRow } from './store.js';
import type { ReleaseFee } from './store.js';

/** Largest fee, in minor units. */
export const releaseFeeMinorMax = 1_000_000_000;

/** What an account pays when it gives up a number, one amount per currency; none where there is no entry. */
export async function listReleaseFees({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account };
}): Promise<ReleaseFee[]> {
  return listReleaseFeeRows(ctx.sql, input.account.id);
}

/**
 * Sets what an account pays for a release from now on, in minor units of a currency; 0 takes the fee away. Releases of
 * sub-accounts are paid by their parent, at the parent's fee.
 * Raises forbidden, invalid_input (currency, amount_minor).
 */
export async function setReleaseFee({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account; readonly currency: string; readonly amountMinor: number };
}): Promise<ReleaseFee> {
  requireOperator(ctx);
  const { account, currency, amountMinor } = input;
  if (!isCurrency(currency)) {
    throw domainError('invalid_input', { field: 'currency', reason: 'must be an ISO 4217 code such as EUR' });
  }
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0 || amountMinor > releaseFeeMinorMax) {
    const reason = `must be a whole number from 0 to ${releaseFeeMinorMax}`;
    throw domainError('invalid_input', { field: 'amount_minor', reason });
  }
  await setReleaseFeeRow(ctx.sql, account.id, currency, amountMinor);
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: 'account.set_release_fee',
    subjectKind: 'account',
    subjectId: account.id,
    numberId: null,
    details: { currency, amount_minor: amountMinor },
  });
  return { currency, amountMinor };
}
