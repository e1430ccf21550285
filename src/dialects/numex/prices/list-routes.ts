import { Type } from 'typebox';
import {
  changePriceList,
  createPriceList,
  getPriceList,
  listPriceLists,
  priceListNameLengthMax,
} from '../../../core/billing/index.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, pageOf, PageQuery } from '../schemas.js';
import { readInherit, readList } from './read.js';
import { InheritBody, listParams, PriceListShape, renderPriceList, tag } from './shapes.js';

const Name = Type.String({ minLength: 1, maxLength: priceListNameLengthMax });

export const listRoutes = [
  ownRoute({
    method: 'GET',
    path: '/price-lists',
    tag,
    summary: 'Price lists, oldest first (admin key)',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(PriceListShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'price-lists', 0), limit: rowsFor(query) }),
    verb: listPriceLists,
    render: (lists, { query }) => renderPage(lists, query, 'price-lists', renderPriceList),
  }),
  ownRoute({
    method: 'POST',
    path: '/price-lists',
    tag,
    summary: 'Make a price list: empty, as a copy, or one that inherits from another (admin key)',
    status: 201,
    body: Type.Object(
      {
        name: Name,
        clone_of: Type.Optional(Type.String({ maxLength: 200, description: 'Name or id' })),
        inherits: Type.Optional(InheritBody),
      },
      closed,
    ),
    reply: PriceListShape,
    read: ({ body }) => ({
      name: body.name,
      cloneOf: body.clone_of === undefined ? undefined : readList(body.clone_of),
      inherit: body.inherits && readInherit(body.inherits),
    }),
    verb: createPriceList,
    render: renderPriceList,
  }),
  ownRoute({
    method: 'GET',
    path: '/price-lists/:list',
    tag,
    summary: 'A price list by its name or id (admin key)',
    params: listParams,
    reply: PriceListShape,
    read: ({ params }) => ({ list: readList(params.list) }),
    verb: getPriceList,
    render: renderPriceList,
  }),
  ownRoute({
    method: 'PATCH',
    path: '/price-lists/:list',
    tag,
    summary: 'Rename a price list, or change what it inherits; null ends that (admin key)',
    params: listParams,
    body: Type.Object(
      { name: Type.Optional(Name), inherits: Type.Optional(Type.Union([InheritBody, Type.Null()])) },
      closed,
    ),
    reply: PriceListShape,
    read: ({ params, body }) => ({
      list: readList(params.list),
      name: body.name,
      inherit: body.inherits ? readInherit(body.inherits) : body.inherits,
    }),
    verb: changePriceList,
    render: renderPriceList,
  }),
];
