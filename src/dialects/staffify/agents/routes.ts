import { createAgent, deleteAgent, getAgent, listAgents, renameAgent } from '../../../core/routing/index.js';
import type { AgentRow } from '../../../core/routing/index.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { agentIdNamed, spellAgentId } from '../ids.js';
import { cut, pageOf } from '../paging.js';
import { objectBody, requiredText, textField } from '../parse.js';

const path = '/agents/:agentId';

/** Contract 6.3, as far as numbers need agents. */
export const agentRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/agents',
    status: 201,
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const input = { name: requiredText(body, 'name'), language: textField(body, 'language') };
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
      const name = requiredText(objectBody(body), 'name');
      return render(await renameAgent({ ctx, input: { agentId, name } }));
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

function render(agent: AgentRow) {
  return {
    public_id: spellAgentId(agent.id),
    id: agent.id,
    name: agent.name,
    language: agent.language,
    status: agent.status,
    created_at: agent.createdAt.toISOString(),
  };
}
