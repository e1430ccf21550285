-- Policies by country and number type, and seals over the audit trail.

-- ── policies ─────────────────────────────────────────────────────────────────────────────────────────────────────

-- The most specific row wins: country and type, then country, then type, then the general one, which always exists.
alter table policy add column type text not null default ''
  check (type in ('', 'local', 'mobile', 'tollfree', 'national', 'sharedcost', 'global'));
alter table policy drop constraint policy_pkey;
alter table policy add primary key (name, environment, country, type);
-- What audit rows and remembered requests point at: the general row of a name and environment.
alter table policy add column id bigint generated always as identity unique;

insert into policy (name, environment, value) values
  ('cancel_seconds', 'live', 86400), ('cancel_seconds', 'test', 86400),
  ('cool_off_seconds', 'live', 1296000), ('cool_off_seconds', 'test', 1296000),
  ('grace_seconds', 'live', 604800), ('grace_seconds', 'test', 604800),
  ('registration_seconds', 'live', 2592000), ('registration_seconds', 'test', 2592000),
  ('idempotency_seconds', 'live', 86400), ('idempotency_seconds', 'test', 86400),
  ('address_auto_verify', 'live', 0), ('address_auto_verify', 'test', 1)
on conflict do nothing;

-- ── the audit trail ──────────────────────────────────────────────────────────────────────────────────────────────

-- Entries that no seal covers yet. Written with the entry, emptied by the sealing job: a queue without index or order,
-- so that it costs a sale next to nothing and two sales never wait for each other.
create table audit_waiting (
  entry_id bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
insert into audit_waiting (entry_id) select id from audit_entry;

-- Each seal covers a batch of committed entries and the seal before it (docs/operations/audit.md has the formula).
create table audit_seal (
  seq bigint primary key check (seq >= 0),
  entry_ids bigint[] not null,
  -- SHA-256 of each entry, in the order of entry_ids, so that a changed entry can be named.
  entry_digests bytea[] not null,
  entry_count int not null,
  sealed_at timestamptz not null,
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null unique check (octet_length(hash) = 32),
  constraint audit_seal_counts_its_entries
    check (entry_count = cardinality(entry_ids) and entry_count = cardinality(entry_digests))
);
create trigger audit_seal_append_only before update or delete on audit_seal
  for each row execute function refuse_change();
create trigger audit_seal_never_truncated before truncate on audit_seal
  for each statement execute function refuse_change();

-- The chain begins with a seal over nothing.
insert into audit_seal (seq, entry_ids, entry_digests, entry_count, sealed_at, previous_hash, hash)
values (0, '{}', '{}', 0, 'epoch', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'));

create index audit_entry_by_request on audit_entry using hash (request_id);
create index audit_entry_by_time on audit_entry using brin (at);
