import { isStillHeld } from '../number-life-store.js';
import type { Check } from './check.js';

/** The checks of accounts: nothing is left with one that has been closed, where nobody could use it or give it up. */
export const accountChecks: readonly Check[] = [
  {
    name: 'closed_accounts_hold_nothing',
    promise: 'A closed account has no number and no hold; `numex repair orphans` mends it',
    examined: (sql) => sql`select count(*) from account`,
    violations: (sql, now) => sql`
      select a.public_id as account, a.deleted_at, 'rental' as kind, r.id, r.number_id
      from account a join rental r on r.account_id = a.id
      left join test_clock c on c.id = a.clock_id
      where a.deleted_at is not null and r.ended_at is null
        and ${isStillHeld(sql, 'r', sql`coalesce(c.now_at, ${now})`)}
      union all
      select a.public_id, a.deleted_at, 'reservation', r.id, r.number_id
      from account a join reservation r on r.account_id = a.id
      left join test_clock c on c.id = a.clock_id
      where a.deleted_at is not null and r.state = 'active' and r.expires_at > coalesce(c.now_at, ${now})`,
  },
];
