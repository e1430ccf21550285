import { Type } from 'typebox';
import { buyNumbers, getOrder, orderLinesMax } from '../../../core/sales/index.js';
import type { LineResult } from '../../../core/sales/index.js';
import { e164Of } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import { obstacleOf } from '../errors.js';
import { readId, spellId, spellNumberId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { lineOf, LineProperties } from '../line.js';
import { RefusedLine } from '../problems.js';
import { closed, Currency, named, oneOf, PriceShape, Timestamp } from '../schemas.js';

const BoughtLine = named(
  'BoughtLine',
  Type.Object({
    ok: Type.Literal(true),
    number: Type.String(),
    number_id: Type.String(),
    rental_id: Type.String(),
    state: oneOf(['active', 'awaiting_registration']),
    price: PriceShape,
    started_at: Timestamp,
    next_charge_at: Timestamp,
  }),
);
const OrderMode = oneOf(['all_or_nothing', 'best_effort']);
const OrderShape = named(
  'Order',
  Type.Object({
    id: Type.String(),
    mode: OrderMode,
    placed_at: Timestamp,
    results: Type.Array(named('LineResult', Type.Union([BoughtLine, RefusedLine]))),
  }),
);
const tag = 'Orders';

export const orderRoutes = [
  ownRoute({
    method: 'POST',
    operationId: 'buyNumbers',
    path: '/orders',
    tag,
    summary: 'Buy one or several numbers from the wallet',
    status: 201,
    body: named(
      'NewOrder',
      Type.Object(
        {
          lines: Type.Array(named('OrderLine', Type.Object(LineProperties, closed)), {
            minItems: 1,
            maxItems: orderLinesMax,
          }),
          mode: Type.Optional(OrderMode),
          currency: Type.Optional(Currency),
          address_id: Type.Optional(
            Type.String({
              maxLength: 40,
              description: 'Register the numbers with this address; without it, with any that fits',
            }),
          ),
          unmet_requirements: Type.Optional(
            oneOf(
              ['refuse', 'await'],
              'Refuse numbers that need registration (default), or rent them awaiting it',
            ),
          ),
        },
        closed,
      ),
    ),
    reply: OrderShape,
    read: ({ body, account }) => ({
      lines: body.lines.map((line) => lineOf(accountAsked({ account }), line)),
      mode: body.mode ?? ('all_or_nothing' as const),
      currency: body.currency,
      addressId: body.address_id === undefined ? undefined : readId('address', body.address_id),
      unmetRequirements: body.unmet_requirements ?? ('refuse' as const),
    }),
    verb: buyNumbers,
    render: ({ orderId, mode, placedAt, results }) => render(orderId, mode, placedAt, results),
  }),
  ownRoute({
    method: 'GET',
    path: '/orders/:order',
    tag,
    summary: 'An order with the result of each line',
    params: Type.Object({ order: Type.String() }),
    reply: OrderShape,
    read: ({ params }) => ({ orderId: readId('order', params.order) }),
    verb: getOrder,
    render: ({ id, mode, createdAt, results }) => render(id, mode, createdAt.toISOString(), results),
  }),
];

function render(id: number, mode: string, placedAt: string, results: readonly LineResult[]) {
  return { id: spellId('order', id), mode, placed_at: placedAt, results: results.map(renderLine) };
}

function renderLine(result: LineResult) {
  const { numberId } = result;
  const named = {
    number: numberId === null ? null : e164Of(numberId),
    number_id: numberId === null ? null : spellNumberId(numberId),
  };
  if (!result.ok) {
    return { ok: false, ...named, error: obstacleOf(result.error) };
  }
  return {
    ok: true,
    ...named,
    rental_id: spellId('rental', result.rentalId),
    state: result.state,
    price: {
      currency: result.currency,
      setup_minor: result.setupMinor,
      recurring_minor: result.recurringMinor,
      cycle: result.cycle,
    },
    started_at: result.startedAt,
    next_charge_at: result.nextChargeAt,
  };
}
