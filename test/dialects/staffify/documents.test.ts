import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { expectAnswer, expectError } from './contract.js';
import { handIn, Office } from './office.js';
import type { Standing, Tenant } from './office.js';
import { newAddress, newDocument, pdf } from './routes.js';

const megabyte = 1024 * 1024;
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const gif = Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;', 'latin1');

let office: Office;
let tenant: Tenant;
let draft: number;

beforeAll(async () => {
  office = await Office.open();
  tenant = await office.tenant();
  draft = await office.address(tenant, 'draft');
});

afterAll(() => office.close());

/** A PDF of exactly that many bytes. */
function pdfOf(bytes: number): Buffer {
  return Buffer.concat([pdf, Buffer.alloc(bytes - pdf.length, 32)]);
}

interface Upload {
  readonly content?: Buffer;
  readonly mediaType?: string;
  readonly filename?: string;
  readonly documentType?: string;
}

function formOf({
  content = pdf,
  mediaType = 'application/pdf',
  filename = 'passport.pdf',
  documentType = 'government_id',
}: Upload = {}): FormData {
  const form = new FormData();
  form.append('document_type', documentType);
  form.append('file', new Blob([new Uint8Array(content)], { type: mediaType }), filename);
  return form;
}

const uploadForm = (form: FormData, address = draft) =>
  tenant.client.form(`/addresses/${address}/documents`, form);
const uploadJson = (more: object = {}, address = draft) =>
  tenant.client.document(address, { ...newDocument, ...more });
const base64 = (content: Buffer) => content.toString('base64');

describe('a document', () => {
  it.each([
    ['a PDF', pdf, 'application/pdf', 'id.pdf'],
    ['a PNG', png, 'image/png', 'id.png'],
    ['a JPEG', jpeg, 'image/jpeg', 'id.jpg'],
  ])('may be %s, as JSON or as a form', async (_what, content, mediaType, filename) => {
    for (const document_type of ['government_id', 'business_registration']) {
      const json = await uploadJson({ document_type, filename, content_base64: base64(content) });
      const first = expectAnswer(json, 'document', 201);
      const form = formOf({ content, mediaType, filename, documentType: document_type });
      const second = expectAnswer(await uploadForm(form), 'document', 201);
      expect([first.document_type, second.document_type]).toEqual([document_type, document_type]);
      expect(second.document_id).not.toBe(first.document_id);
    }
  });

  it('may come before or after its type in a form', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'id.pdf');
    form.append('document_type', 'business_registration');
    const answer = expectAnswer(await uploadForm(form), 'document', 201);
    expect(answer.document_type).toBe('business_registration');
  });

  it('is known by its contents, whatever it is called', async () => {
    const unnamed = formOf({ mediaType: 'application/octet-stream', filename: 'scan' });
    expectAnswer(await uploadForm(unnamed), 'document', 201);
    for (const content of [
      Buffer.from('hello'),
      gif,
      Buffer.from('<html>%PDF-1.4</html>'),
      Buffer.alloc(64),
    ]) {
      expectError(await uploadForm(formOf({ content })), 'VALIDATION_ERROR');
      expectError(await uploadJson({ content_base64: base64(content) }), 'VALIDATION_ERROR');
    }
  });

  it('may have 10 MB and not more, as JSON or as a form', async () => {
    const large = pdfOf(10_000_000);
    expectAnswer(await uploadForm(formOf({ content: large })), 'document', 201);
    expectAnswer(await uploadJson({ content_base64: base64(large) }), 'document', 201);
    const tooLarge = pdfOf(10 * megabyte + 1);
    expectError(await uploadForm(formOf({ content: tooLarge })), 'VALIDATION_ERROR');
    expectError(await uploadJson({ content_base64: base64(tooLarge) }), 'VALIDATION_ERROR');
  });

  it('may not be empty', async () => {
    expectError(await uploadForm(formOf({ content: Buffer.alloc(0) })), 'VALIDATION_ERROR');
    expectError(await uploadJson({ content_base64: '' }), 'VALIDATION_ERROR');
  });

  it.each([
    ['document_type', undefined],
    ['document_type', null],
    ['document_type', 'passport'],
    ['document_type', ''],
    ['document_type', 7],
    ['document_type', ['government_id']],
    ['content_base64', undefined],
    ['content_base64', null],
    ['content_base64', 7],
    ['content_base64', { data: 'x' }],
    ['content_base64', 'not base64!'],
    ['filename', 7],
    ['filename', ['id.pdf']],
  ])('is refused as JSON when its %s is %j', async (field, value) => {
    expectError(await uploadJson({ [field]: value }), 'VALIDATION_ERROR', field);
  });

  it.each([undefined, '{', '[]', 'null', '"x"', '1'])('is not found in a body of %s', async (body) => {
    expectError(await tenant.client.document(draft, body), 'VALIDATION_ERROR');
  });

  it('is refused as a form without its file or its type', async () => {
    const typeOnly = new FormData();
    typeOnly.append('document_type', 'government_id');
    expectError(await uploadForm(typeOnly), 'VALIDATION_ERROR', 'file');
    const fileOnly = formOf();
    fileOnly.delete('document_type');
    expectError(await uploadForm(fileOnly), 'VALIDATION_ERROR', 'document_type');
    expectError(await uploadForm(formOf({ documentType: 'passport' })), 'VALIDATION_ERROR', 'document_type');
    const textForFile = new FormData();
    textForFile.append('document_type', 'government_id');
    textForFile.append('file', 'just words');
    expectError(await uploadForm(textForFile), 'VALIDATION_ERROR');
    expectError(await uploadForm(new FormData()), 'VALIDATION_ERROR');
  });

  it('belongs to an address that is there, and to one’s own', async () => {
    const stranger = await office.tenant();
    const theirs = await office.address(stranger, 'draft');
    for (const address of [theirs, 999_999_999]) {
      expectError(await uploadJson({}, address), 'NOT_FOUND');
      expectError(await uploadForm(formOf(), address), 'NOT_FOUND');
    }
    expectError(await stranger.client.submit(theirs), 'VALIDATION_ERROR');
  });

  it.each<Standing>(['pending', 'verified', 'partially_verified'])(
    'is refused once the address is %s',
    async (standing) => {
      const id = await office.address(tenant, standing);
      expectError(await uploadJson({}, id), 'CONFLICT');
      expectError(await uploadForm(formOf(), id), 'CONFLICT');
    },
  );
});

describe('submitting an address', () => {
  it('makes it pending, until there is news', async () => {
    const id = await office.address(tenant, 'draft');
    await handIn(tenant.client, id);
    for (let poll = 0; poll < 3; poll++) {
      const answer = expectAnswer(await tenant.client.checkStatus(id), 'addressStatus');
      expect(answer).toEqual({ address_id: id, status: 'pending' });
    }
    expect(expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address').status).toBe('pending');
  });

  it('needs the documents that the country wants', async () => {
    const id = await office.address(tenant, 'draft');
    expectError(await tenant.client.submit(id), 'VALIDATION_ERROR');
    expectAnswer(
      await tenant.client.document(id, { ...newDocument, document_type: 'business_registration' }),
      'document',
      201,
    );
    expectError(await tenant.client.submit(id), 'VALIDATION_ERROR');
    expect(expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address').status).toBe('draft');
  });

  it.each<Standing>(['pending', 'verified', 'partially_verified'])(
    'is refused when it is %s already',
    async (standing) => {
      const id = await office.address(tenant, standing);
      expectError(await tenant.client.submit(id), 'CONFLICT');
      const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
      expect(shown.status).toBe(standing);
    },
  );

  it('happens once, however many ask', async () => {
    const id = await office.address(tenant, 'draft');
    await uploadJson({}, id);
    await uploadJson({ document_type: 'business_registration' }, id);
    const answers = await Promise.all(Array.from({ length: 4 }, () => tenant.client.submit(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it.each<Standing>(['rejected', 'expired'])(
    'may be done again, with new documents, when it is %s',
    async (standing) => {
      const id = await office.address(tenant, standing);
      await handIn(tenant.client, id);
      await office.decide(id, 'approve');
      const answer = expectAnswer(await tenant.client.checkStatus(id), 'addressStatus');
      expect(answer.status).toBe('verified');
    },
  );

  it('moves the time of its last change', async () => {
    const id = await office.address(tenant, 'draft');
    office.server.clock.advance(60);
    await handIn(tenant.client, id);
    const shown = expectAnswer(await tenant.client.get(`/addresses/${id}`), 'address');
    expect([shown.created_at, shown.updated_at]).toEqual([office.instant(-60), office.instant()]);
  });
});

describe('asking for news', () => {
  it('answers “draft” for an address that nobody has submitted', async () => {
    const id = await office.address(tenant, 'draft');
    const answer = expectAnswer(await tenant.client.checkStatus(id), 'addressStatus');
    expect(answer).toEqual({ address_id: id, status: 'draft' });
  });

  it.each([
    ['Ada Vos', 'verified'],
    ['PARTIAL', 'partially_verified'],
    ['REJECT', 'rejected'],
  ])('of %s in the test environment has them %s', async (contact_name, status) => {
    const tester = await office.tenant({ environment: 'test' });
    const made = await tester.client.post('/addresses', { ...newAddress, contact_name });
    const id = expectAnswer(made, 'addressMade', 201).address_id;
    await handIn(tester.client, id);
    for (let poll = 0; poll < 2; poll++) {
      const answer = expectAnswer(await tester.client.checkStatus(id), 'addressStatus');
      expect(answer).toEqual({ address_id: id, status });
    }
    expect(at((await tester.client.get(`/addresses/${id}`)).body, 'status')).toBe(status);
  });
});
