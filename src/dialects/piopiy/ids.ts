import type { Environment } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import { readNumberId } from '../../core/number-id.js';
import { readWord, spellWord } from '../../lib/ids.js';

/** Ids on this wire: `num_…` belongs to the number and stays through purchase and release, `agent_…` to an agent. */

/** Raises not_found (number) for what is no number's id. */
export function numberIdNamed(text: string, environment: Environment): number {
  const id = readNumberId(text, environment);
  if (id === undefined) throw domainError('not_found', { kind: 'number', id: text });
  return id;
}

const agentPrefix = 'agent_';

export function spellAgentId(agentId: number): string {
  return spellWord(agentPrefix, agentId);
}

/** Raises not_found (agent) for what is no agent's id. */
export function agentIdNamed(text: string): number {
  const id = readWord(agentPrefix, text);
  if (id === undefined) throw domainError('not_found', { kind: 'agent', id: text });
  return id;
}
