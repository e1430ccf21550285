import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotencyOwner, loadRecord } from '../idempotency/index.js';
import { familyOf, mustBeOpen, mustHaveRoom, mustHaveRoomInFamily } from './document-room.js';
import { loadOwnAddress } from './load-address.js';

/**
 * Whether a document may come to an address, before any of it is read; `addDocument` judges again. A request that was
 * answered before under the same key may always come, to get that answer. Gives the family that the document counts for.
 * Raises forbidden, account_blocked, not_found (address), wrong_state.
 */
export async function admitDocument({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly addressId: number };
}): Promise<{ readonly family: number }> {
  const account = writingAccount(ctx);
  const { idempotency, sql } = ctx;
  const isRepeat =
    idempotency && (await loadRecord(sql, idempotencyOwner(ctx), idempotency.key)) !== undefined;
  if (!isRepeat) {
    mustBeOpen(await loadOwnAddress(ctx, account, input.addressId));
    await mustHaveRoom(sql, input.addressId);
    await mustHaveRoomInFamily(sql, account);
  }
  return { family: familyOf(account) };
}
