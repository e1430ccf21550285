import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql, Transaction } from '../../database/connection.js';

/** The SQL that loads the catalogue: each file is copied into a temporary table, then merged into the real one. */

export type CatalogueTable = 'country' | 'region' | 'city' | 'number_group' | 'group_prefix' | 'requirement';

export async function isLoaded(sql: Sql, digest: string): Promise<boolean> {
  const rows = await sql`select 1 from catalogue_load where digest = ${digest}`;
  return rows.length > 0;
}

/** One load, or one import that relies on the groups, at a time; readers are not kept waiting. */
export async function lockCatalogue(tx: Transaction): Promise<void> {
  await tx`lock table catalogue_load in share row exclusive mode`;
}

export async function insertLoad(tx: Transaction, digest: string, at: Date): Promise<void> {
  await tx`insert into catalogue_load (digest, loaded_at) values (${digest}, ${at})`;
}

/** Copies a file, whose first line names the columns, into `staged_<table>`. */
export async function stageTable(tx: Transaction, table: CatalogueTable, text: Buffer): Promise<void> {
  const columns = text.subarray(0, text.indexOf('\n')).toString('utf8').trim().split('\t');
  const staged = `staged_${table}`;
  await tx`create temp table ${tx(staged)} on commit drop as select ${tx(columns)} from ${tx(table)} limit 0`;
  const copy = await tx`copy ${tx(staged)} (${tx(columns)}) from stdin with (header true)`.writable();
  await pipeline(Readable.from([text], { objectMode: false }), copy);
  await tx`analyze ${tx(staged)}`;
}

/** Countries that ask for local presence when they are first loaded; from then on the row is the operator's. */
const localPresenceCountries = ['DE', 'ES'];

export async function mergeCountries(tx: Transaction): Promise<void> {
  await tx`
    insert into country as old (code, name, calling_code, local_presence)
    select code, name, calling_code, code = any(${localPresenceCountries}::text[]) from staged_country
    on conflict (code) do update set name = excluded.name, calling_code = excluded.calling_code
    where (old.name, old.calling_code) is distinct from (excluded.name, excluded.calling_code)`;
}

export async function mergeRegions(tx: Transaction): Promise<void> {
  await tx`
    insert into region as old (id, country, code, name)
    select id, country, code, name from staged_region
    on conflict (id) do update set country = excluded.country, code = excluded.code, name = excluded.name
    where (old.country, old.code, old.name) is distinct from (excluded.country, excluded.code, excluded.name)`;
}

export async function mergeCities(tx: Transaction): Promise<void> {
  await tx`
    insert into city as old (id, country, region_id, name, time_zone, population)
    select id, country, region_id, name, time_zone, population from staged_city
    on conflict (id) do update
    set country = excluded.country, region_id = excluded.region_id, name = excluded.name,
        time_zone = excluded.time_zone, population = excluded.population
    where (old.country, old.region_id, old.name, old.time_zone, old.population)
      is distinct from (excluded.country, excluded.region_id, excluded.name, excluded.time_zone, excluded.population)`;
}

/** Features follow only where the stock had not set its own. The country's number is that of number-row.ts. */
export async function moveNumbersOfChangedGroups(tx: Transaction): Promise<void> {
  await tx`
    update number n
    set city_id = new.city_id, region_id = new.region_id, type = left(new.type::text, 1)::"char",
        country_no = (ascii(new.country) - 65) * 26 + ascii(substr(new.country, 2)) - 65,
        features = case when n.features = old.features then new.features else n.features end
    from staged_number_group new
    join number_group old on old.id = new.id
    where n.group_id = new.id
      and (old.country, old.type, old.region_id, old.city_id, old.features)
        is distinct from (new.country, new.type, new.region_id, new.city_id, new.features)`;
}

/** A public id that goes to another group leaves the one that has it, so that the merge meets it free. */
export async function freeMovedPublicIds(tx: Transaction): Promise<void> {
  await tx`
    update number_group old set public_id = 'moved-' || old.id
    from staged_number_group new
    where new.public_id = old.public_id and new.id <> old.id`;
}

export async function mergeGroups(tx: Transaction): Promise<void> {
  await tx`
    insert into number_group as old
      (id, public_id, country, type, region_id, city_id, location, prefix, dial_prefix, features,
       allow_number_selection, time_zone)
    select id, public_id, country, type, region_id, city_id, location, prefix, dial_prefix, features,
           allow_number_selection, time_zone
    from staged_number_group
    on conflict (id) do update
    set public_id = excluded.public_id, country = excluded.country, type = excluded.type,
        region_id = excluded.region_id, city_id = excluded.city_id, location = excluded.location,
        prefix = excluded.prefix, dial_prefix = excluded.dial_prefix, features = excluded.features,
        allow_number_selection = excluded.allow_number_selection, time_zone = excluded.time_zone
    where (old.public_id, old.country, old.type, old.region_id, old.city_id, old.location, old.prefix,
           old.dial_prefix, old.features, old.allow_number_selection, old.time_zone)
      is distinct from
          (excluded.public_id, excluded.country, excluded.type, excluded.region_id, excluded.city_id,
           excluded.location, excluded.prefix, excluded.dial_prefix, excluded.features,
           excluded.allow_number_selection, excluded.time_zone)`;
}

/**
 * Prefixes have no id that anything could point at, and the longest one decides where a number belongs: one that is no
 * longer listed would go on deciding, so it goes.
 */
export async function replacePrefixes(tx: Transaction): Promise<void> {
  await tx`
    delete from group_prefix old
    where not exists (select 1 from staged_group_prefix new where new.prefix = old.prefix)`;
  await tx`
    insert into group_prefix as old (prefix, group_id)
    select prefix, group_id from staged_group_prefix
    on conflict (prefix) do update set group_id = excluded.group_id
    where old.group_id <> excluded.group_id`;
}

/** Demands in force that read otherwise now. What an operator has set (source `operator`) stays as it is. */
export async function supersedeRequirements(tx: Transaction, now: Date): Promise<void> {
  await tx`
    update requirement old set superseded_at = ${now}
    from staged_requirement new
    where old.country = new.country and old.type = new.type and old.superseded_at is null
      and old.source !~ '^operator(:|$)'
      and (old.needs_registration, old.address_scope, old.address_proof, old.identity_proof, old.identity_type,
           old.tax_id, old.extra_form, old.service_description, old.confidence, old.source)
        is distinct from
          (new.needs_registration, new.address_scope, new.address_proof, new.identity_proof, new.identity_type,
           new.tax_id, new.extra_form, new.service_description, new.confidence, new.source)`;
}

/** The next version of every demand that has none in force. */
export async function insertRequirements(tx: Transaction): Promise<void> {
  await tx`
    insert into requirement
      (country, type, version, needs_registration, address_scope, address_proof, identity_proof, identity_type,
       tax_id, extra_form, service_description, confidence, source)
    select new.country, new.type,
           1 + coalesce((select max(version) from requirement r where (r.country, r.type) = (new.country, new.type)), 0),
           new.needs_registration, new.address_scope, new.address_proof, new.identity_proof, new.identity_type,
           new.tax_id, new.extra_form, new.service_description, new.confidence, new.source
    from staged_requirement new
    where not exists (
      select 1 from requirement r
      where r.country = new.country and r.type = new.type and r.superseded_at is null)`;
}

export async function analyzeCatalogue(tx: Transaction): Promise<void> {
  await tx`analyze country, region, city, number_group, group_prefix, requirement`;
}
