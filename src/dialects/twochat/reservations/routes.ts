import { getGroup, getGroups } from '../../../core/catalogue/index.js';
import { listRequirements, requirementOf } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { cancelReservation, listReservations, reserveNumber } from '../../../core/sales/index.js';
import { numberIdOf } from '../../../core/number-id.js';
import { spellUuid } from '../../../lib/ids.js';
import type { WireRoute } from '../../../http/wire.js';
import { reservationIdOf } from '../ids.js';
import { objectBody } from '../../../http/body.js';
import { numberField, textField } from '../parse.js';
import { pricesFor } from '../wallet.js';
import { renderHold, renderNewHold } from './response.js';

/** Contract 8: holds. */
export const reservationRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/numbers/reservations',
    status: 201,
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const groupId = textField(body, 'group_id');
      if (groupId === undefined) throw domainError('missing_input', { field: 'group_id' });
      const digits = numberField(body, 'number');
      const group = await getGroup({ ctx, input: { group: groupId } });
      const { environment } = actingAccount(ctx);
      const numberId = digits === undefined ? undefined : numberIdOf(digits, environment);
      const hold = await reserveNumber({ ctx, input: { line: { groupId: group.id, numberId } } });
      return { success: true, data: { reservation_details: renderNewHold(hold) } };
    },
  },
  {
    method: 'GET',
    path: '/numbers/reservations',
    answer: async (ctx) => {
      const holds = await listReservations({ ctx });
      const groups = await getGroups({ ctx, input: { ids: holds.map((hold) => hold.groupId) } });
      const shelves = [...groups.values()];
      const [prices, requirements] = await Promise.all([
        pricesFor(ctx, shelves),
        requirementsOf(ctx, shelves),
      ]);
      return {
        success: true,
        data: {
          reservations: holds.flatMap((hold) => {
            const group = groups.get(hold.groupId);
            if (!group) return [];
            const requirement = requirementOf(requirements, group.country, group.type);
            return [renderHold(hold, group, prices.get(group.id), requirement)];
          }),
        },
      };
    },
  },
  {
    method: 'DELETE',
    path: '/numbers/reservations/:uuid',
    answer: async (ctx, { params }) => {
      const reservationId = reservationIdOf(params['uuid'] ?? '');
      await cancelReservation({ ctx, input: { reservationId } });
      return {
        success: true,
        message: `Reservation ${spellUuid('reservation', reservationId)} cancelled successfully`,
      };
    },
  },
];

async function requirementsOf(
  ctx: RootContext,
  groups: readonly { readonly country: string }[],
): Promise<Requirement[]> {
  const countries = [...new Set(groups.map((group) => group.country))];
  const lists = await Promise.all(countries.map((country) => listRequirements({ ctx, input: { country } })));
  return lists.flat();
}
