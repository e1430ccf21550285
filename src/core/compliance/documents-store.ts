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

export async function countDocuments(sql: Sql, addressId: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from address_document where address_id = ${addressId}`;
  return row?.count ?? 0;
}

/** The bytes of all documents of an account and its sub-accounts. */
export async function findDocumentBytes(sql: Sql, familyId: number): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select byte_count as bytes from document_total where account_id = ${familyId}`;
  return row?.bytes ?? 0;
}

/** Counts bytes, unless there would be more than the maximum; false when nothing was counted. */
export async function addDocumentBytes(
  sql: Sql,
  familyId: number,
  bytes: number,
  bytesMax: number,
): Promise<boolean> {
  const rows = await sql`
    insert into document_total as t (account_id, byte_count)
    select ${familyId}::bigint, ${bytes}::bigint where ${bytes}::bigint <= ${bytesMax}::bigint
    on conflict (account_id) do update set byte_count = t.byte_count + excluded.byte_count
      where t.byte_count + excluded.byte_count <= ${bytesMax}
    returning 1`;
  return rows.length === 1;
}

/** What the names of files begin with that this database refers to. */
export async function findStoreTag(sql: Sql): Promise<string> {
  const [row] = await sql<{ tag: string }[]>`select tag from document_store`;
  return row?.tag ?? '';
}

/** Which of these files a document has. */
export async function findKeptNames(sql: Sql, names: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ name: string }[]>`
    select stored_as as name from address_document where stored_as = any(${names as string[]}::text[])`;
  return new Set(rows.map(({ name }) => name));
}
