import { createHash, randomBytes } from 'node:crypto';
import { domainError } from '../../core/errors.js';
import { digitsOf } from '../../core/number-id.js';
import { readNumeric, readUuid, spellNumeric, spellUuid } from '../../lib/ids.js';
import { invalid } from '../../http/body.js';

/** Ids on this wire: UUIDs, and 17 digits for applications. A number's own id is the same under every holder. */

export function spellNumberId(numberId: number): string {
  return spellUuid('number', digitsOf(numberId));
}

/** The digits of the number that spellNumberId wrote. */
export function readNumberDigits(text: string): number | undefined {
  return readUuid('number', text);
}

/** Of the hour or day in which the snapshot begins; nothing is looked up by it. */
export function spellSnapshotId(numberId: number, startsAt: Date): string {
  const digest = createHash('sha256')
    .update(`${digitsOf(numberId)}:${startsAt.toISOString()}`)
    .digest();
  return spellUuid('snapshot', digest.readUIntBE(0, 6));
}

export function spellTrunkId(id: number): string {
  return spellUuid('trunk', id);
}

/** Raises not_found (trunk) for what is no trunk's id. */
export function trunkIdNamed(text: string): number {
  const id = readUuid('trunk', text);
  if (id === undefined) throw domainError('not_found', { kind: 'trunk', id: text });
  return id;
}

/** As trunkIdNamed. Raises invalid_input for what is no UUID at all. */
export function trunkIdGiven(field: string, text: string): number {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw invalid(field, 'must be a UUID');
  return trunkIdNamed(text);
}

/** Where a new trunk is reached: a label of its own, as trunks have no other here. */
export function newTrunkDomain(): string {
  return `${randomBytes(6).toString('hex')}.sip.numex.local`;
}

export const spellApplicationId = spellNumeric;

/** Raises not_found (application) for what is no application's id. */
export function applicationIdNamed(text: string): number {
  const id = readNumeric(text);
  if (id === undefined) throw domainError('not_found', { kind: 'application', id: text });
  return id;
}

export function spellTransferId(id: number): string {
  return spellUuid('transfer', id);
}

export function readTransferId(text: string): number | undefined {
  return readUuid('transfer', text);
}

export function spellWalletId(id: number): string {
  return spellUuid('wallet', id);
}

/** The number that stands beside an auth id; nothing is looked up by it. */
export function spellAccountId(id: number): string {
  return String(id);
}
