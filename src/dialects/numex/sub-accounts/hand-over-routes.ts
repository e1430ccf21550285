import { Type } from 'typebox';
import type { Account } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import type { HandOver } from '../../../core/rentals/index.js';
import { accountAsked } from '../../../http/route.js';
import { readNumber, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { closed, named } from '../schemas.js';
import { path, tag } from './shapes.js';
import { handTo, takeBackFrom } from './verbs.js';

const HandOverShape = named(
  'HandOver',
  Type.Object({
    rental_id: Type.String(),
    number: Type.String(),
    holder: Type.String({ description: 'The account that holds the number now' }),
  }),
);
const numberPath = `${path}/numbers/:number`;
const numberParams = Type.Object({ account: Type.String(), number: Type.String() });

export const handOverRoutes = [
  ownRoute({
    method: 'PUT',
    operationId: 'giveNumber',
    path: numberPath,
    tag,
    summary: 'Hand one of the account’s numbers to a sub-account',
    params: numberParams,
    reply: HandOverShape,
    read: handOverNamed,
    verb: handTo,
    render: renderHandOver,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'takeNumberBack',
    path: numberPath,
    tag,
    summary:
      'Take a number back from a sub-account, 15 days after its last call or sooner with force (admin key)',
    params: numberParams,
    query: Type.Object(
      {
        force: Type.Optional(
          Type.Boolean({
            description: 'Overrides the cool-off; needs an admin key, acting for the account',
          }),
        ),
      },
      closed,
    ),
    reply: HandOverShape,
    read: (asked) => ({
      ...handOverNamed(asked),
      coolOff: asked.query.force === true ? ('override' as const) : ('respect' as const),
    }),
    verb: takeBackFrom,
    render: renderHandOver,
  }),
];

interface HandOverAsked {
  readonly params: { readonly account: string; readonly number: string };
  readonly account: Account | undefined;
}

function handOverNamed({ params, account }: HandOverAsked) {
  const { environment } = accountAsked({ account });
  return { account: params.account, numberId: readNumber(params.number, environment) };
}

function renderHandOver({ rentalId, numberId, holder }: HandOver) {
  return { rental_id: spellId('rental', rentalId), number: e164Of(numberId), holder };
}
