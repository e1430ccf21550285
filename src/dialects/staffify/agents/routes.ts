import { createAgent, deleteAgent, getAgent, listAgents, updateAgent } from '../../../core/routing/index.js';
import type { AgentFields, AgentRow } from '../../../core/routing/index.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { agentIdNamed, spellAgentId } from '../ids.js';
import { cut, pageOf } from '../paging.js';
import { objectBody, textField } from '../../../http/body.js';
import { requiredText } from '../parse.js';

const path = '/agents/:agentId';

/** Contract 6.3, as far as numbers need agents. */
export const agentRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/agents',
    status: 201,
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const input = {
        name: requiredText(body, 'name'),
        language: textField(body, 'language'),
        voice: textField(body, 'voice'),
      };
      const { agentId } = await createAgent({ ctx, input });
      return render(await getAgent({ ctx, input: { agentId } }));
    },
  },
  {
    method: 'GET',
    path: '/agents',
    answer: async (ctx, { query }) => {
      const { limit, beforeId } = pageOf(query);
      const rows = await listAgents({ ctx, input: { beforeId, limit: limit + 1 } });
      const { page, nextCursor } = cut(rows, limit);
      return { agents: page.map(render), next_cursor: nextCursor };
    },
  },
  {
    method: 'GET',
    path,
    answer: async (ctx, { params }) =>
      render(await getAgent({ ctx, input: { agentId: agentIdNamed(params['agentId'] ?? '') } })),
  },
  {
    method: 'PATCH',
    path,
    answer: async (ctx, { params, body }) => {
      const agentId = agentIdNamed(params['agentId'] ?? '');
      return render(await updateAgent({ ctx, input: { agentId, changes: changesOf(body) } }));
    },
  },
  {
    method: 'DELETE',
    path,
    answer: async (ctx, { params }) => {
      await deleteAgent({ ctx, input: { agentId: agentIdNamed(params['agentId'] ?? '') } });
      return new WireReply(undefined, { status: 204 });
    },
  },
];

/** What is given; null takes language or voice away. Raises invalid_input, missing_input. */
function changesOf(asked: unknown): Partial<AgentFields> {
  const body = objectBody(asked);
  return {
    ...(body['name'] === undefined ? {} : { name: requiredText(body, 'name') }),
    ...(body['language'] === undefined ? {} : { language: textField(body, 'language') ?? null }),
    ...(body['voice'] === undefined ? {} : { voice: textField(body, 'voice') ?? null }),
  };
}

function render(agent: AgentRow) {
  return {
    public_id: spellAgentId(agent.id),
    id: agent.id,
    name: agent.name,
    language: agent.language,
    voice: agent.voice,
    status: agent.status,
    created_at: agent.createdAt.toISOString(),
  };
}
