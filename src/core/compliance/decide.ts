import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { addressDecisions } from './address.js';
import type { AddressDecision, AddressStatus } from './address.js';
import { markDecided } from './address-store.js';
import type { AddressRow } from './address-store.js';
import { recordAddress } from './record.js';

/** Contact names that an automatic decision does not simply approve, so that clients can try every outcome. */
const decisionByTestName: ReadonlyMap<string, AddressDecision> = new Map([
  ['REJECT', 'reject'],
  ['PARTIAL', 'partial'],
]);

/** What the exchange decides about an address by itself, and why when it does not simply approve. */
export function automaticDecision({ contactName }: AddressRow): {
  readonly decision: AddressDecision;
  readonly reason: string | null;
} {
  const asked = decisionByTestName.get(contactName);
  if (!asked) return { decision: 'approve', reason: null };
  return { decision: asked, reason: `The contact name ${contactName} asks for this decision` };
}

/** Writes a decision about an address that the caller has locked. Raises wrong_state. */
export async function decideLocked(
  ctx: Context,
  address: AddressRow,
  decision: AddressDecision,
  reason: string | null,
): Promise<AddressRow> {
  const { from, to } = addressDecisions[decision];
  const allowed: readonly AddressStatus[] = from;
  if (!allowed.includes(address.status)) {
    const refused = { kind: 'address', id: address.id, state: address.status, allowed } as const;
    throw domainError('wrong_state', refused);
  }
  const row = await markDecided(ctx.sql, address.id, to, reason, ctx.clock.now());
  await recordAddress(ctx, row, `address.${decision}`, { event: `address.verification.${to}` });
  return row;
}
