import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  createAddress,
  getAddress,
  listAddresses,
  listAddressesToReview,
  listDocuments,
  readDocument,
  submitAddress,
} from '../../src/core/compliance/index.js';
import { limits } from '../../src/core/limits/index.js';
import type { Address, AddressDecision, AddressInput } from '../../src/core/compliance/index.js';
import type { Account, RootContext } from '../../src/core/context.js';
import { checkAddress, decideAddress, settleAutomaticDecisions } from '../../src/core/rentals/index.js';
import { loadCatalogue } from '../../src/core/catalogue/index.js';
import { berlin, jpeg, openAddressBed, pdf } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let bed: AddressBed;
let owner: Account;
let stranger: Account;
let sandbox: Account;

beforeAll(async () => {
  server = await startTestServer();
  bed = openAddressBed(server);
  owner = (await server.createTenant()).account;
  stranger = (await server.createTenant()).account;
  sandbox = (await server.createTenant({ environment: 'test' })).account;
});

afterAll(async () => {
  await bed.close();
  await server.close();
});

/** As a request does it: the file is staged, and gone if it is not kept. */
async function upload(
  ctx: RootContext,
  addressId: number,
  bytes = pdf,
  filename = 'id.pdf',
  type = 'government_id',
) {
  const file = await ctx.documents.stage([bytes]);
  try {
    return await addDocument({ ctx, input: { addressId, type, filename, file } });
  } finally {
    await ctx.documents.discard(file);
  }
}

async function eventsOf(addressId: number): Promise<{ type: string; payload: unknown }[]> {
  return server.sql`
    select type, payload from event where subject_kind = 'address' and subject_id = ${addressId} order by id`;
}

describe('an address', () => {
  it('begins as a draft with every field as it was given, trimmed', async () => {
    const ctx = bed.contextFor(owner);
    const made = await createAddress({
      ctx,
      input: { ...berlin, city: '  Berlin ', country: 'de', companyName: ' ACME GmbH ' },
    });
    expect(made).toEqual({
      ...berlin,
      companyName: 'ACME GmbH',
      id: made.id,
      accountId: owner.id,
      accountPublicId: owner.publicId,
      status: 'draft',
      decisionReason: null,
      createdAt: '2026-03-04T09:30:00.000Z',
      updatedAt: '2026-03-04T09:30:00.000Z',
      submittedAt: null,
      decidedAt: null,
    });
    expect(await getAddress({ ctx, input: { addressId: made.id } })).toEqual(made);
  });

  it.each<[string, Partial<AddressInput>]>([
    ['street_address', { streetAddress: ' ' }],
    ['city', { city: 'x'.repeat(201) }],
    ['postal_code', { postalCode: '1'.repeat(21) }],
    ['country', { country: 'XX' }],
    ['country', { country: 'Germany' }],
    ['contact_name', { contactName: 'a\u0000b' }],
    ['contact_email', { contactEmail: 'erika at example' }],
    ['contact_phone', { contactPhone: '030 1234' }],
    ['company_name', { companyName: '' }],
    ['city_code', { cityCode: '000' }],
    ['city_code', { cityCode: '03a' }],
    ['city_code', { cityCode: '12345678901' }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    await expect(
      createAddress({ ctx: bed.contextFor(owner), input: { ...berlin, ...wrong } }),
    ).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
  });

  it('is made once for one idempotency key', async () => {
    const make = () => createAddress({ ctx: bed.contextFor(owner, 'make-1'), input: berlin });
    const first = await make();
    expect(await make()).toEqual(first);
  });

  it('is listed newest first, in pages, by status and country', async () => {
    const { account } = await server.createTenant();
    const ctx = bed.contextFor(account);
    const ids: number[] = [];
    for (const country of ['DE', 'NL', 'DE']) {
      ids.push((await createAddress({ ctx, input: { ...berlin, country } })).id);
    }
    const list = async (input: Parameters<typeof listAddresses>[0]['input']) =>
      (await listAddresses({ ctx, input })).map((address) => address.id);
    const [one, two, three] = ids;
    expect(await list({ limit: 2 })).toEqual([three, two]);
    expect(await list({ limit: 2, beforeId: two })).toEqual([one]);
    expect(await list({ limit: 9, country: 'NL' })).toEqual([two]);
    expect(await list({ limit: 9, statuses: ['verified'] })).toEqual([]);
  });

  it('is one too many above the bound of an account', async () => {
    const { account } = await server.createTenant();
    const ctx = bed.contextFor(account);
    const { id } = await createAddress({ ctx, input: berlin });
    await server.sql`
      insert into address (account_id, street_address, city, postal_code, country, contact_name, contact_email,
                           contact_phone, created_at, updated_at)
      select account_id, street_address, city, postal_code, country, contact_name, contact_email, contact_phone,
             created_at, updated_at
      from address cross join generate_series(2, ${limits.addresses_per_account.standard}) where id = ${id}`;
    await expect(createAddress({ ctx, input: berlin })).rejects.toMatchObject({ code: 'limit_reached' });
  });
});

describe('another tenant', () => {
  it('finds no address and no document of mine, and can do nothing to them', async () => {
    const { id } = await bed.draft(owner);
    const [document] = await listDocuments({ ctx: bed.contextFor(owner), input: { addressId: id } });
    const ctx = bed.contextFor(stranger);
    const input = { addressId: id };
    const attempts = [
      getAddress({ ctx, input }),
      listDocuments({ ctx, input }),
      readDocument({ ctx, input: { ...input, documentId: document?.id ?? 0 } }),
      upload(ctx, id),
      submitAddress({ ctx, input }),
      checkAddress({ ctx, input }),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({
        status: 'rejected',
        reason: { code: 'not_found', details: { kind: 'address' } },
      });
    }
    // Nor by way of an address of its own.
    const { id: ownId } = await bed.draft(stranger);
    await expect(
      readDocument({ ctx, input: { addressId: ownId, documentId: document?.id ?? 0 } }),
    ).rejects.toMatchObject({ code: 'not_found', details: { kind: 'document' } });
    expect((await listAddresses({ ctx, input: { limit: 100 } })).map((a) => a.id)).not.toContain(id);
  });

  it('is also a parent or a sub-account', async () => {
    const parent = (await server.createTenant()).account;
    const sub = (await server.createTenant({ parent: parent.publicId, balances: {} })).account;
    const { id } = await bed.draft(parent);
    await expect(getAddress({ ctx: bed.contextFor(sub), input: { addressId: id } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('may not decide or review, not even about its own', async () => {
    const { id } = await bed.submitted(owner);
    const ctx = bed.contextFor(owner);
    await expect(decideAddress({ ctx, input: { addressId: id, decision: 'approve' } })).rejects.toMatchObject(
      { code: 'forbidden' },
    );
    await expect(listAddressesToReview({ ctx, input: { afterId: 0, limit: 1 } })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('submission', () => {
  it('needs a government id; a business registration alone is not enough', async () => {
    const ctx = bed.contextFor(owner);
    const { id } = await createAddress({ ctx, input: { ...berlin, companyName: 'ACME' } });
    const submit = () => submitAddress({ ctx, input: { addressId: id } });
    const refused = { code: 'invalid_input', details: { field: 'documents' } };
    await expect(submit()).rejects.toMatchObject(refused);
    await upload(ctx, id, pdf, 'b.pdf', 'business_registration');
    await expect(submit()).rejects.toMatchObject(refused);
    await upload(ctx, id);
    expect(await submit()).toMatchObject({ status: 'pending', submittedAt: '2026-03-04T09:30:00.000Z' });
    expect((await eventsOf(id)).map((event) => event.type)).toEqual(['address.verification.pending']);
  });

  it('happens once: of several at a time one wins, and nothing can be added after', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => submitAddress({ ctx, input: { addressId: id } })),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'wrong_state' });
    }
    expect(await eventsOf(id)).toHaveLength(1);
    await expect(upload(ctx, id)).rejects.toMatchObject({ code: 'wrong_state' });
  });
});

describe('decisions', () => {
  it.each<[AddressDecision, string]>([
    ['approve', 'verified'],
    ['partial', 'partially_verified'],
    ['reject', 'rejected'],
  ])('%s makes a pending address %s, with a reason, an audit row and an event', async (decision, status) => {
    const { id } = await bed.submitted(owner);
    const decided = await decideAddress({
      ctx: bed.operator(),
      input: { addressId: id, decision, reason: 'Seen by eye' },
    });
    expect(decided).toMatchObject({ status, decisionReason: 'Seen by eye', decidedAt: decided.updatedAt });
    expect((await eventsOf(id)).at(-1)).toEqual({
      type: `address.verification.${status}`,
      payload: { address_id: id, status, country_code: 'DE', reason: 'Seen by eye' },
    });
    const audit = await server.sql`
      select actor, account_id as account from audit_entry
      where subject_kind = 'address' and subject_id = ${id} and action = ${`address.${decision}`}`;
    expect([...audit]).toEqual([{ actor: 'operator', account: owner.id }]);
  });

  const allowed: Record<AddressDecision, readonly string[]> = {
    approve: ['pending'],
    partial: ['pending'],
    reject: ['pending'],
    expire: ['verified', 'partially_verified'],
  };
  const inStatus: Record<string, () => Promise<Address>> = {
    draft: () => bed.draft(owner),
    pending: () => bed.submitted(owner),
    verified: () => bed.decided(owner, 'approve'),
    partially_verified: () => bed.decided(owner, 'partial'),
    rejected: () => bed.decided(owner, 'reject'),
    expired: async () => {
      const { id } = await bed.decided(owner, 'approve');
      return decideAddress({ ctx: bed.operator(), input: { addressId: id, decision: 'expire' } });
    },
  };
  it.each(
    (Object.keys(allowed) as AddressDecision[]).flatMap((decision) =>
      Object.keys(inStatus).map((status) => [decision, status] as const),
    ),
  )('%s of one that is %s is allowed exactly where the table says', async (decision, status) => {
    const made = await inStatus[status]?.();
    const decide = decideAddress({ ctx: bed.operator(), input: { addressId: made?.id ?? 0, decision } });
    if (allowed[decision].includes(status)) await expect(decide).resolves.toMatchObject({ id: made?.id });
    else await expect(decide).rejects.toMatchObject({ code: 'wrong_state', details: { state: status } });
  });

  it('of two at a time one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await bed.submitted(owner);
      const both = await Promise.allSettled(
        (['approve', 'reject'] as const).map((decision) =>
          decideAddress({ ctx: bed.operator(), input: { addressId: id, decision } }),
        ),
      );
      expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await eventsOf(id)).toHaveLength(2);
    }
  });

  it('about an address that is not there are not found', async () => {
    const input = { addressId: 999_999, decision: 'approve' } as const;
    await expect(decideAddress({ ctx: bed.operator(), input })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('against an address let it have new documents and be submitted again, with a clean slate', async () => {
    const { id } = await bed.decided(owner, 'reject');
    const ctx = bed.contextFor(owner);
    await upload(ctx, id, jpeg);
    expect(await submitAddress({ ctx, input: { addressId: id } })).toMatchObject({
      status: 'pending',
      decidedAt: null,
      decisionReason: null,
    });
  });

  it('wait in one list for the operator, oldest first', async () => {
    const first = await bed.submitted(owner);
    const second = await bed.submitted(stranger);
    await bed.draft(owner);
    const ctx = bed.operator();
    const page = await listAddressesToReview({ ctx, input: { afterId: first.id - 1, limit: 10 } });
    expect(page.map((address) => address.id)).toEqual([first.id, second.id]);
  });
});

describe('where the exchange decides by itself', () => {
  it.each([
    ['Erika Mustermann', 'verified'],
    ['REJECT', 'rejected'],
    ['PARTIAL', 'partially_verified'],
  ])('the owner’s next look finds the address of %s %s', async (contactName, status) => {
    const pending = await bed.submitted(sandbox, { contactName });
    expect(pending.status).toBe('pending');
    const ctx = bed.contextFor(sandbox);
    const input = { addressId: pending.id };
    expect((await getAddress({ ctx, input })).status).toBe('pending');
    const checked = await checkAddress({ ctx, input });
    expect(checked.status).toBe(status);
    expect(await checkAddress({ ctx, input })).toEqual(checked);
    const types = (await eventsOf(pending.id)).map((event) => event.type);
    expect(types).toEqual(['address.verification.pending', `address.verification.${status}`]);
  });

  it('two looks at once decide once', async () => {
    const { id } = await bed.submitted(sandbox);
    const ctx = bed.contextFor(sandbox);
    const looks = await Promise.all([1, 2, 3, 4].map(() => checkAddress({ ctx, input: { addressId: id } })));
    expect(new Set(looks.map((look) => look.status))).toEqual(new Set(['verified']));
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('a job decides what nobody looks at, and nothing where the operator decides', async () => {
    const live = await bed.submitted(owner);
    const test = await bed.submitted(sandbox);
    const ctx: RootContext = { ...bed.operator(), actor: { kind: 'system', name: 'jobs' } };
    while ((await settleAutomaticDecisions({ ctx, input: { limit: 2 } })) > 0);
    const statusOf = async (account: Account, addressId: number) =>
      (await getAddress({ ctx: bed.contextFor(account), input: { addressId } })).status;
    expect(await statusOf(sandbox, test.id)).toBe('verified');
    expect(await statusOf(owner, live.id)).toBe('pending');
    await expect(
      settleAutomaticDecisions({ ctx: bed.contextFor(owner), input: { limit: 1 } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is a policy, which a country may have otherwise', async () => {
    await server.sql`
      insert into policy (name, environment, country, value) values ('address_auto_verify', 'live', 'NL', 1)`;
    const dutch = await bed.submitted(owner, { country: 'NL' });
    const german = await bed.submitted(owner);
    const look = async (addressId: number) =>
      (await checkAddress({ ctx: bed.contextFor(owner), input: { addressId } })).status;
    expect([await look(dutch.id), await look(german.id)]).toEqual(['verified', 'pending']);
  });
});

it('a new catalogue leaves to the operator which countries ask for local presence', async () => {
  const asking = async () =>
    (await server.sql<{ code: string }[]>`select code from country where local_presence order by code`).map(
      (row) => row.code,
    );
  expect(await asking()).toEqual(['DE', 'ES']);
  await server.sql`update country set local_presence = (code in ('DE', 'NL')), name = name || ' (old)'`;
  await server.sql`delete from catalogue_load`;
  expect(await loadCatalogue(server.sql, server.clock)).toBe(true);
  expect(await asking()).toEqual(['DE', 'NL']);
});
