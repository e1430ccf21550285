import type { OwnedTransferLine, TransferSum } from '../../../core/ledger/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { majorNumber } from '../../../lib/money.js';
import { spellNumberId, spellTransferId, spellWalletId } from '../ids.js';
import type { TransferPage } from './verbs.js';
import { descriptionNames, numberReferencePrefix, referenceTypes } from './words.js';

export function renderTransfers({ transfers, total, sums, page, perPage }: TransferPage, asked: Asked) {
  const account = accountAsked(asked).publicId;
  return {
    transactions: transfers.map((line) => renderTransfer(account, line)),
    summary: renderSummary(sums),
    total,
    page,
    per_page: perPage,
    total_pages: Math.ceil(total / perPage),
  };
}

export function renderReferenceTypes() {
  return { reference_types: [...new Set(Object.values(referenceTypes))].sort() };
}

function renderTransfer(account: string, line: OwnedTransferLine) {
  const { kind, direction, amountMinor, currency, numberId } = line;
  const at = line.createdAt.toISOString();
  const reference = numberId === null ? line.reference : `${numberReferencePrefix}${spellNumberId(numberId)}`;
  return {
    id: spellTransferId(line.id),
    account_id: account,
    balance_id: line.ofOwnWallet ? spellWalletId(line.walletId) : '',
    type: direction,
    amount: majorNumber(amountMinor, currency),
    currency,
    description: [descriptionNames[kind], line.reference].filter(Boolean).join(' '),
    reference: reference ?? '',
    reference_type: referenceTypes[kind],
    status: 'completed',
    processed_at: at,
    created_at: at,
    updated_at: at,
  };
}

/** Sums over all that fit, whatever their currency: in major units, as the wire has no more to say. */
function renderSummary(sums: readonly TransferSum[]) {
  const types = [...new Set(sums.map((sum) => referenceTypes[sum.kind]))].sort();
  const { count, ...totals } = figuresOf(sums);
  return {
    total_transactions: count,
    ...totals,
    net_amount: rounded(totals.total_credit - totals.total_debit),
    by_reference_type: types.map((type) => {
      const ofType = figuresOf(sums.filter((sum) => referenceTypes[sum.kind] === type));
      return { reference_type: type, ...ofType };
    }),
  };
}

function figuresOf(sums: readonly TransferSum[]) {
  const totalOf = (direction: TransferSum['direction']): number =>
    sums
      .filter((sum) => sum.direction === direction)
      .reduce((total, sum) => rounded(total + majorNumber(sum.amountMinor, sum.currency)), 0);
  return {
    count: sums.reduce((count, sum) => count + sum.count, 0),
    total_debit: totalOf('debit'),
    total_credit: totalOf('credit'),
  };
}

/** No currency has more decimals; sums of doubles would show theirs. */
function rounded(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}
