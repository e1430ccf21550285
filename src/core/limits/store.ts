import type { Sql } from '../../database/connection.js';
import type { Environment } from '../authority/index.js';
import type { LimitName } from './limits.js';

/** The value that the operator has set; undefined where there is none. A limit has no overrides. */
export async function findLimit(
  sql: Sql,
  name: LimitName,
  environment: Environment,
): Promise<number | undefined> {
  const [row] = await sql<{ value: number }[]>`
    select value from policy where name = ${name} and environment = ${environment} and country = '' and type = ''`;
  return row?.value;
}
