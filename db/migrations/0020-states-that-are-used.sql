-- A rental is never blocked and nothing writes withdrawals or adjustments: what no verb makes, no row may say.
alter table rental drop constraint rental_state_check;
alter table rental add constraint rental_state_check
  check (state in ('active', 'awaiting_registration', 'suspended', 'pending_release', 'ended')) not valid;
alter table rental validate constraint rental_state_check;

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check
  check (kind in ('deposit', 'rental', 'release_fee', 'refund')) not valid;
alter table transfer validate constraint transfer_kind_check;
