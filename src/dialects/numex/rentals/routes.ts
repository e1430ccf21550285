import { Type } from 'typebox';
import {
  labelLengthMax,
  reclaimNumber,
  releaseNumber,
  tagLengthMax,
  tagsMax,
} from '../../../core/rentals/index.js';
import { e164Of } from '../../../core/number-id.js';
import { readId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { RentalShape, renderRental } from './shapes.js';
import { describeShown, getShown, listShown } from './verbs.js';

const params = Type.Object({ rental: Type.String() });
const tag = 'Rentals';

export const rentalRoutes = [
  ownRoute({
    method: 'GET',
    path: '/rentals',
    tag,
    summary: 'Numbers that the account holds, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(RentalShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'rentals', 0), limit: rowsFor(query) }),
    verb: listShown,
    render: (rows, { query }) => renderPage(rows, query, 'rentals', renderRental),
  }),
  ownRoute({
    method: 'GET',
    path: '/rentals/:rental',
    tag,
    summary: 'One number that the account holds',
    params,
    reply: RentalShape,
    read: rentalNamed,
    verb: getShown,
    render: renderRental,
  }),
  ownRoute({
    method: 'PATCH',
    path: '/rentals/:rental',
    tag,
    summary: 'Set the tags or the label of a number; what is not given stays',
    params,
    body: Type.Object(
      {
        tags: Type.Optional(
          Type.Array(Type.String({ maxLength: 4 * tagLengthMax }), {
            maxItems: 10 * tagsMax,
            description: `The whole list: at most ${tagsMax}, each of at most ${tagLengthMax} characters`,
          }),
        ),
        label: Type.Optional(Type.Union([Type.String({ maxLength: 4 * labelLengthMax }), Type.Null()])),
      },
      closed,
    ),
    reply: RentalShape,
    read: (asked) => ({ ...rentalNamed(asked), ...asked.body }),
    verb: describeShown,
    render: renderRental,
  }),
  ownRoute({
    method: 'POST',
    path: '/rentals/:rental/reclaim',
    tag,
    summary: 'Undo a release within its window: owner, price, tags and assignments are as before',
    params,
    query: Type.Object({ assignments: Type.Optional(oneOf(['restore', 'leave'])) }, closed),
    reply: named(
      'ReclaimedRental',
      Type.Object({
        id: Type.String(),
        number: Type.String(),
        state: Type.String(),
        currency: Type.String(),
        charged_minor: Type.Integer({ description: 'Rent for cycles that fell due since the release' }),
        refunded_minor: Type.Integer({ description: 'The release fee that came back' }),
      }),
    ),
    read: (asked) => ({
      ...rentalNamed(asked),
      assignments: asked.query.assignments ?? ('restore' as const),
    }),
    verb: reclaimNumber,
    render: (reclaimed, asked) => ({
      id: asked.params.rental,
      number: e164Of(reclaimed.numberId),
      state: reclaimed.state,
      currency: reclaimed.currency,
      charged_minor: reclaimed.chargedMinor,
      refunded_minor: reclaimed.refundedMinor,
    }),
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'releaseRental',
    path: '/rentals/:rental',
    tag,
    summary: 'Release a number: after the reclaim window, at the end of what is paid, or now',
    params,
    query: Type.Object(
      {
        leaves: Type.Optional(oneOf(['after_window', 'after_cancel_window', 'end_of_cycle', 'now'])),
      },
      closed,
    ),
    reply: named(
      'ReleasedRental',
      Type.Object({
        id: Type.String(),
        number: Type.String(),
        state: Type.String(),
        released_at: Timestamp,
        reclaim_until: Timestamp,
        fee_minor: Type.Integer({ description: 'What the release has cost' }),
      }),
    ),
    read: (asked) => ({
      ...rentalNamed(asked),
      leaves: asked.query.leaves ?? ('after_window' as const),
      again: 'refuse' as const,
    }),
    verb: releaseNumber,
    render: (released, asked) => ({
      id: asked.params.rental,
      number: e164Of(released.numberId),
      state: released.state,
      released_at: released.releasedAt,
      reclaim_until: released.reclaimUntil,
      fee_minor: released.feeMinor,
    }),
  }),
];

function rentalNamed(asked: { readonly params: { readonly rental: string } }) {
  return { rentalId: readId('rental', asked.params.rental) };
}
