import type { Sql } from '../../database/connection.js';
import { entryDigest, sealedBody, sealHash } from './seal-formula.js';

export interface SealRow {
  readonly seq: number;
  readonly hash: string;
  readonly entryCount: number;
  readonly sealedAt: Date;
}

/**
 * Locks the last seal and gives its place in the chain; undefined while another process seals. The second look is made
 * under the lock, because the first may have been at a chain that has grown since.
 */
export async function lockLastSeal(sql: Sql): Promise<number | undefined> {
  const [locked] = await sql<{ seq: number }[]>`
    select seq from audit_seal where seq = (select max(seq) from audit_seal) for update skip locked`;
  if (!locked) return undefined;
  const [last] = await sql<{ seq: number }[]>`select max(seq) as seq from audit_seal`;
  return last?.seq === locked.seq ? locked.seq : undefined;
}

/**
 * Seals entries that wait, `limit` at most, behind the seal `lastSeq`; gives how many. One that waits and is not there
 * has been tampered with: it goes on waiting, for the checks to find.
 */
export async function sealWaiting(sql: Sql, lastSeq: number, limit: number, at: Date): Promise<number> {
  const hash = sealHash(sql, {
    previousHash: sql`last.hash`,
    seq: sql`last.seq + 1`,
    sealedAt: sql`${at}::timestamptz`,
    count: sql`batch.count`,
    body: sql`batch.body`,
  });
  const [made] = await sql<{ count: number }[]>`
    with chosen as (
      select w.ctid as place from audit_waiting w join audit_entry e on e.id = w.entry_id limit ${limit}
    ), taken as (
      delete from audit_waiting w using chosen where w.ctid = chosen.place returning w.entry_id
    ), sealed as (
      select e.id, ${entryDigest(sql)} as digest from taken join audit_entry e on e.id = taken.entry_id
    ), batch as (
      select array_agg(id order by id) as ids, array_agg(digest order by id) as digests, count(*)::int as count,
             ${sealedBody(sql)} as body
      from sealed
    )
    insert into audit_seal (seq, entry_ids, entry_digests, entry_count, sealed_at, previous_hash, hash)
    select last.seq + 1, batch.ids, batch.digests, batch.count, ${at}, last.hash, ${hash}
    from batch cross join audit_seal last
    where last.seq = ${lastSeq} and batch.count > 0
    returning entry_count as count`;
  return made?.count ?? 0;
}

/** A seal by its place in the chain, or the last one. */
export async function findSeal(sql: Sql, seq: number | null): Promise<SealRow | undefined> {
  const [row] = await sql<SealRow[]>`
    select seq, encode(hash, 'hex') as hash, entry_count as "entryCount", sealed_at as "sealedAt"
    from audit_seal where seq = coalesce(${seq}::bigint, (select max(seq) from audit_seal))`;
  return row;
}
