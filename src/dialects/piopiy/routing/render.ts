import { e164Of } from '../../../core/number-id.js';
import { spellAgentId } from '../ids.js';
import { routeType } from './read.js';

/** Contract 9. */
export function renderConnected(made: { readonly numberId: number; readonly agentId: number }) {
  return {
    phone_number: e164Of(made.numberId),
    route_type: routeType,
    agent_id: spellAgentId(made.agentId),
    status: 'connected',
  };
}
