import { createHmac } from 'node:crypto';
import type { WebhookStyle } from '../../../core/webhooks/index.js';
import { spellWord } from '../../../lib/ids.js';

/** The version of the envelope (contract 5.6). */
const apiVersion = '2026-05-20';
/** Every account is one organisation with one project. */
const projectId = 1;

export const styleName = 'sha256_timestamp';

/** The core's events that this wire has, under the same names. */
export const addressEvents = [
  'address.verification.pending',
  'address.verification.verified',
  'address.verification.partially_verified',
  'address.verification.rejected',
  'address.verification.expired',
] as const;

/**
 * Contract 5.6: an envelope, and an HMAC-SHA256 over `<timestamp>.<body>` with the endpoint's secret. There is room for one
 * signature, so after a rotation the newest secret signs at once.
 */
export const staffifyStyle: WebhookStyle = {
  name: styleName,
  render: (event) =>
    JSON.stringify({
      id: spellWord('whe_', event.id),
      event: event.type,
      timestamp: event.at.toISOString(),
      api_version: apiVersion,
      org_id: event.accountId,
      project_id: projectId,
      agent_id: null,
      data: {
        address_id: event.subjectId,
        status: event.payload['status'] ?? null,
        country_code: event.payload['country_code'] ?? null,
      },
    }),
  sign: (body, secrets, at) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const hmac = createHmac('sha256', secrets[0] ?? '').update(`${timestamp}.${body}`);
    return {
      'x-staffify-timestamp': timestamp,
      'x-staffify-signature': `sha256=${hmac.digest('hex')}`,
    };
  },
};
