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
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { readSettings, renderSettings, SettingsInput, SettingsShape } from './settings.js';

const Name = Type.String({ minLength: 1, maxLength: targetNameLengthMax });
const Direction = oneOf(['inbound', 'outbound', 'both']);
const Domain = Type.String({ maxLength: 253, description: 'Host that calls are handed to' });
const CallsMax = Type.Integer({ minimum: 1, maximum: concurrentCallsLimit });

const RateMax = Type.Integer({ minimum: 0, maximum: callsPerSecondLimit });
const Description = Type.String({ maxLength: trunkTextLengthMax });

const TrunkShape = Type.Object({
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
});
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
  route({
    method: 'POST',
    path: '/trunks',
    tag,
    summary: 'Make a SIP trunk that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, domain: Domain, ...optionalFields }, closed),
    reply: TrunkShape,
    answer: async (ctx, { body }) => {
      const { settings, ...fields } = readFields(body);
      const { name, domain } = body;
      const input = { ...usualTrunk, ...fields, name, domain, settings: settingsAfter({}, settings) };
      return render(await createTrunk({ ctx, input }));
    },
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
      const input = { trunkId: readId('trunk', trunk), changes: readFields(body) };
      return render(await updateTrunk({ ctx, input }));
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
