import { domainError } from '../../../core/errors.js';
import { createTrunk, deleteTrunk, getTrunk, listTrunks, updateTrunk } from '../../../core/routing/index.js';
import type { TrunkRow } from '../../../core/routing/index.js';
import { everyPage } from '../../../lib/every-page.js';
import type { VobizRoute } from '../errors.js';
import { newTrunkDomain, spellTrunkId, trunkIdNamed } from '../ids.js';
import { objectBody } from '../../../http/body.js';
import { accountPath } from '../paths.js';
import { readTrunk } from './request.js';

const path = `${accountPath}/trunks`;
const pageSize = 200;
const usualCallsMax = 10;

/** Contract 6.3: trunks, as far as numbers need them. */
export const trunkRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path,
    status: 201,
    answer: async (ctx, { body }) => {
      const { name, ...fields } = readTrunk(objectBody(body));
      if (name === undefined) throw domainError('missing_input', { field: 'name' });
      const usual = { direction: 'inbound', concurrentCallsMax: usualCallsMax, enabled: true } as const;
      return render(
        await createTrunk({ ctx, input: { ...usual, ...fields, name, domain: newTrunkDomain() } }),
      );
    },
  },
  {
    method: 'GET',
    path,
    answer: async (ctx) => {
      const trunks = await everyPage(pageSize, (afterId) =>
        listTrunks({ ctx, input: { afterId, limit: pageSize } }),
      );
      return { api_id: ctx.requestId, meta: { total_count: trunks.length }, objects: trunks.map(render) };
    },
  },
  {
    method: 'GET',
    path: `${path}/:trunk`,
    answer: async (ctx, { params }) =>
      render(await getTrunk({ ctx, input: { trunkId: trunkIdNamed(params['trunk'] ?? '') } })),
  },
  {
    method: 'PUT',
    path: `${path}/:trunk`,
    answer: async (ctx, { params, body }) => {
      const trunkId = trunkIdNamed(params['trunk'] ?? '');
      return render(await updateTrunk({ ctx, input: { trunkId, changes: readTrunk(objectBody(body)) } }));
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:trunk`,
    status: 204,
    answer: async (ctx, { params }) => {
      await deleteTrunk({ ctx, input: { trunkId: trunkIdNamed(params['trunk'] ?? '') } });
    },
  },
];

function render(row: TrunkRow) {
  return {
    trunk_id: spellTrunkId(row.id),
    name: row.name,
    trunk_type: row.direction === 'inbound' ? 'INBOUND' : 'OUTBOUND',
    trunk_domain: row.domain,
    max_concurrent_calls: row.concurrentCallsMax,
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
