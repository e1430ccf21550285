-- Search: what finds numbers in stock. docs/adr/0003-search-indexes.md has the measurements.
-- All of these indexes hold stock only: a sale leaves them alone, and reserving (held_until) touches no index at all.

-- The digits backwards, padded to the fifteen of E.164, so that "ends with 777" is one range from 777000000000000
-- on. No two numbers share it: the last digit that is not zero is the number's first. Test numbers keep their 10^15.
create function reversed_digits(id bigint) returns bigint
  language sql immutable strict parallel safe
  return rpad(reverse((id % 1000000000000000)::text), 15, '0')::bigint + id / 1000000000000000 * 1000000000000000;

-- Any number of a group, and a group's list.
create index number_in_stock_by_group on number (group_id, id) where status = 's';

-- Type and features come before the digits: whoever asks for text messages in a region that has none gets his answer
-- from the first page of the index. They fill what alignment would leave empty, so they cost no space.
create index number_in_stock_by_city on number (city_id, type, features, id) where status = 's' and city_id is not null;
create index number_in_stock_by_region on number (region_id, type, features, id)
  where status = 's' and region_id is not null;
create index number_in_stock_by_country on number (country_no, type, features, id) where status = 's';

-- Digits from the left and from the right: prefixes, endings, and with them runs and patterns anywhere in a number.
create index number_in_stock_by_digits on number (country_no, id) where status = 's';
create index number_in_stock_by_reversed_digits on number (country_no, reversed_digits(id)) where status = 's';
