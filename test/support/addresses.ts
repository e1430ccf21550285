import { createHash } from 'node:crypto';
import { addDocument, createAddress, submitAddress } from '../../src/core/compliance/index.js';
import type { Address, AddressDecision, AddressInput } from '../../src/core/compliance/index.js';
import type { DocumentStore } from '../../src/core/ports.js';
import type { Account, RootContext } from '../../src/core/context.js';
import { decideAddress } from '../../src/core/rentals/index.js';
import { PurchaseDesk } from '../../src/core/sales/index.js';
import { hotPathSettings, openPool } from '../../src/database/connection.js';
import { documentFolder } from '../../src/documents/document-folder.js';
import type { TestServer } from './server.js';

export const pdf = Buffer.from('%PDF-1.7\nan identity card\n%%EOF\n');
export const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
export const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

export const berlin: AddressInput = {
  streetAddress: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  contactName: 'Erika Mustermann',
  contactEmail: 'erika@example.com',
  contactPhone: '+493012345678',
  cityCode: '030',
};

/** Calls of verbs as requests make them, over a test server's database. */
export interface AddressBed {
  readonly documents: DocumentStore;
  /** A context of this account's key; a key makes it a retryable request with that body. */
  contextFor(account: Account, key?: string, body?: string): RootContext;
  operator(): RootContext;
  /** A new address of the account, with a government id. */
  draft(account: Account, fields?: Partial<AddressInput>): Promise<Address>;
  submitted(account: Account, fields?: Partial<AddressInput>): Promise<Address>;
  decided(account: Account, decision: AddressDecision, fields?: Partial<AddressInput>): Promise<Address>;
  close(): Promise<void>;
}

export function openAddressBed(server: TestServer): AddressBed {
  const lane = openPool({
    url: server.databaseUrl,
    connectionsMax: 1,
    applicationName: 'address-desk',
    settings: hotPathSettings,
  });
  const desk = new PurchaseDesk(lane);
  const documents = documentFolder(server.documentsPath);
  const root = { sql: server.sql, clock: server.clock, desk, documents, requestId: 'req_address' };
  const contextFor = (account: Account, key?: string, body = ''): RootContext => ({
    ...root,
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    idempotency:
      key === undefined ? undefined : { key, requestHash: createHash('sha256').update(body).digest() },
  });
  const operator = (): RootContext => ({ ...root, actor: { kind: 'operator', keyId: null } });
  const draft = async (account: Account, fields: Partial<AddressInput> = {}): Promise<Address> => {
    const ctx = contextFor(account);
    const address = await createAddress({ ctx, input: { ...berlin, ...fields } });
    const file = await documents.stage([pdf]);
    const document = { addressId: address.id, type: 'government_id', filename: 'id.pdf', file };
    await addDocument({ ctx, input: document });
    return address;
  };
  const submitted = async (account: Account, fields?: Partial<AddressInput>): Promise<Address> => {
    const { id } = await draft(account, fields);
    return submitAddress({ ctx: contextFor(account), input: { addressId: id } });
  };
  return {
    documents,
    contextFor,
    operator,
    draft,
    submitted,
    decided: async (account, decision, fields) => {
      const { id } = await submitted(account, fields);
      return decideAddress({ ctx: operator(), input: { addressId: id, decision } });
    },
    close: async () => {
      await desk.close();
      await lane.end();
    },
  };
}
