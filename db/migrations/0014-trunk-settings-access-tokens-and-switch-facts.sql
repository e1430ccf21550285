-- What a trunk is told beyond its name and limits. `settings` has the names of TrunkSettings (src/core/routing/trunks).
alter table trunk
  add column description text not null default '',
  add column calls_per_second_max int not null default 2 check (calls_per_second_max >= 0),
  add column settings jsonb not null default '{}',
  drop constraint trunk_direction_check,
  add constraint trunk_direction_check check (direction in ('inbound', 'outbound', 'both')),
  drop constraint trunk_concurrent_calls_max_check,
  add constraint trunk_concurrent_calls_max_check check (concurrent_calls_max >= 0);

-- A key with an end is an access token.
alter table api_key add column expires_at timestamptz;

-- What the switch says of a call beside its numbers and times, under the names of SwitchFacts (src/core/usage).
alter table call add column switch_facts jsonb not null default '{}';
