import type { Check } from './check.js';

/** The checks of what rentals point at. */
export const routingChecks: readonly Check[] = [
  {
    name: 'assignments_match_their_rentals',
    promise:
      'What points somewhere is a rental that its account holds, and points at something of that account that exists',
    examined: (sql) => sql`select count(*) from assignment where ended_at is null`,
    violations: (sql) => sql`
      select s.id as assignment_id, s.rental_id, s.account_id, r.account_id as rental_account_id, r.state,
             s.kind, t.id as target_id, t.account_id as target_account_id, t.deleted_at as target_deleted_at
      from assignment s
      left join rental r on r.id = s.rental_id
      left join lateral (
        select id, account_id, deleted_at from agent where id = s.agent_id
        union all select id, account_id, deleted_at from trunk where id = s.trunk_id
        union all select id, account_id, deleted_at from application where id = s.application_id
      ) t on true
      where s.ended_at is null
        and (r.id is null or r.ended_at is not null or r.state = 'pending_release' or r.account_id <> s.account_id
          or t.id is null or t.deleted_at is not null or t.account_id <> s.account_id)`,
  },
  {
    name: 'moves_lead_to_the_holder',
    promise: 'Each move of a rental begins where the one before ended, and the last leads to who holds it',
    examined: (sql) => sql`select count(*) from rental_move`,
    violations: (sql) => sql`
      select m.id as move_id, m.rental_id, m.to_account_id,
             coalesce(m.next_from_account_id, r.account_id) as next_account_id
      from (
        select id, rental_id, to_account_id,
               lead(from_account_id) over (partition by rental_id order by id) as next_from_account_id
        from rental_move
      ) m
      left join rental r on r.id = m.rental_id
      where coalesce(m.next_from_account_id, r.account_id) is distinct from m.to_account_id`,
  },
];
