import type { Sql } from '../../database/connection.js';
import type { Requirement } from './requirement.js';

const requirementColumns = (sql: Sql) => sql`
  country, type, needs_registration as "needsRegistration", address_scope as "addressScope",
  address_proof as "addressProof", identity_proof as "identityProof", identity_type as "identityType",
  tax_id as "taxId", extra_form as "extraForm", service_description as "serviceDescription"`;

/** The requirements in force for these countries. */
export async function findRequirements(sql: Sql, countries: readonly string[]): Promise<Requirement[]> {
  return sql<Requirement[]>`
    select ${requirementColumns(sql)} from requirement
    where country = any(${countries as string[]}::text[]) and superseded_at is null`;
}

/** All requirements in force: one per country and type. */
export async function findAllRequirements(sql: Sql): Promise<Requirement[]> {
  return sql<Requirement[]>`select ${requirementColumns(sql)} from requirement where superseded_at is null`;
}
