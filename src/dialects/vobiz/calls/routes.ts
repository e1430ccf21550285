import { actingAccount } from '../../../core/authority/index.js';
import { eachCall, getCall, listCalls, numberHealth } from '../../../core/usage/index.js';
import type { CallFilters, CallScope } from '../../../core/usage/index.js';
import type { RootContext } from '../../../core/context.js';
import { WireReply } from '../../../http/wire.js';
import type { Query } from '../../../http/wire.js';
import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { rentalInPath } from '../numbers/request.js';
import { statusOf } from '../numbers/response.js';
import { pageOf } from '../paging.js';
import type { NumberedPage } from '../paging.js';
import { accountPath, numberPath } from '../paths.js';
import { callsPerPage, filtersOf, healthWanted, recentPage, shownFilters } from './request.js';
import { csvHeader, csvLine, renderCall, renderCalls, renderHealth } from './response.js';

const path = `${accountPath}/cdr`;

/** Contract 8.4 and 8.5: the calls of an account's numbers, and how they went. */
export const callRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path,
    answer: async (ctx, { query }) => {
      const page = pageOf(query, callsPerPage);
      return renderCalls(actingAccount(ctx), page, await pageOfCalls(ctx, query, page));
    },
  },
  {
    method: 'GET',
    path: `${path}/search`,
    answer: async (ctx, { query }) => {
      const page = pageOf(query, callsPerPage);
      const found = renderCalls(actingAccount(ctx), page, await pageOfCalls(ctx, query, page));
      return { ...found, filters: shownFilters(query) };
    },
  },
  {
    method: 'GET',
    path: `${path}/recent`,
    answer: async (ctx, { query }) => {
      const page = recentPage(query);
      return renderCalls(actingAccount(ctx), page, await pageOfCalls(ctx, query, page));
    },
  },
  {
    method: 'GET',
    path: `${path}/export`,
    answer: async (ctx, { query }) => {
      const lines = [csvHeader];
      for await (const calls of eachCall({ ctx, input: scopeOf(ctx, filtersOf(query)) }))
        lines.push(...calls.map(csvLine));
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="cdr.csv"',
      };
      return new WireReply(lines.join(''), { headers });
    },
  },
  {
    method: 'GET',
    path: `${path}/:call`,
    errors: { said: { not_found: flat(404, 'not_found', 'call not found') } },
    answer: async (ctx, { params }) => {
      const { withSubAccounts } = scopeOf(ctx, {});
      const call = await getCall({ ctx, input: { callId: params['call'] ?? '', withSubAccounts } });
      return { success: true, account_id: actingAccount(ctx).publicId, data: renderCall(call) };
    },
  },
  {
    method: 'GET',
    path: `${numberPath}/health`,
    answer: async (ctx, { params, query }) => {
      const rental = await rentalInPath(ctx, params);
      const { numberId } = rental;
      const { granularity, days } = healthWanted(query);
      const health = await numberHealth({ ctx, input: { numberId, granularity, days } });
      return renderHealth(numberId, statusOf(rental), granularity, health, ctx.clock.now());
    },
  },
];

function pageOfCalls(ctx: RootContext, query: Query, { page, perPage }: NumberedPage) {
  const range = { offset: (page - 1) * perPage, limit: perPage };
  return listCalls({ ctx, input: { ...scopeOf(ctx, filtersOf(query)), page: range } });
}

/** A master account sees its sub-accounts' calls, as it sees their numbers. */
function scopeOf(ctx: RootContext, filters: CallFilters): CallScope {
  return { filters, withSubAccounts: actingAccount(ctx).parentId === null };
}
