import { Type } from 'typebox';
import { actingAccount } from '../../core/authority/index.js';
import { getGroup } from '../../core/catalogue/index.js';
import type { RootContext } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import { getReservedNumber } from '../../core/sales/index.js';
import type { DeskLine } from '../../core/sales/index.js';
import { readId, readNumber } from './ids.js';

/** One number to get, as orders and reservations spell it. */
export const LineProperties = {
  number: Type.Optional(Type.String({ maxLength: 40, description: 'E.164, or the id of the number' })),
  group_id: Type.Optional(Type.String({ maxLength: 100, description: 'Any number of this group' })),
  reservation_id: Type.Optional(Type.String({ maxLength: 40, description: 'The number of this hold' })),
  max_price_minor: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Refuse when the first charge is above this' }),
  ),
};

export interface LineBody {
  readonly number?: string;
  readonly group_id?: string;
  readonly reservation_id?: string;
  readonly max_price_minor?: number;
}

/** Raises missing_input when nothing is named, and not_found for what does not exist. */
export async function lineOf(ctx: RootContext, body: LineBody): Promise<DeskLine> {
  const { environment } = actingAccount(ctx);
  const maxPriceMinor = body.max_price_minor;
  if (body.reservation_id !== undefined) {
    const reservationId = readId('reservation', body.reservation_id);
    const numberId = await getReservedNumber({ ctx, input: { reservationId } });
    return { numberId, reservationId, maxPriceMinor };
  }
  const numberId = body.number === undefined ? undefined : readNumber(body.number, environment);
  const groupId =
    body.group_id === undefined ? undefined : (await getGroup({ ctx, input: { group: body.group_id } })).id;
  if (numberId === undefined && groupId === undefined) {
    throw domainError('missing_input', { field: 'number, group_id or reservation_id' });
  }
  return { numberId, groupId, maxPriceMinor };
}
