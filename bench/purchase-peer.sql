-- The same purchase as one hand-written transaction, as a careful engineer would write it: number first, wallets last.
-- Everything that Numex writes for a sale is written here too. Each client walks through numbers of its own.
\set i :i + 1
\set number_id :first_number + :client_id * :numbers_per_client + :i - 1
\set account_id :first_account + random(0, :accounts - 1)
begin;
select g.id as group_id, g.country, n.has_own_price from number n join number_group g on g.id = n.group_id
  where n.id = :number_id and n.status = 's' and (n.held_until is null or n.held_until <= now()) for no key update of n \gset
select 1 from requirement where country = 'US' and type = 'local' and superseded_at is null and needs_registration;
select setup_minor, recurring_minor from price_rule
  where price_list_id = 1 and currency = 'USD' and (type = 'local' or type is null) and country is null and group_id is null
  order by type nulls last limit 1 \gset
update number set status = 'r', held_until = null, reservation_id = null where id = :number_id;
insert into purchase_order (id, account_id, mode, results, request_id, created_at)
  select nextval('purchase_order_id_seq'), :account_id::bigint, 'all_or_nothing',
         jsonb_build_array(jsonb_build_object('ok', true, 'number', :number_id::bigint)), 'req_peer', now() returning id as order_id \gset
insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor, recurring_minor,
                    cycle, next_charge_at, started_at, updated_at)
  select nextval('rental_id_seq'), :number_id, :account_id::bigint, w.id, :group_id, :order_id, 'active', 'USD',
         :setup_minor, :recurring_minor, 'month', now() + interval '1 month', now(), now()
  from wallet w where w.account_id = :account_id::bigint and w.currency = 'USD' returning id as rental_id, wallet_id \gset
insert into audit_entry (at, environment, account_id, actor, action, subject_kind, subject_id, number_id, request_id, details)
  values (now(), 'live', :account_id::bigint, 'key:1', 'number.buy', 'rental', :rental_id, :number_id, 'req_peer',
          jsonb_build_object('number', :number_id::bigint, 'order_id', :order_id::bigint, 'state', 'active', 'currency', 'USD', 'amount_minor', 350));
insert into event (at, account_id, type, subject_kind, subject_id, payload)
  values (now(), :account_id::bigint, 'number.rented', 'rental', :rental_id,
          jsonb_build_object('number', :number_id::bigint, 'order_id', :order_id::bigint, 'state', 'active', 'currency', 'USD', 'amount_minor', 350));
insert into idempotency (account_id, key, request_hash, outcome, subject_kind, subject_id, created_at)
  values (:account_id::bigint, 'peer-' || :number_id::bigint, sha256(:number_id::bigint::text::bytea),
          jsonb_build_object('ok', jsonb_build_object('kind', 'order', 'id', :order_id::bigint)), 'order', :order_id, now());
insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number, reference, request_id, created_at)
  values (:wallet_id, :revenue_wallet, :setup_minor::bigint + :recurring_minor::bigint, 'USD', 'rental', :rental_id, 0, null, 'req_peer', now());
update wallet set balance_minor = balance_minor - (:setup_minor::bigint + :recurring_minor::bigint) where id = :wallet_id;
update wallet set balance_minor = balance_minor + (:setup_minor::bigint + :recurring_minor::bigint) where id = :revenue_wallet;
commit;
