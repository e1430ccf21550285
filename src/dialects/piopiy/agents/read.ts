import { objectBody, requiredField, textField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { agentIdNamed } from '../ids.js';

/** Raises missing_input, invalid_input. */
export function newAgentOf(asked: Asked) {
  const body = objectBody(asked.body);
  return readAll({
    name: () => requiredField(body, 'name'),
    language: () => textField(body, 'language'),
  });
}

/** Raises not_found for what is no agent's id. */
export function agentNamed({ params }: Asked): { readonly agentId: number } {
  return { agentId: agentIdNamed(params['id'] ?? '') };
}
