import type { AgentFields } from '../../../core/routing/index.js';
import { objectBody, textField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { agentIdNamed } from '../ids.js';
import { requiredText } from '../parse.js';

/** Raises not_found for what is no agent's id. */
export function agentNamed({ params }: Asked): { readonly agentId: number } {
  return { agentId: agentIdNamed(params['agentId'] ?? '') };
}

/** Raises invalid_input, missing_input. */
export function newAgentOf(asked: Asked) {
  const body = objectBody(asked.body);
  return readAll({
    name: () => requiredText(body, 'name'),
    language: () => textField(body, 'language'),
    voice: () => textField(body, 'voice'),
  });
}

/** What is given; null takes language or voice away. Raises invalid_input, missing_input. */
export function changesOf(asked: Asked): Partial<AgentFields> {
  const body = objectBody(asked.body);
  return readAll({
    ...(body['name'] === undefined ? {} : { name: () => requiredText(body, 'name') }),
    ...(body['language'] === undefined ? {} : { language: () => textField(body, 'language') ?? null }),
    ...(body['voice'] === undefined ? {} : { voice: () => textField(body, 'voice') ?? null }),
  });
}
