import { listAddresses } from '../../../core/compliance/index.js';
import type { Address } from '../../../core/compliance/index.js';
import type { Context } from '../../../core/context.js';

/** A page of addresses, newest first, and one more where there is one. */
export async function listAddressPage({
  ctx,
  input: { beforeId, limit },
}: {
  ctx: Context;
  input: { readonly beforeId: number; readonly limit: number };
}): Promise<{ readonly rows: Address[]; readonly limit: number }> {
  return { rows: await listAddresses({ ctx, input: { beforeId, limit: limit + 1 } }), limit };
}
