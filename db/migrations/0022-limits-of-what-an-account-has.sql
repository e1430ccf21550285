-- How many things of a kind an account may have. Who has more already keeps them and makes no further one.
insert into policy (name, environment, value)
select name, environment, value
from (values
  ('trunks_per_account', 1000), ('applications_per_account', 1000), ('agents_per_account', 1000),
  ('keys_per_account', 100), ('test_clocks_per_account', 20), ('sub_accounts_per_account', 10000),
  ('webhook_endpoints_per_account', 20), ('addresses_per_account', 1000)) as limits (name, value)
cross join (values ('live'::environment), ('test'::environment)) as environments (environment)
on conflict do nothing;
