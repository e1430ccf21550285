import { numberIdOf } from '../../../core/number-id.js';
import { invalid, objectBody, requiredField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { digitsNamed } from '../parse.js';

export const routeType = 'ai_agent';

/** A number (not its id) and the name of an agent. Raises missing_input, invalid_input. */
export function connectionOf(asked: Asked) {
  const body = objectBody(asked.body);
  const { digits, agent } = readAll({
    digits: () => digitsNamed('phone_number', requiredField(body, 'phone_number')),
    type: () => checkRouteType(requiredField(body, 'route_type')),
    agent: () => requiredField(body, 'agent_id'),
  });
  return { numberId: numberIdOf(digits, accountAsked(asked).environment), agent };
}

function checkRouteType(text: string): void {
  if (text !== routeType) throw invalid('route_type', `must be ${routeType}`);
}
