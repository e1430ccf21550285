import type { Pool } from '../../database/connection.js';
import { systemClock } from '../../lib/clock.js';
import type { Clock } from '../../lib/clock.js';
import { gather } from '../../lib/gather.js';
import { apiKeyDigest } from '../../lib/ids.js';
import { domainError } from '../errors.js';
import type { Actor } from '../context.js';
import { findKeysByDigest } from './store.js';
import type { KeyRow } from './store.js';

export type Authenticate = (key: string | undefined) => Promise<Actor>;

/**
 * Makes the look-up of API keys for a pool. Every call asks the database, so a revoked key stops at once; the calls of
 * one turn of the event loop share one query.
 * Raises unauthenticated.
 */
export function keyAuthenticator(pool: Pool, clock: Clock = systemClock): Authenticate {
  const find = gather<KeyRow>(async (digests) => {
    const rows = await findKeysByDigest(pool, digests, clock.now());
    return new Map(rows.map((row) => [row.digest, row]));
  });
  return async (key) => {
    if (key === undefined || key === '') throw domainError('unauthenticated', { reason: 'missing' });
    const digest = apiKeyDigest(key);
    const row = digest && (await find(digest.toString('hex')));
    if (!row) throw domainError('unauthenticated', { reason: 'unknown' });
    return actorOf(row);
  };
}

function actorOf({ keyId, scope, account, requestsPerMinute }: KeyRow): Actor {
  if (scope === 'admin' || account === null) return { kind: 'operator', keyId };
  return { kind: 'key', keyId, scope, account, requestsPerMinute };
}
