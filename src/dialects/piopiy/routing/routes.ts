import { actingAccount } from '../../../core/authority/index.js';
import { domainError } from '../../../core/errors.js';
import { e164Of, numberIdOf } from '../../../core/number-id.js';
import { getRentalByNumber } from '../../../core/rentals/index.js';
import { assignRental } from '../../../core/routing/index.js';
import { agentIdNamed, spellAgentId } from '../ids.js';
import type { WireRoute } from '../../../http/wire.js';
import { objectBody, requiredField } from '../../../http/body.js';
import { digitsNamed } from '../parse.js';

const routeType = 'ai_agent';

/** Contract 9: connects a number (not its id) to an agent. */
export const routingRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/phone-number-routing',
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const digits = digitsNamed('phone_number', requiredField(body, 'phone_number'));
      if (requiredField(body, 'route_type') !== routeType) {
        throw domainError('invalid_input', { field: 'route_type', reason: `must be ${routeType}` });
      }
      const agentName = requiredField(body, 'agent_id');
      const numberId = numberIdOf(digits, actingAccount(ctx).environment);
      const rental = await getRentalByNumber({ ctx, input: { numberId } });
      const agentId = agentIdNamed(agentName);
      const target = { kind: 'agent', id: agentId } as const;
      await assignRental({ ctx, input: { rentalId: rental.id, target, replace: 'allow' } });
      return {
        phone_number: e164Of(numberId),
        route_type: routeType,
        agent_id: spellAgentId(agentId),
        status: 'connected',
      };
    },
  },
];
