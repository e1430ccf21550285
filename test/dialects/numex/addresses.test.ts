import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, pdf, png } from '../../support/addresses.js';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let stranger: TestTenant;
let adminKey: string;
let nextLine = 1000;

function call(
  method: string,
  path: string,
  body?: unknown,
  key = tenant.apiKey,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(server.url, key, method, `/numex/v1${path}`, body, headers);
}

const idOf = (answer: Answer): string => String(at(answer.body, 'id'));
const codeOf = (answer: Answer): [number, unknown] => [answer.status, at(answer.body, 'code')];

const berlin = {
  street_address: 'Unter den Linden 1',
  city: 'Berlin',
  postal_code: '10117',
  country: 'DE',
  contact_name: 'Erika Mustermann',
  contact_email: 'erika@example.com',
  contact_phone: '+493012345678',
  city_code: '030',
};

const inJson = (bytes: Buffer, filename = 'id.pdf') => ({
  document_type: 'government_id',
  filename,
  content_base64: bytes.toString('base64'),
});

async function draft(key = tenant.apiKey): Promise<string> {
  const id = idOf(await call('POST', '/addresses', berlin, key));
  expect((await call('POST', `/addresses/${id}/documents`, inJson(pdf), key)).status).toBe(201);
  return id;
}

async function submitted(key = tenant.apiKey): Promise<string> {
  const id = await draft(key);
  expect((await call('POST', `/addresses/${id}/submit`, undefined, key)).status).toBe(200);
  return id;
}

const decide = (id: string, decision: string, key = adminKey) =>
  call('POST', `/addresses/${id}/decision`, { decision }, key);

async function berlinNumber(): Promise<string> {
  const number = `+493055${nextLine++}`;
  await server.addNumbers([number]);
  return number;
}

/** A form as browsers and curl send it. */
async function sendForm(id: string, form: FormData, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/numex/v1/addresses/${id}/documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.apiKey}`, ...headers },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function formOf(bytes: Buffer, filename = 'id.png', part = 'file'): FormData {
  const form = new FormData();
  form.set('document_type', 'government_id');
  form.set(part, new Blob([new Uint8Array(bytes)], { type: 'application/x-whatever' }), filename);
  return form;
}

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { EUR: 1_000_000 } });
  stranger = await server.createTenant();
  adminKey = await server.createAdminKey();
});

afterAll(() => server.close());

describe('addresses', () => {
  it('are made, found, listed newest first and refused when they make no sense', async () => {
    const made = await call('POST', '/addresses', { ...berlin, country: 'de' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...berlin,
      id: expect.stringMatching(/^addr_[0-9a-z]+$/) as string,
      account_id: tenant.account.publicId,
      company_name: null,
      status: 'draft',
      decision_reason: null,
      created_at: '2026-03-04T09:30:00.000Z',
      updated_at: '2026-03-04T09:30:00.000Z',
      submitted_at: null,
      decided_at: null,
    });
    expect((await call('GET', `/addresses/${idOf(made)}`)).body).toEqual(made.body);
    const later = await call('POST', '/addresses', { ...berlin, company_name: 'ACME' });
    const first = await call('GET', '/addresses?limit=1&status=draft&country=de');
    expect(at(first.body, 'data.0.id')).toBe(idOf(later));
    const cursor = String(at(first.body, 'next_cursor'));
    const second = await call('GET', `/addresses?limit=1&status=draft&country=DE&cursor=${cursor}`);
    expect(at(second.body, 'data.0')).toEqual(made.body);
    expect((await call('GET', `/addresses?limit=1&cursor=${cursor}`)).status).toBe(400);
    for (const wrong of [{ city: '' }, { country: 'ZZ' }, { contact_phone: '030' }, { extra: 1 }]) {
      expect((await call('POST', '/addresses', { ...berlin, ...wrong })).status).toBe(400);
    }
    for (const id of ['addr_zzzzzz', 'addr_', '1', 'doc_1']) {
      expect(codeOf(await call('GET', `/addresses/${id}`))).toEqual([404, 'not_found']);
    }
  });

  it('are seen by their account and by the operator, and by nobody else', async () => {
    const id = await draft();
    const [document] = at((await call('GET', `/addresses/${id}/documents`)).body, 'data') as { id: string }[];
    const paths = ['', '/documents', `/documents/${document?.id ?? ''}`].map(
      (end) => `/addresses/${id}${end}`,
    );
    for (const path of paths) {
      expect((await call('GET', path)).status).toBe(200);
      expect((await call('GET', path, undefined, adminKey)).status).toBe(200);
      expect((await call('GET', path, undefined, stranger.apiKey)).status).toBe(404);
    }
    for (const end of ['/submit', '/check']) {
      expect((await call('POST', `/addresses/${id}${end}`, undefined, stranger.apiKey)).status).toBe(404);
      expect((await call('POST', `/addresses/${id}${end}`, undefined, adminKey)).status).toBe(403);
    }
    expect((await call('POST', `/addresses/${id}/documents`, inJson(pdf), stranger.apiKey)).status).toBe(404);
  });

  it('go from draft over review to verified, and from there to expired', async () => {
    const id = idOf(await call('POST', '/addresses', berlin));
    const missing = await call('POST', `/addresses/${id}/submit`);
    expect([missing.status, at(missing.body, 'field')]).toEqual([400, 'documents']);
    await call('POST', `/addresses/${id}/documents`, inJson(pdf));
    expect(at((await call('POST', `/addresses/${id}/submit`)).body, 'status')).toBe('pending');
    expect(codeOf(await call('POST', `/addresses/${id}/submit`))).toEqual([409, 'wrong_state']);
    expect(at((await call('POST', `/addresses/${id}/check`)).body, 'status')).toBe('pending');
    const waiting = await call('GET', '/address-reviews', undefined, adminKey);
    expect((at(waiting.body, 'data') as { id: string }[]).map((one) => one.id)).toContain(id);
    expect((await decide(id, 'approve', tenant.apiKey)).status).toBe(403);
    expect((await call('GET', '/address-reviews')).status).toBe(403);
    const reasoned = { decision: 'approve', reason: 'Looks right' };
    const approved = await call('POST', `/addresses/${id}/decision`, reasoned, adminKey);
    expect(approved.body).toMatchObject({ id, status: 'verified', decision_reason: 'Looks right' });
    expect(codeOf(await decide(id, 'reject'))).toEqual([409, 'wrong_state']);
    expect(at((await decide(id, 'expire')).body, 'status')).toBe('expired');
    expect((await decide(id, 'forget')).status).toBe(400);
  });

  it('are verified at the next look in the test environment', async () => {
    const { apiKey } = await server.createTenant({ environment: 'test' });
    const id = await submitted(apiKey);
    expect(at((await call('POST', `/addresses/${id}/check`, undefined, apiKey)).body, 'status')).toBe(
      'verified',
    );
  });
});

describe('documents', () => {
  it('come in JSON and go out as they were, to be saved and not shown', async () => {
    const id = await draft();
    const name = 'Ausweis "Müller" (1).png';
    const made = await call('POST', `/addresses/${id}/documents`, inJson(png, name));
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^doc_[0-9a-z]+$/) as string,
      document_type: 'government_id',
      filename: name,
      media_type: 'image/png',
      byte_count: png.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      created_at: '2026-03-04T09:30:00.000Z',
    });
    const listed = await call('GET', `/addresses/${id}/documents`);
    expect(at(listed.body, 'data.1')).toEqual(made.body);
    const answer = await fetch(`${server.url}/numex/v1/addresses/${id}/documents/${idOf(made)}`, {
      headers: { authorization: `Bearer ${tenant.apiKey}` },
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Ausweis%20%22M%C3%BCller%22%20%281%29.png",
    );
  });

  it('have no name that turns the direction of text: a new one is refused, an old one is shown without', async () => {
    const id = await draft();
    const path = `/addresses/${id}/documents`;
    for (const answer of [
      await call('POST', path, inJson(png, 'scan\u202egnp.exe')),
      await sendForm(id, formOf(png, 'scan\u202egnp.exe')),
    ]) {
      expect([codeOf(answer), at(answer.body, 'field')]).toEqual([[400, 'invalid_input'], 'filename']);
      expect(at(answer.body, 'detail')).toContain('U+202E');
    }
    const made = idOf(await call('POST', path, inJson(png, 'new.png')));
    await server.sql`update address_document set filename = ${'old\u202egnp.exe'} where filename = 'new.png'`;
    expect(at((await call('GET', path)).body, 'data.1.filename')).toBe('old_gnp.exe');
    const { headers } = await fetch(`${server.url}/numex/v1${path}/${made}`, {
      headers: { authorization: `Bearer ${tenant.apiKey}` },
    });
    expect(headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''old_gnp.exe");
  });

  it('come as a form, and are the same by content', async () => {
    const id = await draft();
    const made = await sendForm(id, formOf(jpeg, 'Übersicht.html'));
    expect(made).toMatchObject({
      status: 201,
      body: { document_type: 'government_id', media_type: 'image/jpeg', filename: 'Übersicht.html' },
    });
    const replayed = { 'idempotency-key': 'form-1' };
    const [one, two, other] = [
      await sendForm(id, formOf(png), replayed),
      await sendForm(id, formOf(png), replayed),
      await sendForm(id, formOf(jpeg), replayed),
    ];
    expect(two.body).toEqual(one.body);
    expect(codeOf(other)).toEqual([422, 'idempotency_key_reused']);
  });

  it('are refused when they are something else, are too large, or come in a broken request', async () => {
    const id = await draft();
    const path = `/addresses/${id}/documents`;
    const exe = Buffer.from('MZ a program');
    const large = Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024)]);
    const refused: Answer[] = [
      await call('POST', path, inJson(exe)),
      await call('POST', path, inJson(Buffer.from('<html>'), 'id.pdf')),
      await call('POST', path, inJson(Buffer.alloc(0))),
      await call('POST', path, inJson(large)),
      await call('POST', path, { ...inJson(pdf), content_base64: 'no base64!' }),
      await call('POST', path, { document_type: 'government_id', filename: 'x' }),
      await call('POST', path, { ...inJson(pdf), document_type: 'selfie' }),
      await call('POST', path, { document_type: 'government_id', filename: 'x', content: '%PDF-' }),
      await sendForm(id, formOf(exe)),
      await sendForm(id, formOf(large)),
      await sendForm(id, formOf(Buffer.alloc(15 * 1024 * 1024))),
      await sendForm(id, formOf(pdf, 'x.pdf', 'picture')),
      await sendForm(id, new FormData()),
    ];
    expect(refused.map((answer) => answer.status)).toEqual(refused.map(() => 400));
    const two = formOf(pdf);
    two.append('file', new Blob([new Uint8Array(pdf)]), 'second.pdf');
    expect((await sendForm(id, two)).status).toBe(400);
    const noType = formOf(pdf);
    noType.delete('document_type');
    expect(codeOf(await sendForm(id, noType))).toEqual([400, 'missing_input']);
    for (const body of [
      '',
      '--x\r\n',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\ncut',
    ]) {
      for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
        const answer = await call('POST', path, body, tenant.apiKey, { 'content-type': type });
        expect(codeOf(answer)[0]).toBe(400);
      }
    }
    expect(at((await call('GET', path)).body, 'data')).toHaveLength(1);
  });

  it('in a form of very many parts are refused before it is read', async () => {
    const id = await draft();
    const parts = '--x\r\n\r\n\r\n'.repeat(1_000_000);
    const askedAt = performance.now();
    const answer = await call('POST', `/addresses/${id}/documents`, `${parts}--x--\r\n`, tenant.apiKey, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(codeOf(answer)).toEqual([400, 'invalid_input']);
    // Parsing them takes fifteen seconds, in which nobody else is served.
    expect(performance.now() - askedAt).toBeLessThan(3000);
  });

  it('of exactly 10 MB pass, in JSON and in a form', async () => {
    const id = await draft();
    const full = Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024 - pdf.length, 7)]);
    expect((await call('POST', `/addresses/${id}/documents`, inJson(full))).status).toBe(201);
    expect((await sendForm(id, formOf(full))).status).toBe(201);
  });

  it('make no other route larger, and no other route takes forms', async () => {
    const long = { ...berlin, street_address: 'x'.repeat(2 * 1024 * 1024) };
    expect((await call('POST', '/addresses', long)).status).toBe(400);
    const answer = await call('POST', '/addresses', '--x--', tenant.apiKey, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(codeOf(answer)).toEqual([400, 'invalid_input']);
  });
});

describe('a number that needs registration', () => {
  it('is checked, refused, awaited and bought with an address', async () => {
    const number = await berlinNumber();
    const { apiKey } = await server.createTenant({ balances: { EUR: 10_000 } });
    const check = (query = '') => call('GET', `/numbers/${number}/purchase-check${query}`, undefined, apiKey);
    const before = await check();
    expect(before.body).toMatchObject({
      number,
      available: true,
      may_buy: false,
      price: { currency: 'EUR', setup_minor: 0, recurring_minor: 500, cycle: '28d' },
      requirement: { country: 'DE', type: 'local', met: false },
      obstacles: [{ code: 'requirements_unmet', number, country: 'DE', type: 'local' }],
    });
    expect(at(before.body, 'requirement.documents')).toContain('An address in the area of the number');
    expect(at(before.body, 'obstacles.0.detail')).toMatch(/needs registration/);
    const order = (body: object) => call('POST', '/orders', { lines: [{ number }], ...body }, apiKey);
    expect(codeOf(await order({}))).toEqual([409, 'requirements_unmet']);
    const id = await submitted(apiKey);
    expect(codeOf(await order({ address_id: id }))).toEqual([409, 'wrong_state']);
    expect(codeOf(await order({ address_id: 'addr_zzz' }))).toEqual([404, 'not_found']);
    await decide(id, 'approve');
    const mine = await submitted();
    await decide(mine, 'approve');
    expect(codeOf(await order({ address_id: mine }))).toEqual([404, 'not_found']);
    expect((await check(`?address_id=${id}&currency=EUR`)).body).toMatchObject({
      may_buy: true,
      obstacles: [],
    });
    expect(at((await check('?currency=USD')).body, 'obstacles.0')).toMatchObject({
      code: 'no_wallet',
      currency: 'USD',
    });
    const bought = await order({ address_id: id });
    expect([bought.status, at(bought.body, 'results.0.state')]).toEqual([201, 'active']);
    const rental = `/rentals/${String(at(bought.body, 'results.0.rental_id'))}`;
    expect(at((await call('GET', rental, undefined, apiKey)).body, 'address_id')).toBe(id);
    expect(at((await check()).body, 'obstacles.0.code')).toBe('already_owned');
  });

  it('becomes active when the address that it waits for is approved', async () => {
    const number = await berlinNumber();
    const { apiKey } = await server.createTenant({ balances: { EUR: 10_000 } });
    const body = { lines: [{ number }], unmet_requirements: 'await' };
    const order = await call('POST', '/orders', body, apiKey);
    const rental = `/rentals/${String(at(order.body, 'results.0.rental_id'))}`;
    const state = async () => at((await call('GET', rental, undefined, apiKey)).body, 'state');
    expect(await state()).toBe('awaiting_registration');
    await decide(await submitted(apiKey), 'partial');
    expect(await state()).toBe('active');
  });
});

it('the countries tell which of them ask for local presence', async () => {
  const { body } = await call('GET', '/countries');
  const asking = (at(body, 'data') as { code: string; local_presence: boolean }[]).filter(
    (country) => country.local_presence,
  );
  expect(asking.map((country) => country.code)).toEqual(['DE', 'ES']);
});
