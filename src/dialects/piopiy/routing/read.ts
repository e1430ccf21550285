import { domainError } from '../../../core/errors.js';
import { numberIdOf } from '../../../core/number-id.js';
import { objectBody, requiredField } from '../../../http/body.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { digitsNamed } from '../parse.js';

export const routeType = 'ai_agent';

/** A number (not its id) and the name of an agent. Raises missing_input, invalid_input. */
export function connectionOf(asked: Asked) {
  const body = objectBody(asked.body);
  const digits = digitsNamed('phone_number', requiredField(body, 'phone_number'));
  if (requiredField(body, 'route_type') !== routeType) {
    throw domainError('invalid_input', { field: 'route_type', reason: `must be ${routeType}` });
  }
  const agent = requiredField(body, 'agent_id');
  return { numberId: numberIdOf(digits, accountAsked(asked).environment), agent };
}
