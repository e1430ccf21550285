import type { Group } from '../../../core/catalogue/index.js';
import type { Price } from '../../../core/billing/index.js';
import type { Context } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import type { RentalRow } from '../../../core/rentals/index.js';
import { agentNames, assignmentsOf } from '../../../core/routing/index.js';
import { majorNumber } from '../../../lib/money.js';
import { areaCodeCountries, cityCodeOf } from './city-code.js';
import { wireTypeOf } from './types.js';

/** A number for sale (contract 2.1). */
export function renderFound(found: FoundNumber, group: Group, callingCode: string, price: Price) {
  const { country, type } = found;
  const local = type === 'local';
  const place = areaCodeCountries.has(country)
    ? { area_code: local ? e164Of(found.id).slice(2, 5) : null }
    : { city_code: local ? cityCodeOf(country, group.dialPrefix, callingCode) : null };
  return {
    phone_number: e164Of(found.id),
    country_code: country,
    number_type: wireTypeOf(type),
    ...place,
    locality: local && group.location !== '' ? group.location : null,
    monthly_cost: majorNumber(price.recurringMinor, price.currency),
    currency: price.currency,
  };
}

/** Owned numbers with the agents they are assigned to (contract 3). */
export async function renderOwned(ctx: Context, rows: readonly RentalRow[]) {
  const assignments = await assignmentsOf({ ctx, input: { rentalIds: rows.map((row) => row.id) } });
  const agentOf = (row: RentalRow): number | undefined =>
    assignments.get(row.id)?.find((assignment) => assignment.kind === 'agent')?.targetId;
  const agentIds = rows.flatMap((row) => agentOf(row) ?? []);
  const names = await agentNames({ ctx, input: { agentIds } });
  return rows.map((row) => {
    const agentId = agentOf(row) ?? null;
    const pending = row.state === 'pending_release';
    return {
      id: row.id,
      phone_number: e164Of(row.numberId),
      status: pending ? 'pending_release' : 'active',
      agent_id: agentId,
      agent_name: agentId === null ? null : (names.get(agentId) ?? null),
      tags: row.tags,
      ...(pending ? { reclaim_before: row.reclaimUntil?.toISOString() } : {}),
    };
  });
}
