import type { Check } from './check.js';

/** The checks of wallets and transfers. */
export const moneyChecks: readonly Check[] = [
  {
    name: 'balances_are_sums',
    promise: 'The balance of every wallet is the sum of its transfers',
    examined: (sql) => sql`select count(*) from wallet`,
    violations: (sql) => sql`
      select w.id as wallet_id, w.kind, w.currency, w.balance_minor, coalesce(moved.minor, 0) as transfers_minor
      from wallet w
      left join (
        select wallet_id, sum(minor) as minor
        from (
          select debit_wallet_id as wallet_id, -sum(amount_minor) as minor from transfer group by debit_wallet_id
          union all
          select credit_wallet_id, sum(amount_minor) from transfer group by credit_wallet_id
        ) side
        group by wallet_id
      ) moved on moved.wallet_id = w.id
      where w.balance_minor <> coalesce(moved.minor, 0)`,
  },
  {
    name: 'wallets_within_their_limit',
    promise: 'No wallet of a tenant is below its credit limit',
    examined: (sql) => sql`select count(*) from wallet where kind = 'tenant'`,
    violations: (sql) => sql`
      select id as wallet_id, currency, balance_minor, credit_limit_minor
      from wallet where kind = 'tenant' and balance_minor < -credit_limit_minor`,
  },
  {
    name: 'transfers_sum_to_zero',
    promise: 'The transfers of an environment and currency sum to zero',
    examined: (sql) => sql`select count(*) from transfer`,
    violations: (sql) => sql`
      select environment, currency, sum(minor) as sum_minor
      from (
        select w.environment, t.currency, -sum(t.amount_minor) as minor
        from transfer t left join wallet w on w.id = t.debit_wallet_id group by w.environment, t.currency
        union all
        select w.environment, t.currency, sum(t.amount_minor)
        from transfer t left join wallet w on w.id = t.credit_wallet_id group by w.environment, t.currency
      ) side
      group by environment, currency
      having sum(minor) <> 0 or environment is null`,
  },
  {
    name: 'transfers_keep_their_currency',
    promise: 'A transfer is in the currency of both its wallets',
    examined: (sql) => sql`select count(*) from transfer`,
    violations: (sql) => sql`
      select t.id as transfer_id, t.currency, d.currency as debit_currency, c.currency as credit_currency
      from transfer t join wallet d on d.id = t.debit_wallet_id join wallet c on c.id = t.credit_wallet_id
      where t.currency <> d.currency or t.currency <> c.currency`,
  },
  {
    name: 'charges_belong_to_rentals',
    promise: 'Every charge is of a rental and of a cycle that it has reached',
    examined: (sql) => sql`select count(*) from transfer where kind = 'rental'`,
    violations: (sql) => sql`
      select t.id as transfer_id, t.rental_id, t.cycle_number, r.cycle_number as rental_cycle_number
      from transfer t left join rental r on r.id = t.rental_id
      where t.kind = 'rental' and (r.id is null or t.cycle_number not between 0 and r.cycle_number)`,
  },
  {
    name: 'charges_match_the_price',
    promise: 'A charge is what the rental says: set-up and one cycle at first, one cycle from then on',
    examined: (sql) => sql`select count(*) from transfer where kind = 'rental'`,
    violations: (sql) => sql`
      select t.id as transfer_id, t.rental_id, t.cycle_number, t.amount_minor, t.currency,
             r.setup_minor, r.recurring_minor, r.currency as rental_currency
      from transfer t join rental r on r.id = t.rental_id
      where t.kind = 'rental'
        and (t.currency <> r.currency
          or t.amount_minor <> r.recurring_minor + case when t.cycle_number = 0 then r.setup_minor else 0 end)`,
  },
  {
    name: 'transfers_go_where_their_kind_says',
    promise: 'Every transfer goes between a tenant and the wallet of the operator that its kind says',
    examined: (sql) => sql`select count(*) from transfer`,
    violations: (sql) => sql`
      select t.id as transfer_id, t.kind, d.kind as debit_kind, c.kind as credit_kind
      from transfer t left join wallet d on d.id = t.debit_wallet_id left join wallet c on c.id = t.credit_wallet_id
      where (t.kind, d.kind, c.kind) not in (
          ('deposit', 'deposits', 'tenant'), ('withdrawal', 'tenant', 'deposits'),
          ('rental', 'tenant', 'revenue'), ('release_fee', 'tenant', 'revenue'),
          ('refund', 'revenue', 'tenant'), ('adjustment', 'revenue', 'tenant'), ('adjustment', 'tenant', 'revenue'))`,
  },
  {
    name: 'corrections_have_a_reason',
    promise: 'Money that the operator moved by hand has a reason, and belongs to no cycle of a rental',
    examined: (sql) => sql`
      select count(*) from transfer where kind in ('adjustment', 'withdrawal') or (kind = 'refund' and rental_id is null)`,
    violations: (sql) => sql`
      select id as transfer_id, kind, reference, rental_id, cycle_number from transfer
      where kind in ('adjustment', 'withdrawal') and (reference is null or rental_id is not null)
         or kind = 'refund' and rental_id is null and reference is null`,
  },
];
