import type { AgentRow, CreatedAgent } from '../../../core/routing/index.js';
import { spellAgentId } from '../ids.js';

/** The token is shown by the request that makes it. */
export function renderNewAgent({ agentId, name, status, token }: CreatedAgent) {
  return { id: spellAgentId(agentId), name, status, agent_token: token };
}

export function renderAgent({ id, name, status }: AgentRow) {
  return { id: spellAgentId(id), name, status };
}

export function renderDeleted({ agentId }: { readonly agentId: number }) {
  return { id: spellAgentId(agentId), status: 'deleted' };
}
