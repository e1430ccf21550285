import { Type } from 'typebox';
import {
  addCurrency,
  exportPriceRules,
  importPriceRules,
  listPriceRules,
  removePriceRule,
  setPriceRule,
} from '../../../core/billing/index.js';
import { WireReply } from '../../../http/wire.js';
import { readId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor, withoutPage } from '../paging.js';
import { closed, CountryCode, Currency, pageOf, PageQuery } from '../schemas.js';
import { readList, readRuleBody } from './read.js';
import { ChangesShape, listParams, renderChanges, renderRule, RuleBody, RuleShape, tag } from './shapes.js';

/** A body is a megabyte at most, JSON around it included. */
const csvCharactersMax = 1_000_000;
const DryRun = Type.Optional(Type.Boolean({ default: false, description: 'Only say what would change' }));

export const ruleRoutes = [
  ownRoute({
    method: 'GET',
    operationId: 'listPriceRules',
    path: '/price-lists/:list/rules',
    tag,
    summary: 'A list’s own rules, those in force and planned, or all with history=true (admin key)',
    params: listParams,
    query: Type.Object(
      {
        currency: Type.Optional(Currency),
        country: Type.Optional(CountryCode),
        history: Type.Optional(Type.Boolean()),
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(RuleShape),
    read: ({ params, query }) => ({
      list: readList(params.list),
      currency: query.currency,
      country: query.country?.toUpperCase(),
      history: query.history,
      afterId: positionOf(query.cursor, [params.list, withoutPage(query)], 0),
      limit: rowsFor(query),
    }),
    verb: listPriceRules,
    render: (rules, { params, query }) =>
      renderPage(rules, query, [params.list, withoutPage(query)], renderRule),
  }),
  ownRoute({
    method: 'PUT',
    operationId: 'setPriceRule',
    path: '/price-lists/:list/rules',
    tag,
    summary:
      'Set the price of a scope, from now on or from an instant to come; no rental changes (admin key)',
    params: listParams,
    body: RuleBody,
    reply: ChangesShape,
    read: ({ params, body }) => ({ list: readList(params.list), ...readRuleBody(body) }),
    verb: setPriceRule,
    render: renderChanges,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'removePriceRule',
    path: '/price-lists/:list/rules/:rule',
    tag,
    summary: 'End a rule in force, or take back a planned one (admin key)',
    params: Type.Object({ ...listParams.properties, rule: Type.String() }),
    reply: ChangesShape,
    read: ({ params }) => ({ list: readList(params.list), ruleId: readId('price_rule', params.rule) }),
    verb: removePriceRule,
    render: renderChanges,
  }),
  ownRoute({
    method: 'GET',
    operationId: 'exportPriceRules',
    path: '/price-lists/:list/export',
    tag,
    summary: 'A list’s own rules in force and planned as CSV, amounts in major units (admin key)',
    params: listParams,
    produces: ['text/csv'],
    reply: Type.String(),
    read: ({ params }) => ({ list: readList(params.list) }),
    verb: exportPriceRules,
    render: (csv) =>
      new WireReply(csv, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="prices.csv"',
        },
      }),
  }),
  ownRoute({
    method: 'POST',
    operationId: 'importPriceRules',
    path: '/price-lists/:list/import',
    tag,
    summary:
      'Take in rules from a CSV as exported, all or none; a dry run says what would change (admin key)',
    params: listParams,
    body: Type.Object(
      {
        csv: Type.String({ maxLength: csvCharactersMax }),
        dry_run: DryRun,
        remove_absent: Type.Optional(
          Type.Boolean({ default: false, description: 'Take rules off the list that the CSV does not have' }),
        ),
      },
      closed,
    ),
    reply: ChangesShape,
    read: ({ params, body }) => ({
      list: readList(params.list),
      csv: body.csv,
      dryRun: body.dry_run ?? false,
      removeAbsent: body.remove_absent ?? false,
    }),
    verb: importPriceRules,
    render: renderChanges,
  }),
  ownRoute({
    method: 'POST',
    operationId: 'addPriceListCurrency',
    path: '/price-lists/:list/currencies',
    tag,
    summary: 'Sell in a further currency: each rule of another one, times a rate (admin key)',
    params: listParams,
    body: Type.Object(
      {
        currency: Currency,
        from: Currency,
        rate: Type.String({
          pattern: '^[0-9]{1,9}(\\.[0-9]{1,9})?$',
          description: 'What one of `from` is in the new currency',
          examples: ['0.79'],
        }),
        dry_run: DryRun,
      },
      closed,
    ),
    reply: ChangesShape,
    read: ({ params, body: { dry_run: dryRun = false, ...body } }) => ({
      list: readList(params.list),
      dryRun,
      ...body,
    }),
    verb: addCurrency,
    render: renderChanges,
  }),
];
