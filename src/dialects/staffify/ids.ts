import { domainError } from '../../core/errors.js';
import type { ResourceKind } from '../../core/errors.js';
import { readWord, spellWord } from '../../lib/ids.js';

/** Ids on this wire are the row ids themselves; an agent has a public one as well. */

const integer = /^[1-9]\d{0,15}$/;

/** Reads the id in a path. Raises not_found for what is no id (contract 4.2). */
export function idNamed(kind: ResourceKind, text: string): number {
  const id = readInteger(text);
  if (id === undefined) throw domainError('not_found', { kind, id: text });
  return id;
}

function readInteger(text: string): number | undefined {
  const id = integer.test(text) ? Number(text) : undefined;
  return id !== undefined && Number.isSafeInteger(id) ? id : undefined;
}

const agentPrefix = 'agent_';

export function spellAgentId(agentId: number): string {
  return spellWord(agentPrefix, agentId);
}

/** An agent by its number or its public id. Raises not_found (agent). */
export function agentIdNamed(text: string): number {
  return readWord(agentPrefix, text) ?? idNamed('agent', text);
}
