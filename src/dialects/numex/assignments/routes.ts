import { Type } from 'typebox';
import { domainError } from '../../../core/errors.js';
import { assignRental, unassignRental } from '../../../core/routing/index.js';
import type { Target } from '../../../core/routing/index.js';
import { readId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { closed } from '../schemas.js';
import { AssignmentShape, Kind, kinds, renderAssignment } from './shapes.js';
import { getOwnAssignment } from './verbs.js';

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
  ownRoute({
    method: 'PUT',
    operationId: 'assignRental',
    path,
    tag,
    summary:
      'Point a number at an agent, a trunk or an application, instead of whatever of that kind it pointed at',
    params,
    body: TargetBody,
    reply: AssignmentShape,
    read: (asked) => ({
      ...rentalNamed(asked),
      target: targetOf(asked.body),
      replace: asked.body.replace === false ? ('refuse' as const) : ('allow' as const),
    }),
    verb: assignRental,
    render: renderAssignment,
  }),
  ownRoute({
    method: 'GET',
    operationId: 'getAssignment',
    path,
    tag,
    summary: 'What a number points at',
    params,
    query,
    reply: AssignmentShape,
    read: kindNamed,
    verb: getOwnAssignment,
    render: renderAssignment,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'unassignRental',
    path,
    tag,
    summary: 'Let a number point at nothing of a kind',
    params,
    query,
    reply: Type.Object({ rental_id: Type.String(), unassigned: Type.Boolean() }),
    read: kindNamed,
    verb: unassignRental,
    render: (_unassigned, asked) => ({ rental_id: asked.params.rental, unassigned: true }),
  }),
];

function rentalNamed(asked: { readonly params: { readonly rental: string } }) {
  return { rentalId: readId('rental', asked.params.rental) };
}

function kindNamed(asked: {
  readonly params: { readonly rental: string };
  readonly query: { readonly kind?: Target['kind'] };
}) {
  return { ...rentalNamed(asked), kind: asked.query.kind ?? ('agent' as const) };
}

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
