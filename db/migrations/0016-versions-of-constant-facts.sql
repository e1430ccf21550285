-- Versions of facts that seldom change, so that a process may keep them in memory: whoever changes one of these tables,
-- by whatever statement, moves its version in the same transaction. A version is compared for equality, nothing else.

create table fact_version (
  kind text primary key check (kind in ('policy', 'price_rule', 'requirement')),
  version bigint not null default 1
);
insert into fact_version (kind) values ('policy'), ('price_rule'), ('requirement');

create function move_fact_version() returns trigger language plpgsql as $$
begin
  update fact_version set version = version + 1 where kind = tg_table_name;
  return null;
end $$;

create trigger policy_moves_version after insert or update or delete or truncate on policy
  for each statement execute function move_fact_version();
create trigger price_rule_moves_version after insert or update or delete or truncate on price_rule
  for each statement execute function move_fact_version();
create trigger requirement_moves_version after insert or update or delete or truncate on requirement
  for each statement execute function move_fact_version();
