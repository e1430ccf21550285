import { createHash, randomBytes } from 'node:crypto';
import { digitsOf } from '../../core/number-id.js';
import { idNamed, longNumberIds, namesFrom, uuidIds } from '../../http/ids.js';
import type { NameThing } from '../../http/ids.js';
import { spellUuid } from '../../lib/ids.js';

/** Ids on this wire: UUIDs, and 17 digits for applications. A number's own id is the same under every holder. */

const numbers = uuidIds('number');
const trunks = uuidIds('trunk');
const transfers = uuidIds('transfer');
const wallets = uuidIds('wallet');
const applications = longNumberIds;

export function spellNumberId(numberId: number): string {
  return numbers.spell(digitsOf(numberId));
}

/** The digits of the number that spellNumberId wrote. */
export function readNumberDigits(text: string): number | undefined {
  return numbers.read(text);
}

/** Of the hour or day in which the snapshot begins; nothing is looked up by it. */
export function spellSnapshotId(numberId: number, startsAt: Date): string {
  const digest = createHash('sha256')
    .update(`${digitsOf(numberId)}:${startsAt.toISOString()}`)
    .digest();
  return spellUuid('snapshot', digest.readUIntBE(0, 6));
}

export function spellTrunkId(id: number): string {
  return trunks.spell(id);
}

/** Raises not_found (trunk) for what is no trunk's id. */
export function trunkIdNamed(text: string): number {
  return idNamed(trunks, 'trunk', text);
}

/** Where a new trunk is reached: a label of its own, as trunks have no other here. */
export function newTrunkDomain(): string {
  return `${randomBytes(6).toString('hex')}.sip.numex.local`;
}

export const spellApplicationId = applications.spell;

/** Raises not_found (application) for what is no application's id. */
export function applicationIdNamed(text: string): number {
  return idNamed(applications, 'application', text);
}

export function spellTransferId(id: number): string {
  return transfers.spell(id);
}

export function readTransferId(text: string): number | undefined {
  return transfers.read(text);
}

export function spellWalletId(id: number): string {
  return wallets.spell(id);
}

/** The number that stands beside an auth id; nothing is looked up by it. */
export function spellAccountId(id: number): string {
  return String(id);
}

const names = namesFrom({ trunk: trunks, application: applications });

/** A rental has no id here: it is the number that the path has. */
export const nameOf: NameThing = (kind, id, request) => {
  const { number } = request.params as { readonly number?: string };
  if (number !== undefined && (kind === 'rental' || kind === 'assignment')) return number;
  return names(kind, id, request);
};
