import type { Sql } from '../../database/connection.js';
import type { Requirement } from './requirement.js';

/** The requirements in force for these countries. */
export async function findRequirements(sql: Sql, countries: readonly string[]): Promise<Requirement[]> {
  return sql<Requirement[]>`
    select country, type, needs_registration as "needsRegistration", address_scope as "addressScope",
           address_proof as "addressProof", identity_proof as "identityProof", identity_type as "identityType",
           tax_id as "taxId", extra_form as "extraForm", service_description as "serviceDescription"
    from requirement
    where country = any(${countries as string[]}::text[]) and superseded_at is null`;
}
