import type { Check } from './check.js';

/** The checks of what rentals point at. */
export const routingChecks: readonly Check[] = [
  {
    name: 'assignments_match_their_rentals',
    promise:
      'What points somewhere is a rental that its account holds, and points at an agent of that account',
    examined: (sql) => sql`select count(*) from assignment where ended_at is null`,
    violations: (sql) => sql`
      select s.id as assignment_id, s.rental_id, s.account_id, r.account_id as rental_account_id, r.state,
             s.agent_id, a.account_id as agent_account_id, a.status as agent_status
      from assignment s
      left join rental r on r.id = s.rental_id
      left join agent a on a.id = s.agent_id
      where s.ended_at is null
        and (r.id is null or r.ended_at is not null or r.state = 'pending_release' or r.account_id <> s.account_id
          or (s.kind = 'agent' and (a.id is null or a.deleted_at is not null or a.account_id <> s.account_id)))`,
  },
];
