-- Money that the operator moves by hand, statements of a month, and the list of what is past due.
alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check
  check (kind in ('deposit', 'rental', 'release_fee', 'refund', 'adjustment', 'withdrawal'));
alter table transfer add constraint transfer_by_hand_has_a_reason
  check (reference is not null or kind not in ('adjustment', 'withdrawal') and (kind <> 'refund' or rental_id is not null));

-- Ids follow the order of posting; charges are dated by their due times. A month is a range of the dates.
create index transfer_by_credit_wallet_and_time on transfer (credit_wallet_id, created_at, id) include (amount_minor);
create index transfer_by_debit_wallet_and_time on transfer (debit_wallet_id, created_at, id) include (amount_minor);

create index rental_past_due on rental (past_due_since, id) where past_due_since is not null;
