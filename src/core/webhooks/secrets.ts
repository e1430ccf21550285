import { randomBytes } from 'node:crypto';

const secretBytes = 32;

/** A signing secret as Standard Webhooks spells it: `whsec_` and 256 random bits in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`;
}
