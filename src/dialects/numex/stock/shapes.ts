import { Type } from 'typebox';
import type { Price } from '../../../core/billing/index.js';
import { e164Of } from '../../../core/number-id.js';
import { stockStates } from '../../../core/stock/index.js';
import type { HistoryPart, HistoryRow, StockNumber } from '../../../core/stock/index.js';
import { spellId, spellNumberId } from '../ids.js';
import { named, oneOf, PriceShape, Timestamp } from '../schemas.js';

export const tag = 'Stock';

const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const TimeOrNull = Type.Union([Timestamp, Type.Null()]);
const IntegerOrNull = Type.Union([Type.Integer(), Type.Null()]);

const HolderShape = named('StockHolder', Type.Object({ account: Type.String(), name: Type.String() }));
const RentalShape = named(
  'StockRental',
  Type.Object({
    id: Type.String(),
    started_at: Timestamp,
    reclaim_until: TimeOrNull,
    price: PriceShape,
  }),
);

export const StockNumberShape = named(
  'StockNumber',
  Type.Object({
    id: Type.String(),
    number: Type.String(),
    environment: oneOf(['live', 'test']),
    group_id: Type.String(),
    country: Type.String(),
    type: Type.String(),
    region_id: IntegerOrNull,
    city_id: IntegerOrNull,
    location: Type.String(),
    features: Type.Array(Type.String()),
    state: oneOf(stockStates),
    held_until: TimeOrNull,
    rests_until: TimeOrNull,
    holder: Type.Union([HolderShape, Type.Null()], {
      description: 'Who rents or holds it',
    }),
    rental: Type.Union([RentalShape, Type.Null()]),
    own_prices: Type.Array(PriceShape, {
      description: 'Prices of this number, which beat those of price lists',
    }),
  }),
);

export function renderStockNumber(number: StockNumber) {
  const { rental } = number;
  return {
    id: spellNumberId(number.id),
    number: e164Of(number.id),
    environment: number.environment,
    group_id: number.group,
    country: number.country,
    type: number.type,
    region_id: number.regionId,
    city_id: number.cityId,
    location: number.location,
    features: number.features,
    state: number.state,
    held_until: number.heldUntil?.toISOString() ?? null,
    rests_until: number.restsUntil?.toISOString() ?? null,
    holder: number.holder,
    rental: rental && {
      id: spellId('rental', rental.id),
      started_at: rental.startedAt.toISOString(),
      reclaim_until: rental.reclaimUntil?.toISOString() ?? null,
      price: renderPrice(rental.price),
    },
    own_prices: number.ownPrices.map(renderPrice),
  };
}

export function renderPrice({ currency, setupMinor, recurringMinor, cycle }: Price) {
  return { currency, setup_minor: setupMinor, recurring_minor: recurringMinor, cycle };
}

export const HistoryShape = named(
  'NumberHistoryEntry',
  Type.Object({
    id: Type.String(),
    at: Type.String({ format: 'date-time', description: 'When it began or happened' }),
    account: TextOrNull,
    state: TextOrNull,
    until: TimeOrNull,
    facts: Type.Object({}, { additionalProperties: true, description: 'What only this part has' }),
  }),
);

const idKinds = { rentals: 'rental', holds: 'reservation', audit: 'entry' } as const;

export function renderHistoryRow(part: HistoryPart, { id, at, account, state, until, facts }: HistoryRow) {
  const spelled = part === 'moves' || part === 'calls' ? String(id) : spellId(idKinds[part], id);
  return { id: spelled, at: at.toISOString(), account, state, until: until?.toISOString() ?? null, facts };
}
