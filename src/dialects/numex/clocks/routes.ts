import { Type } from 'typebox';
import {
  advanceClock,
  attachAccount,
  clockNameLengthMax,
  createClock,
  listClocks,
} from '../../../core/clocks/index.js';
import type { TestClock } from '../../../core/clocks/index.js';
import { accountAsked } from '../../../http/route.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, named, pageOf, PageQuery, Timestamp } from '../schemas.js';

const ClockShape = named(
  'TestClock',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    now: Timestamp,
    created_at: Timestamp,
  }),
);
const tag = 'Test clocks';

export const clockRoutes = [
  ownRoute({
    method: 'POST',
    path: '/test-clocks',
    tag,
    summary:
      'A clock by which accounts of the test environment can live; it stands still until it is advanced',
    status: 201,
    body: Type.Object({ name: Type.String({ minLength: 1, maxLength: clockNameLengthMax }) }, closed),
    reply: ClockShape,
    read: (asked) => ({ owner: accountAsked(asked), name: asked.body.name }),
    verb: createClock,
    render,
  }),
  ownRoute({
    method: 'GET',
    path: '/test-clocks',
    tag,
    summary: 'The account’s clocks, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(ClockShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'test-clocks', 0), limit: rowsFor(query) }),
    verb: listClocks,
    render: (rows, { query }) => renderPage(rows, query, 'test-clocks', render),
  }),
  ownRoute({
    method: 'POST',
    path: '/test-clocks/:clock/advance',
    tag,
    summary: 'Move a clock forward; what falls due on the way has happened when the answer comes',
    params: Type.Object({ clock: Type.String() }),
    body: Type.Object({ to: Type.Unsafe<string>(Timestamp) }, closed),
    reply: ClockShape,
    read: ({ params, body }) => ({ clockId: readId('clock', params.clock), to: new Date(body.to) }),
    verb: advanceClock,
    render,
  }),
  ownRoute({
    method: 'PUT',
    path: '/test-clocks/:clock/accounts/:account',
    operationId: 'attachAccount',
    tag,
    summary: 'Put the account, or a sub-account of it, on a clock; it stays there',
    params: Type.Object({ clock: Type.String(), account: Type.String() }),
    reply: ClockShape,
    read: ({ params: { clock, account } }) => ({ clockId: readId('clock', clock), account }),
    verb: attachAccount,
    render,
  }),
];

function render({ id, name, now, createdAt }: TestClock) {
  return { id: spellId('clock', id), name, now, created_at: createdAt };
}
