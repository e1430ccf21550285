import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import type { TransferFilters } from '../../../core/ledger/index.js';
import { numberIdOf } from '../../../core/number-id.js';
import type { Query } from '../../../http/wire.js';
import { readNumberDigits, readTransferId } from '../ids.js';
import { stretchOf, textOf } from '../parse.js';
import { descriptionNames, kindsOf, numberReferencePrefix } from './words.js';

/** What no transfer has: a filter that cannot be meant finds nothing. */
const noTransfer = 0;

/** Money has moved or it has not: there are no transfers in any other state than this. */
const onlyStatus = 'completed';

/** The filters of the list. Raises invalid_input for a bad date. */
export function transferFilters(ctx: RootContext, query: Query): TransferFilters {
  const type = textOf(query, 'type');
  const status = textOf(query, 'status') ?? onlyStatus;
  const id = textOf(query, 'transaction_id');
  const referenceType = textOf(query, 'reference_type');
  const description = textOf(query, 'description');
  const possible = status === onlyStatus && (type === undefined || type === 'debit' || type === 'credit');
  const named = id === undefined ? undefined : (readTransferId(id) ?? noTransfer);
  return {
    transferId: possible ? named : noTransfer,
    currency: textOf(query, 'currency')?.toUpperCase(),
    direction: type === 'debit' || type === 'credit' ? type : undefined,
    kinds: referenceType === undefined ? undefined : kindsOf(referenceType),
    createdFrom: stretchOf(query, 'from_date')?.from,
    createdUntil: stretchOf(query, 'to_date')?.until,
    ...referenceFilter(ctx, textOf(query, 'reference')),
    ...(description === undefined
      ? {}
      : { description: { contains: description.trim(), names: descriptionNames } }),
  };
}

/** `did:` and a number's id, or a run of characters in the reference of a payment. */
function referenceFilter(
  ctx: RootContext,
  reference: string | undefined,
): Pick<TransferFilters, 'numberId' | 'reference'> {
  if (!reference?.startsWith(numberReferencePrefix)) return { reference };
  const digits = readNumberDigits(reference.slice(numberReferencePrefix.length));
  return { numberId: digits === undefined ? noTransfer : numberIdOf(digits, actingAccount(ctx).environment) };
}
