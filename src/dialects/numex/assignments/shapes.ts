import { Type } from 'typebox';
import type { Assignment } from '../../../core/routing/index.js';
import { spellId } from '../ids.js';
import { named, oneOf, Timestamp } from '../schemas.js';

export const kinds = ['agent', 'trunk', 'application'] as const;
export const Kind = oneOf(
  kinds,
  'A number points at one of each kind at most; agent unless it says otherwise',
);

export const AssignmentShape = named(
  'Assignment',
  Type.Object({
    rental_id: Type.String(),
    kind: oneOf(kinds),
    agent_id: Type.Optional(Type.String()),
    trunk_id: Type.Optional(Type.String()),
    application_id: Type.Optional(Type.String()),
    assigned_at: Timestamp,
  }),
);

export function renderAssignment({ rentalId, kind, targetId, assignedAt }: Assignment) {
  return {
    rental_id: spellId('rental', rentalId),
    kind,
    [`${kind}_id`]: spellId(kind, targetId),
    assigned_at: assignedAt,
  };
}
