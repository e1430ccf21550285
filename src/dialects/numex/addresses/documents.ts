import { Type } from 'typebox';
import {
  addDocument,
  admitDocument,
  documentTypes,
  listDocuments,
  readDocument,
} from '../../../core/compliance/index.js';
import type { AddressDocument } from '../../../core/compliance/index.js';
import { uploadGate } from '../../../http/route.js';
import { uploadedFile } from '../../../http/upload/receive.js';
import { WireReply } from '../../../http/wire.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { closed, listOf, named, oneOf, Timestamp } from '../schemas.js';
import { addressNamed, addressParams, tag } from './shapes.js';

const DocumentShape = named(
  'AddressDocument',
  Type.Object({
    id: Type.String(),
    document_type: oneOf(documentTypes),
    filename: Type.String(),
    media_type: Type.String(),
    byte_count: Type.Integer(),
    sha256: Type.String(),
    created_at: Timestamp,
  }),
);
const filenameTextMax = 1000;

export const documentRoutes = [
  ownRoute({
    method: 'POST',
    path: '/addresses/:address/documents',
    operationId: 'uploadDocument',
    tag,
    summary:
      'Add a document to an address before it is submitted: PDF, JPEG or PNG up to 10 MB, in JSON or as ' +
      'multipart/form-data with the parts `file` and `document_type`',
    status: 201,
    params: addressParams,
    admitUpload: uploadGate({
      read: ({ params }) => ({ addressId: readId('address', params['address'] ?? '') }),
      verb: admitDocument,
    }),
    body: Type.Object(
      {
        document_type: oneOf(documentTypes),
        filename: Type.String({ maxLength: filenameTextMax, description: 'In a form, that of its file' }),
        content_base64: Type.Optional(Type.String({ description: 'The file, in JSON' })),
        content: Type.Optional(Type.Unknown({ description: 'The file, in a form: its part `file`' })),
      },
      closed,
    ),
    reply: DocumentShape,
    read: (asked) => ({
      ...addressNamed(asked),
      type: asked.body.document_type,
      filename: asked.body.filename,
      file: uploadedFile(asked.body),
    }),
    verb: addDocument,
    render,
  }),
  ownRoute({
    method: 'GET',
    path: '/addresses/:address/documents',
    tag,
    summary: 'Documents of an address, oldest first',
    params: addressParams,
    reply: listOf(DocumentShape),
    read: addressNamed,
    verb: listDocuments,
    render: (documents) => ({ data: documents.map(render) }),
  }),
  ownRoute({
    method: 'GET',
    path: '/addresses/:address/documents/:document',
    operationId: 'downloadDocument',
    tag,
    summary: 'The bytes of a document: for the account of the address, and for an admin key',
    params: Type.Object({ address: Type.String(), document: Type.String() }),
    produces: ['application/pdf', 'image/jpeg', 'image/png'],
    reply: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }),
    read: (asked) => ({ ...addressNamed(asked), documentId: readId('document', asked.params.document) }),
    verb: readDocument,
    render: ({ bytes, mediaType, filename }) => {
      const headers = {
        'content-type': mediaType,
        'content-disposition': attachment(filename),
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      };
      return new WireReply(bytes, { headers });
    },
  }),
];

/** To be saved and not shown, under its own name (RFC 6266 with RFC 8187). */
function attachment(filename: string): string {
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}

function render(document: AddressDocument) {
  return {
    id: spellId('document', document.id),
    document_type: document.type,
    filename: document.filename,
    media_type: document.mediaType,
    byte_count: document.byteCount,
    sha256: document.sha256,
    created_at: document.createdAt,
  };
}
