import type { Sql } from '../../database/connection.js';
import type { DueScope } from './due-scope.js';

/** Limits rows to the accounts whose time counts; the account is `a`. */
export const inScope = (sql: Sql, { clockId }: DueScope) =>
  clockId === null ? sql`a.clock_id is null` : sql`a.clock_id = ${clockId}`;
