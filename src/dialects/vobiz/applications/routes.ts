import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  updateApplication,
} from '../../../core/routing/index.js';
import type { VobizRoute } from '../errors.js';
import { applicationIdNamed, spellApplicationId } from '../ids.js';
import { offsetOf, sizeOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { objectBody } from '../../../http/body.js';
import { accountPath } from '../paths.js';
import { readApplication } from './request.js';
import { applicationUri, renderApplication } from './response.js';

const path = `${accountPath}/Application`;
const onePath = `${path}/:application`;
const pageSize: SizeRule = { name: 'limit', usual: 20, max: 100, above: 'usual' };

/** Contract 6.3: applications, as far as numbers need them. */
export const applicationRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path,
    status: 201,
    answer: async (ctx, { body }) => {
      const { name, settings = {}, ...fields } = readApplication(objectBody(body));
      if (name === undefined) throw domainError('missing_input', { field: 'app_name' });
      const usual = { takesNewNumbers: false, enabled: true };
      const row = await createApplication({ ctx, input: { ...usual, ...fields, name, settings } });
      return { api_id: ctx.requestId, app_id: spellApplicationId(row.id), message: 'created' };
    },
  },
  {
    method: 'GET',
    path,
    answer: async (ctx, { query }) => {
      const [limit, offset] = [sizeOf(query, pageSize), offsetOf(query)];
      const { rows, total } = await listApplications({ ctx, input: { limit, offset } });
      return {
        api_id: ctx.requestId,
        meta: {
          limit,
          offset,
          next: offset + limit < total ? pageUri(ctx, limit, offset + limit) : null,
          previous: offset > 0 ? pageUri(ctx, limit, Math.max(0, offset - limit)) : null,
          total_count: total,
        },
        objects: rows.map((row) => renderApplication(ctx, row)),
      };
    },
  },
  {
    method: 'GET',
    path: onePath,
    answer: async (ctx, { params }) => {
      const applicationId = applicationIdNamed(params['application'] ?? '');
      return renderApplication(ctx, await getApplication({ ctx, input: { applicationId } }));
    },
  },
  {
    method: 'POST',
    path: onePath,
    answer: async (ctx, { params, body }) => {
      const applicationId = applicationIdNamed(params['application'] ?? '');
      const changes = readApplication(objectBody(body));
      const row = await updateApplication({ ctx, input: { applicationId, changes } });
      return { message: 'changed', ...renderApplication(ctx, row) };
    },
  },
  {
    method: 'DELETE',
    path: onePath,
    status: 204,
    answer: async (ctx, { params }) => {
      await deleteApplication({
        ctx,
        input: { applicationId: applicationIdNamed(params['application'] ?? '') },
      });
    },
  },
];

function pageUri(ctx: RootContext, limit: number, offset: number): string {
  return `${applicationUri(ctx)}?limit=${limit}&offset=${offset}`;
}
