import { createAgent, deleteAgent, listEveryAgent } from '../../../core/routing/index.js';
import { agentIdNamed, spellAgentId } from '../ids.js';
import type { WireRoute } from '../../../http/wire.js';
import { objectBody, requiredField, textField } from '../../../http/body.js';

/** Contract 9: the agents that numbers can be connected to. */
export const agentRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/ai-agents',
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const input = { name: requiredField(body, 'name'), language: textField(body, 'language') };
      const { agentId, name, status, token } = await createAgent({ ctx, input });
      return { id: spellAgentId(agentId), name, status, agent_token: token };
    },
  },
  {
    method: 'GET',
    path: '/ai-agents',
    answer: async (ctx) => ({
      data: (await listEveryAgent({ ctx })).map(({ id, name, status }) => ({
        id: spellAgentId(id),
        name,
        status,
      })),
    }),
  },
  {
    method: 'DELETE',
    path: '/ai-agents/:id',
    answer: async (ctx, { params }) => {
      const { agentId } = await deleteAgent({ ctx, input: { agentId: agentIdNamed(params['id'] ?? '') } });
      return { id: spellAgentId(agentId), status: 'deleted' };
    },
  },
];
