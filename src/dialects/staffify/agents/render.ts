import type { AgentRow, CreatedAgent } from '../../../core/routing/index.js';
import { spellAgentId } from '../ids.js';
import { cut } from '../paging.js';

/** Contract 6.3. */
export function renderAgent(agent: Omit<AgentRow, 'accountId'>) {
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

export function renderNewAgent({ agentId, createdAt, name, language, voice, status }: CreatedAgent) {
  return renderAgent({ id: agentId, name, language, voice, status, createdAt: new Date(createdAt) });
}

export function renderAgentPage({ rows, limit }: { readonly rows: AgentRow[]; readonly limit: number }) {
  const { page, nextCursor } = cut(rows, limit);
  return { agents: page.map(renderAgent), next_cursor: nextCursor };
}
