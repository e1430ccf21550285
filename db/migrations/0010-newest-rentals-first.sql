-- Pages of an account's numbers, the newest purchase first.

create index rental_newest_by_account on rental (account_id, started_at, id) where ended_at is null;
