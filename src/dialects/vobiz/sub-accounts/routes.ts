import { actingAccount } from '../../../core/authority/index.js';
import {
  createSubAccount,
  getSubAccount,
  listSubAccounts,
  updateSubAccount,
} from '../../../core/accounts/index.js';
import { domainError } from '../../../core/errors.js';
import { closeSubAccount } from '../../../core/rentals/index.js';
import type { VobizRoute } from '../errors.js';
import { pageOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { objectBody } from '../../../http/body.js';
import { flagOf } from '../parse.js';
import { subAccountsPath } from '../paths.js';
import { readSubAccount, usualFields } from './request.js';
import { renderCreated, renderSubAccount } from './response.js';

const onePath = `${subAccountsPath}/:account`;
const pageSize: SizeRule = { name: 'size', usual: 25, max: 100, above: 'largest' };

/** Contract 7.3: a parent's sub-accounts. */
export const subAccountRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path: subAccountsPath,
    status: 201,
    answer: async (ctx, { body }) => {
      const { name, ...fields } = readSubAccount(objectBody(body));
      if (name === undefined) throw domainError('missing_input', { field: 'name' });
      const input = { ...usualFields, ...fields, name, accessTokens: 2 };
      const made = await createSubAccount({ ctx, input });
      const row = await getSubAccount({ ctx, input: { account: made.account } });
      return renderCreated(ctx, actingAccount(ctx), row, made);
    },
  },
  {
    method: 'GET',
    path: subAccountsPath,
    answer: async (ctx, { query }) => {
      const { page, perPage: size } = pageOf(query, pageSize);
      const activeOnly = flagOf(query, 'active_only') ?? false;
      const input = { offset: (page - 1) * size, limit: size, activeOnly };
      const { rows, total } = await listSubAccounts({ ctx, input });
      const parent = actingAccount(ctx);
      return { sub_accounts: rows.map((row) => renderSubAccount(ctx, parent, row)), total, page, size };
    },
  },
  {
    method: 'GET',
    path: onePath,
    answer: async (ctx, { params }) => {
      const row = await getSubAccount({ ctx, input: { account: params['account'] ?? '' } });
      return renderSubAccount(ctx, actingAccount(ctx), row);
    },
  },
  {
    method: 'PUT',
    path: onePath,
    answer: async (ctx, { params, body }) => {
      const account = params['account'] ?? '';
      await updateSubAccount({ ctx, input: { account, changes: readSubAccount(objectBody(body)) } });
      return renderSubAccount(ctx, actingAccount(ctx), await getSubAccount({ ctx, input: { account } }));
    },
  },
  {
    method: 'DELETE',
    path: onePath,
    answer: async (ctx, { params }) => {
      await closeSubAccount({ ctx, input: { account: params['account'] ?? '' } });
      return { message: 'Sub-account deleted successfully' };
    },
  },
];
