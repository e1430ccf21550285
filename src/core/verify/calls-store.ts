import type { Check } from './check.js';

/** The checks of calls. Test numbers have 10^15 added to their id. */
export const callChecks: readonly Check[] = [
  {
    name: 'calls_match_their_parties',
    promise:
      'Every call concerns a number that is one of its legs, with the start and the progress of the call itself',
    examined: (sql) => sql`select (select count(*) from call) + (select count(*) from call_party)`,
    violations: (sql) => sql`
      select c.id as call_row_id, c.environment::text || ':' || c.call_id as call_id, p.number_id, p.account_id
      from call c full join call_party p on p.call_id = c.id
      left join account a on a.id = p.account_id
      where c.id is null or p.call_id is null
        or p.started_at <> c.started_at or p.in_progress <> (c.ended_at is null)
        or p.number_id not in (
          coalesce(c.from_digits, c.to_digits) + case c.environment when 'test' then 1000000000000000 else 0 end,
          c.to_digits + case c.environment when 'test' then 1000000000000000 else 0 end)
        or (p.account_id is not null and a.environment is distinct from c.environment)`,
  },
];
