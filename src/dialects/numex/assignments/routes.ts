import { Type } from 'typebox';
import { getRental } from '../../../core/numbers/index.js';
import { assignRental, getAssignment, unassignRental } from '../../../core/routing/index.js';
import type { Assignment } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { closed, oneOf, Timestamp } from '../schemas.js';

const AssignmentShape = Type.Object({
  rental_id: Type.String(),
  kind: oneOf(['agent']),
  agent_id: Type.String(),
  assigned_at: Timestamp,
});
const params = Type.Object({ rental: Type.String() });
const path = '/rentals/:rental/assignment';
const tag = 'Rentals';

export const assignmentRoutes = [
  route({
    method: 'PUT',
    path,
    tag,
    summary: 'Point a number at an agent, instead of whatever agent it pointed at',
    params,
    body: Type.Object({ agent_id: Type.String({ maxLength: 100 }) }, closed),
    reply: AssignmentShape,
    answer: async (ctx, asked) => {
      const rentalId = readId('rental', asked.params.rental);
      const agentId = readId('agent', asked.body.agent_id);
      return render(await assignRental({ ctx, input: { rentalId, agentId } }));
    },
  }),
  route({
    method: 'GET',
    path,
    tag,
    summary: 'What a number points at',
    params,
    reply: AssignmentShape,
    answer: async (ctx, asked) => {
      const { id: rentalId } = await getRental({
        ctx,
        input: { rentalId: readId('rental', asked.params.rental) },
      });
      return render(await getAssignment({ ctx, input: { rentalId, kind: 'agent' } }));
    },
  }),
  route({
    method: 'DELETE',
    path,
    tag,
    summary: 'Let a number point at nothing',
    params,
    reply: Type.Object({ rental_id: Type.String(), unassigned: Type.Boolean() }),
    answer: async (ctx, asked) => {
      const rentalId = readId('rental', asked.params.rental);
      await unassignRental({ ctx, input: { rentalId, kind: 'agent' } });
      return { rental_id: asked.params.rental, unassigned: true };
    },
  }),
];

function render({ rentalId, agentId, assignedAt }: Assignment) {
  return {
    rental_id: spellId('rental', rentalId),
    kind: 'agent',
    agent_id: spellId('agent', agentId ?? 0),
    assigned_at: assignedAt,
  };
}
