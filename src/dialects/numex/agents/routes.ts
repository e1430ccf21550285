import { Type } from 'typebox';
import { domainError } from '../../../core/errors.js';
import {
  targetNameLengthMax,
  createAgent,
  deleteAgent,
  getAgent,
  listAgents,
  updateAgent,
} from '../../../core/routing/index.js';
import type { AgentRow } from '../../../core/routing/index.js';
import { decodeCursor, encodeCursor } from '../../../lib/cursor.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { closed, pageOf, PageQuery, Timestamp } from '../schemas.js';

const agentProperties = {
  id: Type.String(),
  name: Type.String(),
  language: Type.Union([Type.String(), Type.Null()]),
  voice: Type.Union([Type.String(), Type.Null()]),
  status: Type.String(),
  created_at: Timestamp,
};
const AgentShape = Type.Object(agentProperties);
const NewAgentShape = Type.Object({
  ...agentProperties,
  token: Type.Union([Type.String(), Type.Null()], {
    description: 'Shown once; null when the answer is a replay',
  }),
});
const Name = Type.String({ minLength: 1, maxLength: targetNameLengthMax });
const optionalFields = {
  language: Type.Optional(
    Type.Union([Type.String({ maxLength: 35, description: 'BCP 47 tag', examples: ['en-US'] }), Type.Null()]),
  ),
  voice: Type.Optional(Type.Union([Type.String({ maxLength: targetNameLengthMax }), Type.Null()])),
};
const params = Type.Object({ agent: Type.String() });
const tag = 'Agents';

export const agentRoutes = [
  route({
    method: 'POST',
    path: '/agents',
    tag,
    summary: 'Make an agent that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, ...optionalFields }, closed),
    reply: NewAgentShape,
    answer: async (ctx, { body }) => {
      const { agentId, createdAt, ...made } = await createAgent({ ctx, input: body });
      return { id: spellId('agent', agentId), ...made, created_at: createdAt };
    },
  }),
  route({
    method: 'GET',
    path: '/agents',
    tag,
    summary: 'The account’s agents, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AgentShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? 50;
      const position = query.cursor === undefined ? [0] : decodeCursor(query.cursor, 'agents');
      if (!Array.isArray(position)) {
        throw domainError('invalid_input', { field: 'cursor', reason: 'is not a cursor of this list' });
      }
      const rows = await listAgents({ ctx, input: { afterId: position[0] ?? 0, limit: limit + 1 } });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { data: page.map(render), next_cursor: last ? encodeCursor([last.id], 'agents') : null };
    },
  }),
  route({
    method: 'GET',
    path: '/agents/:agent',
    tag,
    summary: 'One agent',
    params,
    reply: AgentShape,
    answer: async (ctx, asked) =>
      render(await getAgent({ ctx, input: { agentId: readId('agent', asked.params.agent) } })),
  }),
  route({
    method: 'PATCH',
    path: '/agents/:agent',
    tag,
    summary: 'Change an agent; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalFields }, closed),
    reply: AgentShape,
    answer: async (ctx, asked) => {
      const agentId = readId('agent', asked.params.agent);
      return render(await updateAgent({ ctx, input: { agentId, changes: asked.body } }));
    },
  }),
  route({
    method: 'DELETE',
    path: '/agents/:agent',
    tag,
    summary: 'Delete an agent; numbers assigned to it are assigned to nothing',
    params,
    reply: Type.Object({ id: Type.String(), deleted: Type.Boolean() }),
    answer: async (ctx, asked) => {
      await deleteAgent({ ctx, input: { agentId: readId('agent', asked.params.agent) } });
      return { id: asked.params.agent, deleted: true };
    },
  }),
];

function render(row: AgentRow) {
  return {
    id: spellId('agent', row.id),
    name: row.name,
    language: row.language,
    voice: row.voice,
    status: row.status,
    created_at: row.createdAt.toISOString(),
  };
}
