import type { Sql } from '../../database/connection.js';
import type { Account } from '../authority/index.js';
import { domainError } from '../errors.js';
import { policyValue } from '../policies/index.js';
import { openStatuses } from './address.js';
import type { AddressRow } from './address-store.js';
import { documentsPerAddressMax } from './document.js';
import { addDocumentBytes, countDocuments, findDocumentBytes } from './documents-store.js';

/** Documents of an account and its sub-accounts are counted together, so that nobody has more room by having more accounts. */
export function familyOf({ id, parentId }: Account): number {
  return parentId ?? id;
}

/** Raises wrong_state for an address that takes no documents now. */
export function mustBeOpen({ id, status }: AddressRow): void {
  if (openStatuses.includes(status)) return;
  throw domainError('wrong_state', { kind: 'address', id: String(id), state: status, allowed: openStatuses });
}

/** Raises forbidden for an address that has as many documents as it may have. */
export async function mustHaveRoom(sql: Sql, addressId: number): Promise<void> {
  if ((await countDocuments(sql, addressId)) < documentsPerAddressMax) return;
  const reason = `This address has ${documentsPerAddressMax} documents, the most allowed`;
  throw domainError('forbidden', { reason });
}

/** Raises forbidden when the account's family has no room left at all. */
export async function mustHaveRoomInFamily(sql: Sql, account: Account): Promise<void> {
  const bytesMax = await policyValue(sql, 'document_bytes_per_account', account.environment);
  if ((await findDocumentBytes(sql, familyOf(account))) >= bytesMax) throw noRoom(bytesMax);
}

/** Counts bytes of a document against what the account's family may have. Raises forbidden when it does not fit. */
export async function takeRoom(sql: Sql, account: Account, byteCount: number): Promise<void> {
  const bytesMax = await policyValue(sql, 'document_bytes_per_account', account.environment);
  const isTaken = await addDocumentBytes(sql, familyOf(account), byteCount, bytesMax);
  if (!isTaken) throw noRoom(bytesMax);
}

function noRoom(bytesMax: number) {
  const reason = `The documents of this account would have more than ${bytesMax} bytes, the most allowed`;
  return domainError('forbidden', { reason });
}
