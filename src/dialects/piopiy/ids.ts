import type { Environment } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import { readNumberId } from '../../core/number-id.js';
import { idNamed, namesFrom, wordIds } from '../../http/ids.js';
import type { NameThing } from '../../http/ids.js';

/** Ids on this wire: `num_…` belongs to the number and stays through purchase and release, `agent_…` to an agent. */

const agents = wordIds('agent_');

/** Raises not_found (number) for what is no number's id. */
export function numberIdNamed(text: string, environment: Environment): number {
  const id = readNumberId(text, environment);
  if (id === undefined) throw domainError('not_found', { kind: 'number', id: text });
  return id;
}

export function spellAgentId(agentId: number): string {
  return agents.spell(agentId);
}

/** Raises not_found (agent) for what is no agent's id. */
export function agentIdNamed(text: string): number {
  return idNamed(agents, 'agent', text);
}

const names = namesFrom({ agent: agents });

/** A rental has no id here: it is the number that the path has. */
export const nameOf: NameThing = (kind, id, request) => {
  const given = request.params as { readonly id?: string };
  if (kind === 'number' || kind === 'rental') return given.id ?? (typeof id === 'string' ? id : undefined);
  return names(kind, id, request);
};
