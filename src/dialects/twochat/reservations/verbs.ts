import type { Price } from '../../../core/billing/index.js';
import { getGroups } from '../../../core/catalogue/index.js';
import type { Group } from '../../../core/catalogue/index.js';
import { listRequirements, requirementOf } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import type { RootContext } from '../../../core/context.js';
import { listEveryReservation } from '../../../core/sales/index.js';
import type { ReservationRow } from '../../../core/sales/index.js';
import { priceNumbers } from '../../../core/stock/index.js';
import { currencyFor } from '../wallet.js';

/** A hold with what the list shows of its number and group. */
export interface Hold {
  readonly reservation: ReservationRow;
  readonly group: Group;
  readonly price: Price | undefined;
  readonly requirement: Requirement;
}

/** The account's holds in force, oldest first. */
export async function listHolds({ ctx }: { ctx: RootContext }): Promise<Hold[]> {
  const reservations = await listEveryReservation({ ctx });
  const groups = await getGroups({ ctx, input: { ids: reservations.map((row) => row.groupId) } });
  const shelves = [...groups.values()];
  const numbers = reservations.flatMap(({ numberId: id, groupId }) => {
    const group = groups.get(groupId);
    // Whether it has a price of its own is not known here; if it has none, none is found.
    return group ? [{ id, groupId, country: group.country, type: group.type, hasOwnPrice: true }] : [];
  });
  const [prices, requirements] = await Promise.all([
    priceNumbers({ ctx, input: { numbers, currency: await currencyFor(ctx) } }),
    requirementsOf(ctx, shelves),
  ]);
  return reservations.flatMap((reservation) => {
    const group = groups.get(reservation.groupId);
    if (!group) return [];
    const requirement = requirementOf(requirements, group.country, group.type);
    return [{ reservation, group, price: prices.get(reservation.numberId), requirement }];
  });
}

async function requirementsOf(
  ctx: RootContext,
  groups: readonly { readonly country: string }[],
): Promise<Requirement[]> {
  const countries = [...new Set(groups.map((group) => group.country))];
  const lists = await Promise.all(countries.map((country) => listRequirements({ ctx, input: { country } })));
  return lists.flat();
}
