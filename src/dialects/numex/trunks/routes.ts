import { Type } from 'typebox';
import {
  callsPerSecondLimit,
  concurrentCallsLimit,
  createTrunk,
  deleteTrunk,
  getTrunk,
  listTrunks,
  settingsAfter,
  targetNameLengthMax,
  trunkTextLengthMax,
  updateTrunk,
  usualTrunk,
} from '../../../core/routing/index.js';
import type { TrunkChanges, TrunkRow } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Deleted, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { readSettings, renderSettings, SettingsInput, SettingsShape } from './settings.js';

const Name = Type.String({ minLength: 1, maxLength: targetNameLengthMax });
const Direction = oneOf(['inbound', 'outbound', 'both']);
const Domain = Type.String({ maxLength: 253, description: 'Host that calls are handed to' });
const CallsMax = Type.Integer({ minimum: 1, maximum: concurrentCallsLimit });

const RateMax = Type.Integer({ minimum: 0, maximum: callsPerSecondLimit });
const Description = Type.String({ maxLength: trunkTextLengthMax });

const TrunkShape = named(
  'Trunk',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    direction: Direction,
    domain: Type.String(),
    description: Type.String(),
    max_concurrent_calls: Type.Integer(),
    max_calls_per_second: Type.Integer(),
    enabled: Type.Boolean(),
    settings: SettingsShape,
    created_at: Timestamp,
    updated_at: Timestamp,
  }),
);
const optionalFields = {
  direction: Type.Optional(Direction),
  description: Type.Optional(Description),
  max_concurrent_calls: Type.Optional(CallsMax),
  max_calls_per_second: Type.Optional(RateMax),
  enabled: Type.Optional(Type.Boolean()),
  settings: Type.Optional(SettingsInput),
};
const params = Type.Object({ trunk: Type.String() });
const path = '/trunks/:trunk';
const tag = 'Trunks and applications';

export const trunkRoutes = [
  ownRoute({
    method: 'POST',
    path: '/trunks',
    tag,
    summary: 'Make a SIP trunk that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, domain: Domain, ...optionalFields }, closed),
    reply: TrunkShape,
    read: ({ body }) => {
      const { settings, ...fields } = readFields(body);
      const { name, domain } = body;
      return { ...usualTrunk, ...fields, name, domain, settings: settingsAfter({}, settings) };
    },
    verb: createTrunk,
    render,
  }),
  ownRoute({
    method: 'GET',
    path: '/trunks',
    tag,
    summary: 'The account’s trunks, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(TrunkShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'trunks', 0), limit: rowsFor(query) }),
    verb: listTrunks,
    render: (rows, { query }) => renderPage(rows, query, 'trunks', render),
  }),
  ownRoute({
    method: 'GET',
    path,
    tag,
    summary: 'One trunk',
    params,
    reply: TrunkShape,
    read: trunkNamed,
    verb: getTrunk,
    render,
  }),
  ownRoute({
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
    read: (asked) => ({ ...trunkNamed(asked), changes: readFields(asked.body) }),
    verb: updateTrunk,
    render,
  }),
  ownRoute({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete a trunk; numbers that point at it point nowhere',
    params,
    reply: Deleted,
    read: trunkNamed,
    verb: deleteTrunk,
    render: (_deleted, asked) => ({ id: asked.params.trunk, deleted: true }),
  }),
];

function trunkNamed(asked: { readonly params: { readonly trunk: string } }) {
  return { trunkId: readId('trunk', asked.params.trunk) };
}

interface GivenFields extends Partial<
  Pick<TrunkRow, 'name' | 'direction' | 'domain' | 'description' | 'enabled'>
> {
  readonly max_concurrent_calls?: number;
  readonly max_calls_per_second?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

function readFields(given: GivenFields): TrunkChanges {
  const {
    max_concurrent_calls: concurrentCallsMax,
    max_calls_per_second: callsPerSecondMax,
    ...rest
  } = given;
  return {
    ...rest,
    ...(concurrentCallsMax === undefined ? {} : { concurrentCallsMax }),
    ...(callsPerSecondMax === undefined ? {} : { callsPerSecondMax }),
    settings: readSettings(given.settings),
  };
}

function render(row: TrunkRow) {
  return {
    id: spellId('trunk', row.id),
    name: row.name,
    direction: row.direction,
    domain: row.domain,
    description: row.description,
    max_concurrent_calls: row.concurrentCallsMax,
    max_calls_per_second: row.callsPerSecondMax,
    enabled: row.enabled,
    settings: renderSettings(row.settings),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
