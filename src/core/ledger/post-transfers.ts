import type { Sql } from '../../database/connection.js';
import { insertTransfersAndMoveBalances } from './store.js';
import type { TransferRow } from './store.js';

/**
 * Posts transfers: the only way money moves. Each row debits one wallet and credits another; the stored balances
 * follow in the same transaction, and a tenant's wallet that comes out richer remembers since when, so that what it owes
 * is tried again. The schema refuses to let a tenant's wallet fall below its limit.
 */
export async function postTransfers(tx: Sql, transfers: readonly TransferRow[]): Promise<number[]> {
  if (transfers.length === 0) return [];
  const deltas = new Map<number, number>();
  const add = (wallet: number, amount: number): void =>
    void deltas.set(wallet, (deltas.get(wallet) ?? 0) + amount);
  for (const transfer of transfers) {
    add(transfer.debitWalletId, -transfer.amountMinor);
    add(transfer.creditWalletId, transfer.amountMinor);
  }
  const latest = new Date(Math.max(...transfers.map((transfer) => transfer.createdAt.getTime())));
  return insertTransfersAndMoveBalances(tx, transfers, deltas, latest);
}
