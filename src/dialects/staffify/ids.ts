import type { ResourceKind } from '../../core/errors.js';
import { eitherIds, idNamed as read, namesFrom, plainIds, wordIds } from '../../http/ids.js';

/** Ids on this wire are the row ids themselves; an agent has a public one as well. */

const publicAgents = wordIds('agent_');
const agents = eitherIds(plainIds, publicAgents);

/** Reads the id in a path. Raises not_found for what is no id (contract 4.2). */
export function idNamed(kind: ResourceKind, text: string): number {
  return read(plainIds, kind, text);
}

export function spellAgentId(agentId: number): string {
  return publicAgents.spell(agentId);
}

/** An agent by its number or its public id. Raises not_found (agent). */
export function agentIdNamed(text: string): number {
  return read(agents, 'agent', text);
}

export const nameOf = namesFrom({
  rental: plainIds,
  assignment: plainIds,
  address: plainIds,
  document: plainIds,
  endpoint: plainIds,
  agent: agents,
});
