import { actingAccount } from '../../../core/authority/index.js';
import { eachCall, getCall, listCalls, numberHealth } from '../../../core/usage/index.js';
import type { RootContext } from '../../../core/context.js';
import { WireReply } from '../../../http/wire.js';
import type { Query } from '../../../http/wire.js';
import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { rentalInPath } from '../numbers/request.js';
import { statusOf } from '../numbers/response.js';
import { pageOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { invalid } from '../../../http/body.js';
import { textOf } from '../parse.js';
import { accountPath, numberPath } from '../paths.js';
import { scopeOf } from './request.js';
import { csvHeader, csvLine, renderCall, renderHealth, renderSummary } from './response.js';

const path = `${accountPath}/cdr`;
const pageSize: SizeRule = { name: 'per_page', usual: 20, max: 100, above: 'usual' };
const usualHealthDays = 30;

/** Contract 8.4 and 8.5: the calls of an account's numbers, and how they went. */
export const callRoutes: readonly VobizRoute[] = [
  // The three lists are one: newest first, with the same filters.
  ...[path, `${path}/search`, `${path}/recent`].map((list): VobizRoute => ({
    method: 'GET',
    path: list,
    answer: (ctx, { query }) => answerPage(ctx, query),
  })),
  {
    method: 'GET',
    path: `${path}/export`,
    answer: async (ctx, { query }) => {
      const lines = [csvHeader];
      for await (const calls of eachCall({ ctx, input: scopeOf(ctx, query) }))
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
      return renderHealth(numberId, statusOf(rental), granularity, health);
    },
  },
];

async function answerPage(ctx: RootContext, query: Query) {
  const { page, perPage } = pageOf(query, pageSize);
  const input = { ...scopeOf(ctx, query), page: { offset: (page - 1) * perPage, limit: perPage } };
  const { calls, total, summary } = await listCalls({ ctx, input });
  const pages = Math.ceil(total / perPage);
  return {
    success: true,
    account_id: actingAccount(ctx).publicId,
    count: calls.length,
    data: calls.map(renderCall),
    pagination: { page, per_page: perPage, total, pages, has_next: page < pages, has_prev: page > 1 },
    summary: renderSummary(summary),
  };
}

function healthWanted(query: Query): { granularity: 'daily' | 'hourly'; days: number } {
  const granularity = textOf(query, 'granularity') ?? 'daily';
  if (granularity !== 'daily' && granularity !== 'hourly') {
    throw invalid('granularity', 'must be daily or hourly');
  }
  return { granularity, days: Number(textOf(query, 'days') ?? usualHealthDays) };
}
