import type { Check } from './check.js';

/** The checks of rentals and the orders that opened them. Test numbers have 10^15 added to their id. */
export const rentalChecks: readonly Check[] = [
  {
    name: 'rentals_are_charged',
    promise: 'A rental has a charge for each of its cycles',
    examined: (sql) => sql`select count(*) from rental`,
    violations: (sql) => sql`
      select r.id as rental_id, r.cycle_number + 1 as cycles, coalesce(paid.charges, 0) as charges
      from rental r
      left join (
        select t.rental_id, count(distinct t.cycle_number) as charges
        from transfer t join rental of on of.id = t.rental_id
        where t.kind = 'rental' and t.cycle_number between 0 and of.cycle_number
        group by t.rental_id
      ) paid on paid.rental_id = r.id
      where coalesce(paid.charges, 0) <> r.cycle_number + 1`,
  },
  {
    name: 'rentals_keep_their_anchor',
    promise:
      'The next charge of an open rental is where its start and its cycle put it, and past due from there on',
    examined: (sql) => sql`select count(*) from rental where ended_at is null`,
    violations: (sql) => sql`
      select r.id as rental_id, r.cycle, r.cycle_number, r.started_at, r.next_charge_at, r.past_due_since
      from rental r
      where r.ended_at is null
        and (r.past_due_since <> r.next_charge_at
          or r.next_charge_at <> case r.cycle
               when '28d' then r.started_at + (r.cycle_number + 1) * interval '672 hours'
               else (r.started_at at time zone 'UTC' + make_interval(months => r.cycle_number + 1)) at time zone 'UTC'
             end)`,
  },
  {
    name: 'rentals_are_audited',
    promise: 'A rental has the audit row of its purchase',
    examined: (sql) => sql`select count(*) from rental`,
    violations: (sql) => sql`
      select r.id as rental_id, r.number_id
      from rental r
      where not exists (
        select 1 from audit_entry a
        where a.subject_kind = 'rental' and a.subject_id = r.id and a.action = 'number.buy')`,
  },
  {
    name: 'rentals_are_announced',
    promise: 'A rental has its event',
    examined: (sql) => sql`select count(*) from rental`,
    violations: (sql) => sql`
      select r.id as rental_id, r.number_id
      from rental r
      where not exists (
        select 1 from event e
        where e.subject_kind = 'rental' and e.subject_id = r.id and e.type = 'number.rented')`,
  },
  {
    name: 'rentals_refer_to_what_exists',
    promise: 'The wallet, group and order of a rental exist, and it is paid in the currency of its wallet',
    examined: (sql) => sql`select count(*) from rental`,
    violations: (sql) => sql`
      select r.id as rental_id, w.id as wallet_id, g.id as group_id, o.id as order_id,
             r.currency, w.currency as wallet_currency
      from rental r
      left join wallet w on w.id = r.wallet_id
      left join number_group g on g.id = r.group_id
      left join purchase_order o on o.id = r.order_id
      where w.id is null or g.id is null or o.id is null or w.currency <> r.currency`,
  },
  {
    name: 'rentals_keep_their_environment',
    promise: 'The number, the account and the wallet of a rental are of one environment',
    examined: (sql) => sql`select count(*) from rental`,
    violations: (sql) => sql`
      select r.id as rental_id, r.number_id, a.environment as account_environment, w.environment as wallet_environment
      from rental r join account a on a.id = r.account_id left join wallet w on w.id = r.wallet_id
      where (a.environment = 'test') <> (r.number_id >= 1000000000000000) or w.environment <> a.environment`,
  },
  {
    name: 'rentals_are_registered_with_own_addresses',
    promise: 'A rental is registered with an address of an account that holds or has held it, or with none',
    examined: (sql) => sql`select count(*) from rental where address_id is not null`,
    violations: (sql) => sql`
      select r.id as rental_id, r.account_id, r.address_id, a.account_id as address_account_id
      from rental r left join address a on a.id = r.address_id
      where r.address_id is not null and a.account_id is distinct from r.account_id
        and not exists (
          select 1 from rental_move m
          where m.rental_id = r.id and a.account_id in (m.from_account_id, m.to_account_id))`,
  },
  {
    name: 'orders_have_their_rentals',
    promise: 'Every number that an order says it bought is a rental of that order',
    examined: (sql) => sql`select count(*) from purchase_order`,
    violations: (sql) => sql`
      select o.id as order_id, line.bought ->> 'rentalId' as rental_id, line.bought ->> 'numberId' as number_id
      from purchase_order o
      cross join lateral jsonb_array_elements(o.results) as line(bought)
      left join rental r on r.id = (line.bought ->> 'rentalId')::bigint
      where (line.bought ->> 'ok')::boolean
        and (r.id is null or r.order_id <> o.id or r.number_id <> (line.bought ->> 'numberId')::bigint)`,
  },
];
