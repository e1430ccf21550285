-- Totals of everything that an installation has, not only of what is for sale. A number is in one state: s free, h in
-- stock with a hold marked on it, r rented, q resting, w withdrawn. What an account may buy is the state s, as before.
alter table stock_shelf rename column free to numbers;
alter table stock_shelf add column state "char" not null default 's';
alter table stock_shelf alter column state drop default;
alter table stock_shelf drop constraint stock_shelf_key;
alter table stock_shelf add constraint stock_shelf_key unique nulls not distinct
  (group_id, environment, country_no, region_id, city_id, type, features, state);
alter table stock_change add column state "char" not null default 's';
alter table stock_change alter column state drop default;

create function stock_state(status "char", held_until timestamptz) returns "char" language sql immutable parallel safe
return case when status = 's' and held_until is not null then 'h'::"char" else status end;

create or replace function append_stock_changes() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into stock_change (group_id, environment, country_no, region_id, city_id, type, features, state, change)
    select group_id, environment_of_number(id), country_no, region_id, city_id, type, features,
           stock_state(status, held_until), count(*)
    from made group by 1, 2, 3, 4, 5, 6, 7, 8;
  elsif tg_op = 'DELETE' then
    insert into stock_change (group_id, environment, country_no, region_id, city_id, type, features, state, change)
    select group_id, environment_of_number(id), country_no, region_id, city_id, type, features,
           stock_state(status, held_until), -count(*)
    from gone group by 1, 2, 3, 4, 5, 6, 7, 8;
  else
    insert into stock_change (group_id, environment, country_no, region_id, city_id, type, features, state, change)
    select group_id, environment_of_number(id), country_no, region_id, city_id, type, features,
           stock_state(status, held_until), sum(change)
    from (select *, -1 as change from gone union all select *, 1 as change from made) moved
    group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(change) <> 0;
  end if;
  return null;
end $$;

insert into stock_shelf (group_id, environment, country_no, region_id, city_id, type, features, state, numbers)
select group_id, environment_of_number(id), country_no, region_id, city_id, type, features,
       stock_state(status, held_until), count(*)
from number where status <> 's' or held_until is not null
group by 1, 2, 3, 4, 5, 6, 7, 8;

-- What the operator lists that is neither for sale nor rented, and rentals that are not simply active.
create index number_set_apart on number (status, id) where status in ('q', 'w');
create index rental_not_active on rental (state, number_id) include (group_id)
  where state in ('awaiting_registration', 'suspended', 'pending_release');
-- The holds that a number has had.
create index reservation_history_by_number on reservation (number_id, id);
-- Where the numbers of a group can be.
create index group_prefix_by_group on group_prefix (group_id);
