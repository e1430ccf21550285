-- Lists of keys, sub-accounts and holds are read in pages by id, and what an account has is counted up to a limit:
-- indexes in that order, without the rows that have gone.
drop index api_key_by_account;
create index api_key_by_account on api_key (account_id, id) where account_id is not null;
create index api_key_in_force_by_account on api_key (account_id)
  where account_id is not null and revoked_at is null and expires_at is null;

drop index account_by_parent;
create index account_by_parent on account (parent_id, id) where parent_id is not null;
create index account_open_by_parent on account (parent_id, id) where parent_id is not null and deleted_at is null;

drop index reservation_active_by_account;
create index reservation_active_by_account on reservation (account_id, id) where state = 'active';
