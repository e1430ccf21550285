import { Type } from 'typebox';
import { problemCodes } from './errors.js';
import { named, oneOf } from './schemas.js';

const open = { additionalProperties: true } as const;
const stringOrNull = Type.Union([Type.String(), Type.Null()]);

/** What stands in the way, inside an answer that is not a problem document; the details of the code are further members. */
export const Obstacle = named(
  'Obstacle',
  Type.Object(
    {
      code: oneOf(Object.keys(problemCodes.refusals), 'As a request would be refused'),
      detail: Type.String({ description: 'For people' }),
    },
    open,
  ),
);

/** A line of an order that bought nothing. */
export const RefusedLine = named(
  'RefusedLine',
  Type.Object({ ok: Type.Literal(false), number: stringOrNull, number_id: stringOrNull, error: Obstacle }),
);

const members = (codes: Readonly<Record<string, number>>) => ({
  type: Type.String({ description: '`urn:numex:error:` and the code' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'For people' }),
  code: oneOf(Object.keys(codes), 'Stable: branch on this'),
  request_id: Type.String({ description: 'To be quoted to the operator' }),
});

function table(codes: Readonly<Record<string, number>>): string {
  return Object.entries(codes)
    .map(([code, status]) => `\`${code}\` ${status}`)
    .join(', ');
}

/** RFC 9457; `field` and further members say more where there is more to say. */
export const Refusal = named(
  'Refusal',
  Type.Object(
    {
      ...members(problemCodes.refusals),
      order_id: Type.Optional(Type.String({ description: 'With `order_refused`' })),
      results: Type.Optional(
        Type.Array(RefusedLine, { description: 'With `order_refused`: what stopped each line' }),
      ),
    },
    {
      ...open,
      description: `Nothing was changed. The codes and their status: ${table(problemCodes.refusals)}. The details of a code are further members.`,
    },
  ),
);

export const Fault = named(
  'Fault',
  Type.Object(members(problemCodes.faults), {
    ...open,
    description: `The server could not do it, or cannot tell whether it did. The codes and their status: ${table(problemCodes.faults)}.`,
  }),
);
