import { Type } from 'typebox';
import {
  concurrentCallsLimit,
  createTrunk,
  deleteTrunk,
  getTrunk,
  listTrunks,
  targetNameLengthMax,
  updateTrunk,
} from '../../../core/routing/index.js';
import type { TrunkFields, TrunkRow } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';

const Name = Type.String({ minLength: 1, maxLength: targetNameLengthMax });
const Direction = oneOf(['inbound', 'outbound']);
const Domain = Type.String({ maxLength: 253, description: 'Host that calls are handed to' });
const CallsMax = Type.Integer({ minimum: 1, maximum: concurrentCallsLimit });

const TrunkShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  direction: Direction,
  domain: Type.String(),
  max_concurrent_calls: Type.Integer(),
  enabled: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const optionalFields = {
  direction: Type.Optional(Direction),
  max_concurrent_calls: Type.Optional(CallsMax),
  enabled: Type.Optional(Type.Boolean()),
};
const params = Type.Object({ trunk: Type.String() });
const path = '/trunks/:trunk';
const tag = 'Trunks and applications';
const concurrentCallsDefault = 10;

export const trunkRoutes = [
  route({
    method: 'POST',
    path: '/trunks',
    tag,
    summary: 'Make a SIP trunk that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, domain: Domain, ...optionalFields }, closed),
    reply: TrunkShape,
    answer: async (ctx, { body }) =>
      render(
        await createTrunk({
          ctx,
          input: {
            name: body.name,
            domain: body.domain,
            direction: body.direction ?? 'inbound',
            concurrentCallsMax: body.max_concurrent_calls ?? concurrentCallsDefault,
            enabled: body.enabled ?? true,
          },
        }),
      ),
  }),
  route({
    method: 'GET',
    path: '/trunks',
    tag,
    summary: 'The account’s trunks, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(TrunkShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'trunks', 0);
      const rows = await listTrunks({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'trunks');
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path,
    tag,
    summary: 'One trunk',
    params,
    reply: TrunkShape,
    answer: async (ctx, asked) =>
      render(await getTrunk({ ctx, input: { trunkId: readId('trunk', asked.params.trunk) } })),
  }),
  route({
    method: 'PATCH',
    path,
    tag,
    summary: 'Change a trunk; what is not given stays',
    params,
    body: Type.Object(
      { name: Type.Optional(Name), domain: Type.Optional(Domain), ...optionalFields },
      closed,
    ),
    reply: TrunkShape,
    answer: async (ctx, { params: { trunk }, body }) => {
      const { max_concurrent_calls: concurrentCallsMax, ...rest } = body;
      const changes: Partial<TrunkFields> = {
        ...rest,
        ...(concurrentCallsMax === undefined ? {} : { concurrentCallsMax }),
      };
      return render(await updateTrunk({ ctx, input: { trunkId: readId('trunk', trunk), changes } }));
    },
  }),
  route({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete a trunk; numbers that point at it point nowhere',
    params,
    reply: Type.Object({ id: Type.String(), deleted: Type.Boolean() }),
    answer: async (ctx, asked) => {
      await deleteTrunk({ ctx, input: { trunkId: readId('trunk', asked.params.trunk) } });
      return { id: asked.params.trunk, deleted: true };
    },
  }),
];

function render(row: TrunkRow) {
  return {
    id: spellId('trunk', row.id),
    name: row.name,
    direction: row.direction,
    domain: row.domain,
    max_concurrent_calls: row.concurrentCallsMax,
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
