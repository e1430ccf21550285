import type { Account } from '../../context.js';
import { domainError } from '../../errors.js';
import { payerIdOf } from './state.js';
import type { DeskState } from './state.js';

/**
 * A blocked, disabled or closed account gets nothing new, whoever asks for it, and neither does one that such an account
 * pays for. Raises account_blocked.
 */
export function requireInBusiness({ standings }: DeskState, account: Account): void {
  const stands = (id: number): boolean => standings.get(id) === 'active';
  if (stands(account.id) && stands(payerIdOf(account))) return;
  throw domainError('account_blocked', { account: account.publicId });
}
