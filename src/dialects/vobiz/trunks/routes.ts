import { actingAccount } from '../../../core/authority/index.js';
import {
  createTrunk,
  deleteTrunk,
  getTrunk,
  pageOfTrunks,
  settingsAfter,
  updateTrunk,
  usualTrunk,
} from '../../../core/routing/index.js';
import { objectBody } from '../../../http/body.js';
import type { VobizRoute } from '../errors.js';
import { newTrunkDomain, trunkIdNamed } from '../ids.js';
import { offsetOf, sizeOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { accountPath } from '../paths.js';
import { readNewTrunk, readTrunk } from './request.js';
import { renderTrunk, renderTrunks } from './response.js';

const path = `${accountPath}/trunks`;
/** A trunk's id only: `trunks/credentials` and the like are other resources, which are not here (contract 11.1). */
const onePath = `${path}/:trunk(^[0-9A-Fa-f-]{36}$)`;
const pageSize: SizeRule = { name: 'limit', usual: 100, max: 100, above: 'largest' };

/** Contract 6.3 and 11.1: trunks, as far as numbers need them. */
export const trunkRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path,
    status: 201,
    answer: async (ctx, { body }) => {
      const { settings, ...fields } = readNewTrunk(objectBody(body));
      const input = {
        ...usualTrunk,
        domain: newTrunkDomain(),
        ...fields,
        settings: settingsAfter({}, settings),
      };
      return renderTrunk(actingAccount(ctx), await createTrunk({ ctx, input }));
    },
  },
  {
    method: 'GET',
    path,
    answer: async (ctx, { query }) => {
      const page = { limit: sizeOf(query, pageSize), offset: offsetOf(query) };
      return renderTrunks(actingAccount(ctx), ctx.requestId, page, await pageOfTrunks({ ctx, input: page }));
    },
  },
  {
    method: 'GET',
    path: onePath,
    answer: async (ctx, { params }) => {
      const trunkId = trunkIdNamed(params['trunk'] ?? '');
      return renderTrunk(actingAccount(ctx), await getTrunk({ ctx, input: { trunkId } }));
    },
  },
  {
    method: 'PUT',
    path: onePath,
    answer: async (ctx, { params, body }) => {
      const trunkId = trunkIdNamed(params['trunk'] ?? '');
      const changes = readTrunk(objectBody(body));
      return renderTrunk(actingAccount(ctx), await updateTrunk({ ctx, input: { trunkId, changes } }));
    },
  },
  {
    method: 'DELETE',
    path: onePath,
    status: 204,
    answer: async (ctx, { params }) => {
      await deleteTrunk({ ctx, input: { trunkId: trunkIdNamed(params['trunk'] ?? '') } });
    },
  },
];
