import { transferPageMax } from '../../../core/ledger/index.js';
import type { TransferFilters } from '../../../core/ledger/index.js';
import { numberIdOf } from '../../../core/number-id.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { readNumberDigits, readTransferId } from '../ids.js';
import { pageOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { printableOf, stretchOf, textOf } from '../parse.js';
import { descriptionNames, kindsOf, numberReferencePrefix } from './words.js';

const pageSize: SizeRule = { name: 'per_page', usual: 50, max: transferPageMax, above: 'usual' };

/** What no transfer has: a filter that cannot be meant finds nothing. */
const noTransfer = 0;

/** Money has moved or it has not: there are no transfers in any other state than this. */
const onlyStatus = 'completed';

/** A page of the list and its filters (contract 8.2). Raises invalid_input. */
export function transfersWanted(asked: Asked) {
  return { ...pageOf(asked.query, pageSize), filters: filtersOf(asked) };
}

function filtersOf(asked: Asked): TransferFilters {
  const { query } = asked;
  const { currency, description, reference, from, to } = readAll({
    currency: () => printableOf(query, 'currency'),
    description: () => printableOf(query, 'description'),
    reference: () => printableOf(query, 'reference'),
    // The last, as this wire has an answer of its own to a request that is wrong in its dates alone.
    from: () => stretchOf(query, 'from_date'),
    to: () => stretchOf(query, 'to_date'),
  });
  const referenceType = textOf(query, 'reference_type');
  return {
    ...whichOf(asked),
    currency: currency?.toUpperCase(),
    kinds: referenceType === undefined ? undefined : kindsOf(referenceType),
    createdFrom: from?.from,
    createdUntil: to?.until,
    ...referenceFilter(asked, reference),
    ...(description === undefined ? {} : { description: { contains: description, names: descriptionNames } }),
  };
}

/** One by its id, or those of one direction. */
function whichOf({ query }: Asked): Pick<TransferFilters, 'transferId' | 'direction'> {
  const [id, type] = [textOf(query, 'transaction_id'), textOf(query, 'type')];
  const direction = type === 'debit' || type === 'credit' ? type : undefined;
  const possible = (textOf(query, 'status') ?? onlyStatus) === onlyStatus && type === direction;
  const named = id === undefined ? undefined : (readTransferId(id) ?? noTransfer);
  return { transferId: possible ? named : noTransfer, direction };
}

/** `did:` and a number's id, or a run of characters in the reference of a payment. */
function referenceFilter(
  asked: Asked,
  reference: string | undefined,
): Pick<TransferFilters, 'numberId' | 'reference'> {
  if (!reference?.startsWith(numberReferencePrefix)) return { reference };
  const digits = readNumberDigits(reference.slice(numberReferencePrefix.length));
  const { environment } = accountAsked(asked);
  return { numberId: digits === undefined ? noTransfer : numberIdOf(digits, environment) };
}
