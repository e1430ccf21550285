import { Type } from 'typebox';
import { domainError } from '../../../core/errors.js';
import { getRental } from '../../../core/rentals/index.js';
import { assignRental, getAssignment, unassignRental } from '../../../core/routing/index.js';
import type { Assignment, Target } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { closed, oneOf, Timestamp } from '../schemas.js';

const kinds = ['agent', 'trunk', 'application'] as const;
const Kind = oneOf(kinds, 'A number points at one of each kind at most; agent unless it says otherwise');

export const AssignmentShape = Type.Object({
  rental_id: Type.String(),
  kind: oneOf(kinds),
  agent_id: Type.Optional(Type.String()),
  trunk_id: Type.Optional(Type.String()),
  application_id: Type.Optional(Type.String()),
  assigned_at: Timestamp,
});
const Id = Type.String({ maxLength: 100 });
const TargetBody = Type.Object(
  {
    agent_id: Type.Optional(Id),
    trunk_id: Type.Optional(Id),
    application_id: Type.Optional(Id),
    replace: Type.Optional(
      Type.Boolean({ default: true, description: 'false refuses when it points at another of that kind' }),
    ),
  },
  closed,
);
const params = Type.Object({ rental: Type.String() });
const query = Type.Object({ kind: Type.Optional(Kind) }, closed);
const path = '/rentals/:rental/assignment';
const tag = 'Rentals';

export const assignmentRoutes = [
  route({
    method: 'PUT',
    path,
    tag,
    summary:
      'Point a number at an agent, a trunk or an application, instead of whatever of that kind it pointed at',
    params,
    body: TargetBody,
    reply: AssignmentShape,
    answer: async (ctx, { params: { rental }, body }) => {
      const rentalId = readId('rental', rental);
      const replace = body.replace === false ? 'refuse' : 'allow';
      return renderAssignment(
        await assignRental({ ctx, input: { rentalId, target: targetOf(body), replace } }),
      );
    },
  }),
  route({
    method: 'GET',
    path,
    tag,
    summary: 'What a number points at',
    params,
    query,
    reply: AssignmentShape,
    answer: async (ctx, asked) => {
      const { id: rentalId } = await getRental({
        ctx,
        input: { rentalId: readId('rental', asked.params.rental) },
      });
      const kind = asked.query.kind ?? 'agent';
      return renderAssignment(await getAssignment({ ctx, input: { rentalId, kind } }));
    },
  }),
  route({
    method: 'DELETE',
    path,
    tag,
    summary: 'Let a number point at nothing of a kind',
    params,
    query,
    reply: Type.Object({ rental_id: Type.String(), unassigned: Type.Boolean() }),
    answer: async (ctx, asked) => {
      const rentalId = readId('rental', asked.params.rental);
      await unassignRental({ ctx, input: { rentalId, kind: asked.query.kind ?? 'agent' } });
      return { rental_id: asked.params.rental, unassigned: true };
    },
  }),
];

interface NamedTargets {
  readonly agent_id?: string;
  readonly trunk_id?: string;
  readonly application_id?: string;
}

/** The one target that is named. Raises missing_input, invalid_input for more than one, not_found. */
function targetOf(body: NamedTargets): Target {
  const named = kinds.flatMap((kind) => {
    const text = body[`${kind}_id`];
    return text === undefined ? [] : [{ kind, text }];
  });
  const [first, second] = named;
  if (!first) throw domainError('missing_input', { field: 'agent_id, trunk_id or application_id' });
  if (second) throw domainError('invalid_input', { field: 'body', reason: 'names more than one target' });
  return { kind: first.kind, id: readId(first.kind, first.text) };
}

export function renderAssignment({ rentalId, kind, targetId, assignedAt }: Assignment) {
  return {
    rental_id: spellId('rental', rentalId),
    kind,
    [`${kind}_id`]: spellId(kind, targetId),
    assigned_at: assignedAt,
  };
}
