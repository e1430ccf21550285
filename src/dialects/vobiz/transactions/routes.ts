import { bare, flat } from '../errors.js';
import type { Say, VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { transfersWanted } from './read.js';
import { renderReferenceTypes, renderTransfers } from './render.js';
import { listTransferPage } from './verbs.js';

const path = `${accountPath}/transactions`;

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
  vobizRoute({
    method: 'GET',
    path,
    errors: { said: { invalid_input: badDate } },
    read: transfersWanted,
    verb: listTransferPage,
    render: renderTransfers,
  }),
  vobizRoute({
    method: 'GET',
    path: `${path}/reference-types`,
    read: () => undefined,
    verb: () => Promise.resolve(),
    render: renderReferenceTypes,
  }),
];
