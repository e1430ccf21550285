import { inTransaction } from '../../database/transaction.js';
import { present } from '../../lib/assert.js';
import { textFault } from '../../lib/text.js';
import { recordChange } from '../audit/index.js';
import { keepStanding, requireOperator } from '../authority/index.js';
import { clockOf } from '../context.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { postTransfers } from './post-transfers.js';
import { houseWalletId, listWalletRows, lockWallet } from './store.js';
import type { TransferRow, WalletRow } from './store.js';

/** Largest sum of one movement by hand, in minor units: keeps every total far inside the safe integers. */
export const movedMinorMax = 1_000_000_000_000;
export const reasonLengthMax = 200;

/** What the operator asks for; `amountMinor` is positive. */
export interface MoneyInput {
  readonly account: Account;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the ledger, the statement and the audit trail say about it. */
  readonly reason: string;
}

export interface MovedMoney {
  readonly wallet: WalletRow;
  readonly transferId: number;
}

/** How a kind of transfer moves money: from or to the tenant's wallet, and the operator's wallet on the other side. */
export interface Movement {
  readonly kind: TransferRow['kind'];
  readonly house: 'revenue' | 'deposits';
  readonly into: 'tenant' | 'house';
  readonly verb: string;
  readonly event: string;
}

/**
 * Moves money between a tenant's wallet and the operator's, dated by the account's own time; a wallet never falls below its
 * limit. Raises forbidden, invalid_input, no_wallet, insufficient_funds, not_found (account, a deleted one).
 */
export async function moveMoney(
  asked: Context,
  { account, amountMinor, currency, reason }: MoneyInput,
  movement: Movement,
): Promise<MovedMoney> {
  requireOperator(asked);
  checkAmount(amountMinor);
  const reference = cleanReason(reason);
  return inTransaction(asked.sql, async (sql) => {
    const ctx = { ...asked, sql, clock: clockOf(account, asked.clock) };
    await keepStanding(ctx, account);
    const wallets = await listWalletRows(sql, account.id);
    const wallet = wallets.find((candidate) => candidate.currency === currency);
    if (!wallet) throw domainError('no_wallet', { currency });
    return postMovement(ctx, { account, wallet, amountMinor, reference }, movement);
  });
}

/** Raises invalid_input (amount). */
export function checkAmount(amountMinor: number): void {
  if (Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= movedMinorMax) return;
  throw domainError('invalid_input', { field: 'amount', reason: 'must be a positive amount of money' });
}

/** Raises invalid_input (reason). */
function cleanReason(text: string): string {
  const clean = text.trim();
  const fault = textFault(clean, reasonLengthMax);
  if (fault !== undefined) throw domainError('invalid_input', { field: 'reason', reason: fault });
  return clean;
}

/** Posts one movement with its audit entry and event. Raises insufficient_funds. */
export async function postMovement(
  ctx: Context,
  move: {
    readonly account: Account;
    readonly wallet: WalletRow;
    readonly amountMinor: number;
    readonly reference: string | null;
  },
  { kind, house, into, verb, event }: Movement,
): Promise<MovedMoney> {
  const { account, wallet, amountMinor, reference } = move;
  const { currency } = wallet;
  if (into === 'house') await requireFunds(ctx, wallet, amountMinor);
  const at = ctx.clock.now();
  const houseId = await houseWalletId(ctx.sql, account.environment, house, currency, at);
  const [transferId = 0] = await postTransfers(ctx.sql, [
    {
      debitWalletId: into === 'tenant' ? houseId : wallet.id,
      creditWalletId: into === 'tenant' ? wallet.id : houseId,
      amountMinor,
      currency,
      kind,
      rentalId: null,
      cycleNumber: null,
      reference,
      requestId: ctx.requestId,
      createdAt: at,
    },
  ]);
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: `wallet.${verb}`,
    subjectKind: 'transfer',
    subjectId: transferId,
    numberId: null,
    details: {
      amount_minor: kind === 'adjustment' && into === 'house' ? -amountMinor : amountMinor,
      currency,
      ...(reference === null ? {} : { reason: reference }),
    },
    event,
  });
  // Read again under the transfer's own lock: another movement may have come between.
  const after = present(await lockWallet(ctx.sql, wallet.id), 'the wallet was just moved');
  return { wallet: after, transferId };
}

async function requireFunds(ctx: Context, { id, currency }: WalletRow, requiredMinor: number): Promise<void> {
  const wallet = present(await lockWallet(ctx.sql, id), 'a wallet is never removed');
  const availableMinor = wallet.balanceMinor + wallet.creditLimitMinor;
  if (requiredMinor > availableMinor) {
    throw domainError('insufficient_funds', { requiredMinor, availableMinor, currency });
  }
}
