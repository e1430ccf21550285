import type { Context } from '../../../core/context.js';
import { pageOfTransfers } from '../../../core/ledger/index.js';
import type { OwnedTransferLine, TransferFilters, TransferSum } from '../../../core/ledger/index.js';
import type { NumberedPage } from '../paging.js';

export interface TransferPage extends NumberedPage {
  readonly transfers: readonly OwnedTransferLine[];
  readonly total: number;
  readonly sums: readonly TransferSum[];
}

/** A page of what moved the account's money, the latest posting first, with the sums of all that fit. */
export async function listTransferPage({
  ctx,
  input: { page, perPage, filters },
}: {
  ctx: Context;
  input: NumberedPage & { readonly filters: TransferFilters };
}): Promise<TransferPage> {
  const input = { filters, page: { offset: (page - 1) * perPage, limit: perPage } };
  return { ...(await pageOfTransfers({ ctx, input })), page, perPage };
}
