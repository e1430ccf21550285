import { Type } from 'typebox';
import type { Account } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import type { OrderLine } from '../../core/sales/index.js';
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

/** A line in core words. Raises missing_input when nothing is named, not_found for what cannot be an id. */
export function lineOf({ environment }: Account, body: LineBody): OrderLine {
  const maxPriceMinor = body.max_price_minor;
  if (body.reservation_id !== undefined) {
    return { reservationId: readId('reservation', body.reservation_id), maxPriceMinor };
  }
  const numberId = body.number === undefined ? undefined : readNumber(body.number, environment);
  if (numberId === undefined && body.group_id === undefined) {
    throw domainError('missing_input', { field: 'number, group_id or reservation_id' });
  }
  return { numberId, group: body.group_id, maxPriceMinor };
}
