-- Room for documents: what each account has on disk, with its sub-accounts, and whose the files of a folder are.

create table document_total (
  account_id bigint primary key references account,
  byte_count bigint not null check (byte_count >= 0)
);
comment on table document_total is 'bytes of the documents of an account and its sub-accounts';
insert into document_total (account_id, byte_count)
select coalesce(a.parent_id, a.id), sum(d.byte_count)
from address_document d join address on address.id = d.address_id join account a on a.id = address.account_id
group by 1;

-- The names of this database's files begin with the tag, so that files of another one in the same folder are left alone.
create table document_store (
  only_row boolean primary key default true check (only_row),
  tag text not null check (tag ~ '^[0-9a-f]{8}$')
);
insert into document_store (tag) values (left(replace(gen_random_uuid()::text, '-', ''), 8));

insert into policy (name, environment, value) values
  ('document_bytes_per_account', 'live', 2147483648), ('document_bytes_per_account', 'test', 268435456)
on conflict do nothing;
