-- Requests counted per account and window, shared by all processes. Unlogged: after a crash of the database the windows
-- begin anew, and a count costs no write to the log. Rows of windows that have ended are deleted by the processes.
-- Names, order and meaning of the columns are rate-limiter-flexible's; `expire` is in milliseconds since 1970.
create unlogged table rate_limit (
  key text primary key,
  points bigint not null default 0,
  expire bigint
) with (fillfactor = 50);

create index rate_limit_expire on rate_limit (expire);
