import { createAgent, deleteAgent, listEveryAgent } from '../../../core/routing/index.js';
import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { agentNamed, newAgentOf } from './read.js';
import { renderAgent, renderDeleted, renderNewAgent } from './render.js';

/** Contract 9: the agents that numbers can be connected to. */
export const agentRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/ai-agents',
    read: newAgentOf,
    verb: createAgent,
    render: renderNewAgent,
  }),
  wireRoute({
    method: 'GET',
    path: '/ai-agents',
    read: () => undefined,
    verb: listEveryAgent,
    render: (agents) => ({ data: agents.map(renderAgent) }),
  }),
  wireRoute({
    method: 'DELETE',
    path: '/ai-agents/:id',
    read: agentNamed,
    verb: deleteAgent,
    render: renderDeleted,
  }),
];
