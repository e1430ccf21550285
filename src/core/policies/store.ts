import type { Sql } from '../../database/connection.js';
import type { NumberType } from '../catalogue/index.js';
import type { Environment } from '../context.js';
import type { PolicyName, PolicyRow } from './policy.js';

const policyColumns = (sql: Sql) => sql`name, environment, country, type, value`;

/** All values of these policies, general ones and overrides. */
export async function findPolicies(sql: Sql, names: readonly PolicyName[]): Promise<PolicyRow[]> {
  return sql<PolicyRow[]>`
    select ${policyColumns(sql)} from policy where name = any(${names as PolicyName[]}::text[])
    order by name, environment, country, type`;
}

/** The values that may hold for a scope: its own, the country's, the type's and the general one. */
export async function findPoliciesFor(
  sql: Sql,
  name: PolicyName,
  environment: Environment,
  country: string,
  type: NumberType | '',
): Promise<PolicyRow[]> {
  return sql<PolicyRow[]>`
    select ${policyColumns(sql)} from policy
    where name = ${name} and environment = ${environment} and country in ('', ${country}) and type in ('', ${type})`;
}

/** Locks the general row of a policy, behind which all changes of it queue; makes it if it has gone. */
export async function lockGeneralPolicy(
  sql: Sql,
  name: PolicyName,
  environment: Environment,
  standard: number,
): Promise<{ id: number; value: number }> {
  const [row] = await sql<{ id: number; value: number }[]>`
    insert into policy (name, environment, value) values (${name}, ${environment}, ${standard})
    on conflict (name, environment, country, type) do update set name = excluded.name
    returning id, value`;
  return row as { id: number; value: number };
}

export async function putPolicy(sql: Sql, row: PolicyRow): Promise<void> {
  await sql`
    insert into policy (name, environment, country, type, value)
    values (${row.name}, ${row.environment}, ${row.country}, ${row.type}, ${row.value})
    on conflict (name, environment, country, type) do update set value = excluded.value`;
}

/** The value that an override had; undefined when there was none. */
export async function deleteOverride(
  sql: Sql,
  name: PolicyName,
  environment: Environment,
  country: string,
  type: NumberType | '',
): Promise<number | undefined> {
  const [row] = await sql<{ value: number }[]>`
    delete from policy
    where name = ${name} and environment = ${environment} and country = ${country} and type = ${type}
      and (country <> '' or type <> '')
    returning value`;
  return row?.value;
}

/** A policy's seconds for the account `a` and the group `g`: the most specific row, as policies/ has it. */
export const policySeconds = (sql: Sql, name: string) => sql`
  coalesce((select p.value from policy p
            where p.name = ${name} and p.environment = a.environment and p.country in ('', g.country) and p.type in ('', g.type::text)
            order by p.country desc, p.type desc limit 1), 0)`;
