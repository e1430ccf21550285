import { textFault } from '../../lib/text.js';
import { domainError } from '../errors.js';
import type { DomainError } from '../errors.js';
import type { StagedDocument } from '../ports.js';

/** The documents that prove an address, and which of them it cannot be submitted without. */
export const documentDemands = [
  { type: 'government_id', required: true },
  { type: 'business_registration', required: false },
] as const;

export type DocumentType = (typeof documentDemands)[number]['type'];
export const documentTypes: readonly DocumentType[] = documentDemands.map((demand) => demand.type);

export type MediaType = 'application/pdf' | 'image/jpeg' | 'image/png';

/** A document of an address, without its bytes. Plain data: it is stored and replayed as JSON. */
export interface AddressDocument {
  readonly id: number;
  readonly addressId: number;
  readonly type: DocumentType;
  readonly filename: string;
  readonly mediaType: MediaType;
  readonly byteCount: number;
  /** Hex. */
  readonly sha256: string;
  readonly createdAt: string;
}

/** 10 MB. */
export const documentBytesMax = 10 * 1024 * 1024;
/** Documents that one address may have, so that nobody fills the disk with one of them. */
export const documentsPerAddressMax = 20;
const filenameLengthMax = 255;

/** The first bytes of the formats that are taken (ISO 32000-1 7.5.2, ITU-T T.81 B.1.1.3, PNG 5.2). */
const signatures: readonly (readonly [MediaType, Buffer])[] = [
  ['application/pdf', Buffer.from('%PDF-')],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
];

/** Enough of a document to know its format. */
export const headBytesMax = 16;

export function documentTooLarge(): DomainError {
  const reason = `must have ${documentBytesMax} bytes at most`;
  return domainError('invalid_input', { field: 'file', reason });
}

/** What a document is by its content, whatever it is called. Raises invalid_input (file). */
export function mediaTypeOf({ byteCount, head }: Pick<StagedDocument, 'byteCount' | 'head'>): MediaType {
  const refuse = (reason: string) => domainError('invalid_input', { field: 'file', reason });
  if (byteCount === 0) throw refuse('must not be empty');
  if (byteCount > documentBytesMax) throw documentTooLarge();
  const found = signatures.find(([, signature]) => head.subarray(0, signature.length).equals(signature));
  if (!found) throw refuse('must be a PDF, JPEG or PNG by its content');
  return found[0];
}

/** The name without any folders before it. Raises invalid_input (filename). */
export function cleanFilename(text: string): string {
  const name = (text.split(/[/\\]/).at(-1) ?? '').trim();
  const reason = textFault(name, filenameLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'filename', reason });
  return name;
}

/** Raises invalid_input (document_type). */
export function cleanDocumentType(text: string): DocumentType {
  const type = documentTypes.find((candidate) => candidate === text);
  if (!type) {
    const reason = `must be one of ${documentTypes.join(', ')}`;
    throw domainError('invalid_input', { field: 'document_type', reason });
  }
  return type;
}
