import { domainError } from '../../core/errors.js';
import { idNamed, namesFrom, uuidIds } from '../../http/ids.js';

/** Spellings of ids on this wire (contract 9): three letters and a UUID; a reservation has the UUID alone. */

const accounts = uuidIds('account', 'ACC');
const virtualNumbers = uuidIds('rental', 'DID');
const reservations = uuidIds('reservation');

export const accountUuid = accounts.spell;
export const virtualNumberUuid = virtualNumbers.spell;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Raises invalid_input for what is not `DID` and a UUID, not_found for a UUID that is none of ours. */
export function rentalIdOf(text: string): number {
  if (!text.startsWith('DID') || !uuid.test(text.slice(3))) {
    throw domainError('invalid_input', {
      field: 'virtual_number_uuid',
      reason: 'must be DID followed by a UUID',
    });
  }
  return idNamed(virtualNumbers, 'number', text);
}

/** Raises not_found for what is no reservation's UUID. */
export function reservationIdOf(text: string): number {
  return idNamed(reservations, 'reservation', text);
}

export const nameOf = namesFrom({ rental: virtualNumbers, reservation: reservations, account: accounts });
