import { domainError } from '../../../core/errors.js';
import { describeRental, getRental, reclaimNumber, releaseNumber } from '../../../core/rentals/index.js';
import { assignRental, unassignRental } from '../../../core/routing/index.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { agentIdNamed, idNamed } from '../ids.js';
import { objectBody } from '../../../http/body.js';
import { idField } from '../parse.js';
import { tagsOf } from './request.js';
import { renderOwned } from './response.js';

const path = '/phone-numbers/:numberId';

/** Contract 4.3 to 4.7: what one does with a number that one owns. */
export const ownedNumberRoutes: readonly WireRoute[] = [
  {
    method: 'PATCH',
    path,
    answer: async (ctx, { params, body }) => {
      const rentalId = idOf(params);
      await getRental({ ctx, input: { rentalId } });
      await describeRental({ ctx, input: { rentalId, tags: tagsOf(body) } });
      const [owned] = await renderOwned(ctx, [await getRental({ ctx, input: { rentalId } })]);
      return owned;
    },
  },
  {
    method: 'PUT',
    path: `${path}/assign`,
    answer: async (ctx, { params, body }) => {
      const rentalId = idOf(params);
      const agentId = agentOf(body);
      const target = { kind: 'agent', id: agentId } as const;
      await assignRental({ ctx, input: { rentalId, target, replace: 'allow' } });
      return { success: true, phone_number_id: rentalId, agent_id: agentId };
    },
  },
  {
    method: 'DELETE',
    path: `${path}/assign`,
    answer: async (ctx, { params }) => {
      const rentalId = idOf(params);
      await unassignRental({ ctx, input: { rentalId, kind: 'agent' } });
      return new WireReply(undefined, { status: 204 });
    },
  },
  {
    method: 'DELETE',
    path,
    answer: async (ctx, { params }) => {
      const rentalId = idOf(params);
      const how = { leaves: 'after_window', again: 'refuse' } as const;
      const released = await releaseNumber({ ctx, input: { rentalId, ...how, unlessAssignedTo: 'agent' } });
      return { pending_release: true, id: rentalId, reclaim_before: released.reclaimUntil };
    },
  },
  {
    method: 'POST',
    path: `${path}/reclaim`,
    answer: async (ctx, { params }) => {
      const rentalId = idOf(params);
      await reclaimNumber({ ctx, input: { rentalId, assignments: 'restore' } });
      return { reclaimed: true, id: rentalId, status: 'active' };
    },
  },
];

function idOf(params: Readonly<Record<string, string>>): number {
  return idNamed('number', params['numberId'] ?? '');
}

/** An agent by its number, or by its public id as text. Raises missing_input, invalid_input, not_found (agent). */
function agentOf(asked: unknown): number {
  const body = objectBody(asked);
  const { agent_id: agentId } = body;
  if (typeof agentId === 'string' && agentId.startsWith('agent_')) return agentIdNamed(agentId);
  const id = idField(body, 'agent_id');
  if (id === undefined) throw domainError('missing_input', { field: 'agent_id' });
  return id;
}
