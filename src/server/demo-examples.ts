import { addDocument, createAddress, submitAddress } from '../core/compliance/index.js';
import type { DocumentStore } from '../core/ports.js';
import type { Account, Context, RootContext } from '../core/context.js';
import { decideAddress } from '../core/rentals/index.js';
import { createAgent } from '../core/routing/index.js';
import { startIdsAt } from '../database/ids.js';

/** Ids that vendors' pages print in their examples, which the demo account has for that reason. */
const printedAddressId = 7;
const printedAgentId = 123;

/** What vendors' examples refer to besides numbers: a verified address in Amsterdam, and an agent. */
export async function makePrintedThings(
  ctx: Context,
  demo: { readonly account: Account; readonly keyId: number; readonly documents: DocumentStore },
): Promise<void> {
  const { account, keyId, documents } = demo;
  const actor = { kind: 'key', keyId, scope: 'full', account } as const;
  const own = { ...ctx, actor, documents } as unknown as RootContext;
  await startIdsAt(ctx.sql, 'address', printedAddressId);
  await startIdsAt(ctx.sql, 'agent', printedAgentId);
  await createAgent({ ctx: own, input: { name: 'Support Bot', language: 'en-US' } });
  const { id: addressId } = await createAddress({ ctx: own, input: amsterdam });
  const file = await documents.stage([Buffer.from('%PDF-1.4\n% The demo account shows no real document.\n')]);
  const document = { addressId, type: 'government_id', filename: 'demo.pdf', file };
  await addDocument({ ctx: own, input: document });
  await submitAddress({ ctx: own, input: { addressId } });
  await decideAddress({ ctx, input: { addressId, decision: 'approve', reason: 'demo' } });
}

const amsterdam = {
  streetAddress: 'Dam 1',
  city: 'Amsterdam',
  postalCode: '1012 JS',
  country: 'NL',
  contactName: 'Demo',
  contactEmail: 'demo@example.com',
  contactPhone: '+31205550100',
  cityCode: '020',
};
