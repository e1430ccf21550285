import type { Sql } from '../../database/connection.js';
import { withoutMisleading } from '../../lib/text.js';
import type { AddressDocument, DocumentType, MediaType } from './document.js';

/** A document row, with the name of its file. */
export interface DocumentRow {
  readonly id: number;
  readonly addressId: number;
  readonly type: DocumentType;
  readonly filename: string;
  readonly mediaType: MediaType;
  readonly byteCount: number;
  readonly sha256: string;
  readonly storedAs: string;
  readonly createdAt: Date;
}

const documentColumns = (sql: Sql) => sql`
  id, address_id as "addressId", type, filename, media_type as "mediaType", byte_count as "byteCount",
  encode(sha256, 'hex') as sha256, stored_as as "storedAs", created_at as "createdAt"`;

/** A document as verbs answer it, without the place of its file; a name from older days is shown safely. */
export function documentOf(row: DocumentRow): AddressDocument {
  return {
    id: row.id,
    addressId: row.addressId,
    type: row.type,
    filename: withoutMisleading(row.filename),
    mediaType: row.mediaType,
    byteCount: row.byteCount,
    sha256: row.sha256,
    createdAt: row.createdAt.toISOString(),
  };
}

export async function insertDocument(sql: Sql, row: Omit<DocumentRow, 'id'>): Promise<DocumentRow> {
  const [made] = await sql<DocumentRow[]>`
    insert into address_document
      (address_id, type, filename, media_type, byte_count, sha256, stored_as, created_at)
    values (${row.addressId}, ${row.type}, ${row.filename}, ${row.mediaType}, ${row.byteCount},
            decode(${row.sha256}, 'hex'), ${row.storedAs}, ${row.createdAt})
    returning ${documentColumns(sql)}`;
  return made as DocumentRow;
}

/** In order of arrival; their number is bounded per address. */
export async function listDocumentRows(sql: Sql, addressId: number): Promise<DocumentRow[]> {
  return sql<DocumentRow[]>`
    select ${documentColumns(sql)} from address_document where address_id = ${addressId} order by id`;
}

export async function findDocument(
  sql: Sql,
  addressId: number,
  documentId: number,
): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`
    select ${documentColumns(sql)} from address_document where id = ${documentId} and address_id = ${addressId}`;
  return row;
}
