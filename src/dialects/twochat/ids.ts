import { domainError } from '../../core/errors.js';
import { readUuid, spellUuid } from '../../lib/ids.js';

/** Spellings of ids on this wire (contract 9): three letters and a UUID. */

export function accountUuid(accountId: number): string {
  return `ACC${spellUuid('account', accountId)}`;
}

export function virtualNumberUuid(rentalId: number): string {
  return `DID${spellUuid('rental', rentalId)}`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Raises invalid_input for what is not `DID` and a UUID, not_found for a UUID that is none of ours. */
export function rentalIdOf(text: string): number {
  if (!text.startsWith('DID') || !uuid.test(text.slice(3))) {
    throw domainError('invalid_input', {
      field: 'virtual_number_uuid',
      reason: 'must be DID followed by a UUID',
    });
  }
  const id = readUuid('rental', text.slice(3));
  if (id === undefined) throw domainError('not_found', { kind: 'number', id: text });
  return id;
}

/** Raises not_found for what is no reservation's UUID. */
export function reservationIdOf(text: string): number {
  const id = readUuid('reservation', text);
  if (id === undefined) throw domainError('not_found', { kind: 'reservation', id: text });
  return id;
}
