-- Due work that goes by the server's time reads due rows in order of their due times. Rows of accounts on a test clock
-- fall due by that clock only, so a clock that stands still left them at the head of every run. The first run that meets
-- such a row marks it, and the indexes of live due work hold unmarked rows only.

alter table reservation add column on_clock boolean not null default false;
alter table rental add column on_clock boolean not null default false;
alter table wallet add column on_clock boolean not null default false;
alter table idempotency add column on_clock boolean not null default false;

drop index reservation_due;
create index reservation_due on reservation (expires_at) where state = 'active' and not on_clock;

drop index rental_charge_due;
create index rental_charge_due on rental (coalesce(retry_at, next_charge_at), id)
  where ended_at is null and state <> 'pending_release' and not on_clock;
drop index rental_window_due;
create index rental_window_due on rental (reclaim_until) where state = 'pending_release' and not on_clock;
drop index rental_registration_due;
create index rental_registration_due on rental (started_at) where state = 'awaiting_registration' and not on_clock;

drop index wallet_funded;
create index wallet_funded on wallet (id) where funded_at is not null and not on_clock;

drop index idempotency_by_age;
create index idempotency_by_age on idempotency (created_at) where not on_clock;

-- An address that becomes usable registers the rentals that wait for it, the suspended ones too: without them in the
-- index, each such decision read the rentals of everybody.
drop index rental_awaiting_by_account;
create index rental_awaiting_by_account on rental (account_id, number_id)
  where state in ('awaiting_registration', 'suspended');
