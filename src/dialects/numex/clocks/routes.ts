import { Type } from 'typebox';
import { writingAccount } from '../../../core/authority/index.js';
import {
  advanceClock,
  attachAccount,
  clockNameLengthMax,
  createClock,
  listClocks,
} from '../../../core/clocks/index.js';
import type { TestClock } from '../../../core/clocks/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, pageOf, PageQuery, Timestamp } from '../schemas.js';

const ClockShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  now: Timestamp,
  created_at: Timestamp,
});
const tag = 'Test clocks';

export const clockRoutes = [
  route({
    method: 'POST',
    path: '/test-clocks',
    tag,
    summary:
      'A clock by which accounts of the test environment can live; it stands still until it is advanced',
    status: 201,
    body: Type.Object({ name: Type.String({ minLength: 1, maxLength: clockNameLengthMax }) }, closed),
    reply: ClockShape,
    answer: async (ctx, { body }) =>
      render(await createClock({ ctx, input: { owner: writingAccount(ctx), name: body.name } })),
  }),
  route({
    method: 'GET',
    path: '/test-clocks',
    tag,
    summary: 'The account’s clocks, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(ClockShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'test-clocks', 0);
      const rows = await listClocks({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'test-clocks');
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'POST',
    path: '/test-clocks/:clock/advance',
    tag,
    summary: 'Move a clock forward; what falls due on the way has happened when the answer comes',
    params: Type.Object({ clock: Type.String() }),
    body: Type.Object({ to: Type.Unsafe<string>(Timestamp) }, closed),
    reply: ClockShape,
    answer: async (ctx, { params, body }) =>
      render(
        await advanceClock({
          ctx,
          input: { clockId: readId('clock', params.clock), to: new Date(body.to) },
        }),
      ),
  }),
  route({
    method: 'PUT',
    path: '/test-clocks/:clock/accounts/:account',
    tag,
    summary: 'Put the account, or a sub-account of it, on a clock; it stays there',
    params: Type.Object({ clock: Type.String(), account: Type.String() }),
    reply: ClockShape,
    answer: async (ctx, { params }) =>
      render(
        await attachAccount({
          ctx,
          input: { clockId: readId('clock', params.clock), account: params.account },
        }),
      ),
  }),
];

function render({ id, name, now, createdAt }: TestClock) {
  return { id: spellId('clock', id), name, now, created_at: createdAt };
}
