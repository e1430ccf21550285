import { actingAccount } from '../../../core/authority/index.js';
import { pageOfTransfers, transferPageMax } from '../../../core/ledger/index.js';
import { bare, flat } from '../errors.js';
import type { Say, VobizRoute } from '../errors.js';
import { pageOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { accountPath } from '../paths.js';
import { transferFilters } from './request.js';
import { renderSummary, renderTransfer } from './response.js';
import { referenceTypes } from './words.js';

const path = `${accountPath}/transactions`;
const pageSize: SizeRule = { name: 'per_page', usual: 50, max: transferPageMax, above: 'usual' };

/** The vendor takes a bad date for a fault of its own. */
const badDate: Say = (failure, request) => {
  const { failure: told } = failure;
  const isDate = told.code === 'invalid_input' && /^(from|to)_date$/.test(told.details.field);
  return (isDate ? bare(500, 'Failed to retrieve transactions') : flat(400, 'invalid request'))(
    failure,
    request,
  );
};

/** Contract 8.2: what moved the account's money; of its parent's a sub-account sees its own entries only. */
export const transactionRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path,
    errors: { said: { invalid_input: badDate } },
    answer: async (ctx, { query }) => {
      const { page, perPage } = pageOf(query, pageSize);
      const filters = transferFilters(ctx, query);
      const input = { filters, page: { offset: (page - 1) * perPage, limit: perPage } };
      const account = actingAccount(ctx);
      const { transfers, total, sums } = await pageOfTransfers({ ctx, input });
      return {
        transactions: transfers.map((line) => renderTransfer(account, line)),
        summary: renderSummary(sums),
        total,
        page,
        per_page: perPage,
        total_pages: Math.ceil(total / perPage),
      };
    },
  },
  {
    method: 'GET',
    path: `${path}/reference-types`,
    answer: () => Promise.resolve({ reference_types: [...new Set(Object.values(referenceTypes))].sort() }),
  },
];
