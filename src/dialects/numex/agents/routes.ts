import { Type } from 'typebox';
import {
  targetNameLengthMax,
  createAgent,
  deleteAgent,
  getAgent,
  listAgents,
  updateAgent,
} from '../../../core/routing/index.js';
import type { AgentRow } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Deleted, named, pageOf, PageQuery, Timestamp } from '../schemas.js';

const agentProperties = {
  id: Type.String(),
  name: Type.String(),
  language: Type.Union([Type.String(), Type.Null()]),
  voice: Type.Union([Type.String(), Type.Null()]),
  status: Type.String(),
  created_at: Timestamp,
};
const AgentShape = named('Agent', Type.Object(agentProperties));
const NewAgentShape = named(
  'NewAgent',
  Type.Object({
    ...agentProperties,
    token: Type.Union([Type.String(), Type.Null()], {
      description: 'Shown once; null when the answer is a replay',
    }),
  }),
);
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
  ownRoute({
    method: 'POST',
    path: '/agents',
    tag,
    summary: 'Make an agent that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, ...optionalFields }, closed),
    reply: NewAgentShape,
    read: ({ body }) => body,
    verb: createAgent,
    render: ({ agentId, createdAt, ...made }) => ({
      id: spellId('agent', agentId),
      ...made,
      created_at: createdAt,
    }),
  }),
  ownRoute({
    method: 'GET',
    path: '/agents',
    tag,
    summary: 'The account’s agents, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AgentShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'agents', 0), limit: rowsFor(query) }),
    verb: listAgents,
    render: (rows, { query }) => renderPage(rows, query, 'agents', render),
  }),
  ownRoute({
    method: 'GET',
    path: '/agents/:agent',
    tag,
    summary: 'One agent',
    params,
    reply: AgentShape,
    read: agentNamed,
    verb: getAgent,
    render,
  }),
  ownRoute({
    method: 'PATCH',
    path: '/agents/:agent',
    tag,
    summary: 'Change an agent; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalFields }, closed),
    reply: AgentShape,
    read: (asked) => ({ ...agentNamed(asked), changes: asked.body }),
    verb: updateAgent,
    render,
  }),
  ownRoute({
    method: 'DELETE',
    path: '/agents/:agent',
    tag,
    summary: 'Delete an agent; numbers assigned to it are assigned to nothing',
    params,
    reply: Deleted,
    read: agentNamed,
    verb: deleteAgent,
    render: (_deleted, asked) => ({ id: asked.params.agent, deleted: true }),
  }),
];

function agentNamed(asked: { readonly params: { readonly agent: string } }) {
  return { agentId: readId('agent', asked.params.agent) };
}

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
