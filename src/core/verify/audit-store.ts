import { entryDigest, sealedBody, sealHash } from '../audit/index.js';
import type { Sql } from '../../database/connection.js';
import type { Check, Fragment } from './check.js';

const sealedEntries = (sql: Sql): Fragment => sql`
  select s.seq, sealed.id, sealed.digest
  from audit_seal s cross join lateral unnest(s.entry_ids, s.entry_digests) as sealed(id, digest)`;

const recomputedHash = (sql: Sql): Fragment =>
  sealHash(sql, {
    previousHash: sql`s.previous_hash`,
    seq: sql`s.seq`,
    sealedAt: sql`s.sealed_at`,
    count: sql`s.entry_count`,
    body: sql`(select ${sealedBody(sql)} from unnest(s.entry_ids, s.entry_digests) as part(id, digest))`,
  });

/** The checks of the audit trail and its seals. An entry is sealed, or waits for a seal, from its commit on. */
export const auditChecks: readonly Check[] = [
  {
    name: 'audit_seals_form_a_chain',
    promise: 'Every seal of the audit trail is intact and follows the one before it, from the first',
    examined: (sql) => sql`select count(*) from audit_seal`,
    violations: (sql) => sql`
      select link.seq, link.broken
      from (
        select s.seq, case
          when s.seq is distinct from coalesce(lag(s.seq) over chain + 1, 0) then 'a seal before it is missing'
          when s.seq > 0 and s.previous_hash <> lag(s.hash) over chain then 'does not follow the seal before it'
          when s.seq > 0 and s.hash <> ${recomputedHash(sql)} then 'has been changed'
          end as broken
        from audit_seal s
        window chain as (order by s.seq)
      ) link
      where link.broken is not null
      union all
      select 0, 'is missing' where not exists (select 1 from audit_seal)`,
  },
  {
    name: 'audit_entries_are_unchanged',
    promise: 'Every sealed audit entry reads as it did when it was sealed',
    examined: (sql) => sql`select coalesce(sum(entry_count), 0) from audit_seal`,
    violations: (sql) => sql`
      select e.id as entry_id, sealed.seq as seal, e.at, e.action, e.request_id
      from (${sealedEntries(sql)}) sealed join audit_entry e on e.id = sealed.id
      where sealed.digest <> ${entryDigest(sql)}`,
  },
  {
    name: 'audit_entries_are_all_there',
    promise: 'No audit entry that is sealed, or waits for a seal, is missing',
    examined: (sql) => sql`
      select (select coalesce(sum(entry_count), 0) from audit_seal) + (select count(*) from audit_waiting)`,
    violations: (sql) => sql`
      select known.id as entry_id, known.seq as seal
      from (
        select sealed.id, sealed.seq from (${sealedEntries(sql)}) sealed
        union all
        select entry_id, null from audit_waiting
      ) known
      where not exists (select 1 from audit_entry e where e.id = known.id)`,
  },
  {
    name: 'audit_entries_came_by_the_front_door',
    promise: 'Every audit entry is sealed once or waits for its seal once: none was slipped in',
    examined: (sql) => sql`select count(*) from audit_entry`,
    violations: (sql) => sql`
      select e.id as entry_id, e.at, e.action, coalesce(known.times, 0) as times_known
      from audit_entry e
      left join (
        select id, count(*) as times
        from (
          select sealed.id from (${sealedEntries(sql)}) sealed union all select entry_id from audit_waiting
        ) place
        group by id
      ) known on known.id = e.id
      where known.times is distinct from 1`,
  },
];
