import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '../../../database/connection.js';

/** The SQL of stock coming in: a chunk is copied into a temporary table and merged with one statement. */

/** The groups that the import holds in memory must not change under it; imports also take turns. */
export async function lockCatalogue(tx: Sql): Promise<void> {
  await tx`lock table catalogue_load in share row exclusive mode`;
}

export async function createStaging(tx: Sql): Promise<void> {
  await tx`
    create temp table staged_number (
      id bigint not null,
      group_id int not null,
      city_id int,
      country_no smallint not null,
      region_id smallint,
      features smallint not null,
      type "char" not null,
      currency text,
      setup_minor bigint,
      recurring_minor bigint,
      cycle billing_cycle
    ) on commit drop`;
}

/** Ends the life of the staging table for an import that is part of a larger transaction. */
export async function dropStaging(tx: Sql): Promise<void> {
  await tx`drop table staged_number`;
}

/** `lines` are rows in the text form of COPY, in the order of the columns above. */
export async function stageNumbers(tx: Sql, lines: string): Promise<void> {
  await tx`truncate staged_number`;
  const copy = await tx`copy staged_number from stdin`.writable();
  await pipeline(Readable.from([Buffer.from(lines)], { objectMode: false }), copy);
}

/** Adds what is new, in order of id for the sake of the indexes, and says how many that were. */
export async function mergeNumbers(tx: Sql): Promise<number> {
  const result = await tx`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id, group_id, city_id, country_no, region_id, features, type, 's'
    from staged_number
    order by id
    on conflict (id) do nothing`;
  return result.count;
}

/** The same for a chunk with prices: a number that is new gets its own, one that was there keeps what it has. */
export async function mergePricedNumbers(tx: Sql): Promise<number> {
  const [row] = await tx<{ merged: number }[]>`
    with staged as materialized (
      select distinct on (id) * from staged_number order by id
    ), merged as (
      insert into number (id, group_id, city_id, country_no, region_id, features, type, status, has_own_price)
      select id, group_id, city_id, country_no, region_id, features, type, 's', currency is not null
      from staged
      order by id
      on conflict (id) do nothing
      returning id
    ), priced as (
      insert into number_price (number_id, currency, setup_minor, recurring_minor, cycle)
      select id, currency, setup_minor, recurring_minor, cycle
      from staged join merged using (id)
      where currency is not null
    )
    select count(*) as merged from merged`;
  return row?.merged ?? 0;
}

/** Fresh statistics: plans made for a small table must not outlive it. */
export async function analyzeNumbers(tx: Sql): Promise<void> {
  await tx`analyze number`;
}

export async function findAnyNumber(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1 from number limit 1`;
  return rows.length > 0;
}
