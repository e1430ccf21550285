import type { Sql } from '../../database/connection.js';
import type { Account } from '../authority/index.js';
import { domainError } from '../errors.js';
import { limits } from './limits.js';
import type { LimitName } from './limits.js';
import { findLimit } from './store.js';

/** How many things of the kind an account has, counted no further than `atMost`. */
export type CountUpTo = (sql: Sql, accountId: number, atMost: number) => Promise<number>;

/**
 * Refuses one thing more than an account may have. The caller has the account's row alone, so that two who come at once
 * cannot both take the last place.
 * Raises limit_reached.
 */
export async function requireRoom(
  sql: Sql,
  { id, environment }: Pick<Account, 'id' | 'environment'>,
  name: LimitName,
  countUpTo: CountUpTo,
): Promise<void> {
  const { kind, standard } = limits[name];
  const limit = (await findLimit(sql, name, environment)) ?? standard;
  if ((await countUpTo(sql, id, limit)) >= limit) throw domainError('limit_reached', { kind, limit });
}
