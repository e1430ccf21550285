-- Holds are limited per payer, a parent together with its sub-accounts, and counted by this column.
alter table reservation add column payer_id bigint references account (id);
update reservation r set payer_id = coalesce(a.parent_id, a.id) from account a where a.id = r.account_id;
alter table reservation alter column payer_id set not null;
create index reservation_active_by_payer on reservation (payer_id, expires_at) where state = 'active';

insert into policy (name, environment, value) values
  ('reservation_total_seconds', 'live', 86400), ('reservation_total_seconds', 'test', 86400)
on conflict do nothing;
