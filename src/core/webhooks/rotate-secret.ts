import { addSeconds, secondsPerDay } from '../../lib/clock.js';
import { writingAccount } from '../authority/index.js';
import { serverTime } from '../context.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { endpointNotFound } from './endpoint.js';
import { recordEndpointChange } from './record.js';
import { newWebhookSecret } from './secrets.js';
import { insertSecret, lockEndpoint, retireSecrets } from './store.js';

const overlapSecondsDefault = secondsPerDay;
export const overlapSecondsMax = 7 * secondsPerDay;
/** Old secrets that sign beside the new one: each costs a signature and room in a header. */
const oldSecretsMax = 2;

/** Plain data: stored and replayed as JSON. */
export interface RotatedSecret {
  readonly endpointId: number;
  /** Shown only here; null when this is a replay. */
  readonly secret: string | null;
  readonly oldSecretExpiresAt: string;
}

/**
 * Gives an endpoint a new secret. The old one signs beside it for `overlapSeconds` (24 hours), so that a receiver can
 * change over without missing anything; 0 ends it at once.
 * Raises forbidden, account_blocked, invalid_input, not_found (endpoint), idempotency_*.
 */
export async function rotateSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number; readonly overlapSeconds?: number | undefined };
}): Promise<RotatedSecret> {
  const account = writingAccount(ctx);
  const overlapSeconds = input.overlapSeconds ?? overlapSecondsDefault;
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > overlapSecondsMax) {
    throw domainError('invalid_input', {
      field: 'overlap_seconds',
      reason: `must be a whole number from 0 to ${overlapSecondsMax}`,
    });
  }
  return idempotently<RotatedSecret>(ctx, async (inner) => {
    const row = await lockEndpoint(inner.sql, account.id, input.endpointId);
    if (!row) throw endpointNotFound(input.endpointId);
    const at = serverTime(inner);
    const until = addSeconds(at, overlapSeconds);
    await retireSecrets(inner.sql, row.id, { until, keep: oldSecretsMax, at });
    const secret = newWebhookSecret();
    await insertSecret(inner.sql, row.id, secret, at);
    await recordEndpointChange(inner, account, row, 'endpoint.rotate_secret', { overlapSeconds });
    const result = { endpointId: row.id, secret, oldSecretExpiresAt: until.toISOString() };
    return { result, remembered: { ...result, secret: null }, subject: { kind: 'endpoint', id: row.id } };
  });
}
