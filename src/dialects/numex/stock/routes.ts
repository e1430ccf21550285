import { Type } from 'typebox';
import { countKeys, historyParts, numberHistory, stockStates } from '../../../core/stock/index.js';
import type { HistoryPart } from '../../../core/stock/index.js';
import { encodeCursor, pageOfRows } from '../../../http/paging.js';
import { readNumber } from '../ids.js';
import { ownRoute } from '../kit.js';
import { pageSizeDefault, positionsOf, rowsFor, timePositionOf, withoutPage } from '../paging.js';
import { closed, named, oneOf, pageOf, PageQuery } from '../schemas.js';
import { EnvironmentAsked, placeFilters, stockAsked, StockQuery } from './read.js';
import { HistoryShape, renderHistoryRow, renderStockNumber, StockNumberShape, tag } from './shapes.js';
import { countNamed, listNamed } from './verbs.js';

const CountQuery = Type.Object(
  { ...placeFilters, by: Type.Optional(oneOf(countKeys, 'All together without it')), ...PageQuery },
  closed,
);
const CountShape = named(
  'StockCount',
  Type.Object({
    key: Type.Union([Type.String(), Type.Null()], {
      description: 'Country, type, code of the region or id of the group',
    }),
    total: Type.Integer(),
    states: Type.Object(Object.fromEntries(stockStates.map((state) => [state, Type.Integer()]))),
  }),
);

const params = Type.Object({ number: Type.String() });

export const stockRoutes = [
  ownRoute({
    method: 'GET',
    operationId: 'listStock',
    path: '/stock',
    tag,
    summary: 'Numbers in whatever state, with their holders and prices of their own (admin key)',
    query: StockQuery,
    reply: pageOf(StockNumberShape),
    read: ({ query }) => ({
      ...stockAsked(query),
      limit: query.limit ?? pageSizeDefault,
      cursor: query.cursor,
    }),
    verb: listNamed,
    render: ({ numbers, nextCursor }) => ({ data: numbers.map(renderStockNumber), next_cursor: nextCursor }),
  }),
  ownRoute({
    method: 'GET',
    operationId: 'countStock',
    path: '/stock/counts',
    tag,
    summary: 'How many numbers there are by state, in total or by country, type, region or group (admin key)',
    query: CountQuery,
    reply: Type.Object({ ...pageOf(CountShape).properties, is_exact: Type.Boolean() }),
    read: ({ query }) => ({
      by: query.by,
      group: query.group_id,
      filters: {
        environment: query.environment ?? ('live' as const),
        country: query.country?.toUpperCase(),
        regionId: query.region_id,
        type: query.type,
      },
      afterKey: positionsOf(query.cursor, ['stock-counts', withoutPage(query)])?.[0],
      limit: rowsFor(query),
    }),
    verb: countNamed,
    render: ({ counts, isExact }, { query }) => {
      const { page, last } = pageOfRows(counts, query.limit ?? pageSizeDefault);
      return {
        data: page.map(({ name, total, states }) => ({ key: name, total, states })),
        next_cursor: last ? encodeCursor([last.key], ['stock-counts', withoutPage(query)]) : null,
        is_exact: isExact,
      };
    },
  }),
  ownRoute({
    method: 'GET',
    operationId: 'getStockNumber',
    path: '/stock/:number',
    tag,
    summary: 'A number and the latest of its rentals, holds, moves, calls and audit entries (admin key)',
    params,
    query: Type.Object({ environment: EnvironmentAsked }, closed),
    reply: Type.Object({
      ...StockNumberShape.properties,
      ...Object.fromEntries(historyParts.map((part) => [part, Type.Array(HistoryShape)])),
    }),
    read: ({ params, query }) => ({
      numberId: readNumber(params.number, query.environment ?? 'live'),
      limit: latestShown,
    }),
    verb: numberHistory,
    render: ({ number, parts }) => ({
      ...renderStockNumber(number),
      ...Object.fromEntries(
        historyParts.map((part) => [part, (parts[part] ?? []).map((row) => renderHistoryRow(part, row))]),
      ),
    }),
  }),
  ownRoute({
    method: 'GET',
    operationId: 'listNumberHistory',
    path: '/stock/:number/history',
    tag,
    summary: 'One part of a number’s past, newest first (admin key)',
    params,
    query: Type.Object({ environment: EnvironmentAsked, part: oneOf(historyParts), ...PageQuery }, closed),
    reply: pageOf(HistoryShape),
    read: ({ params, query }) => ({
      numberId: readNumber(params.number, query.environment ?? 'live'),
      part: query.part,
      after: timePositionOf(query.cursor, historyPrint(params.number, query)),
      limit: rowsFor(query),
    }),
    verb: numberHistory,
    render: ({ parts }, { params, query }) => {
      const { page, last } = pageOfRows(parts[query.part] ?? [], query.limit ?? pageSizeDefault);
      const position = last && [last.at.getTime(), last.id];
      return {
        data: page.map((row) => renderHistoryRow(query.part, row)),
        next_cursor: position ? encodeCursor(position, historyPrint(params.number, query)) : null,
      };
    },
  }),
];

/** Rows of each part that are shown with the number itself. */
const latestShown = 10;

function historyPrint(number: string, query: { readonly environment?: string; readonly part: HistoryPart }) {
  return ['stock-history', number, query.environment ?? 'live', query.part];
}
