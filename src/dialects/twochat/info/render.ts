import type { Account } from '../../../core/context.js';
import { isoSeconds } from '../../../lib/clock.js';
import { accountUuid } from '../ids.js';

/** Self-hosted accounts do not run out; the wire wants a date all the same. */
const never = '9999-12-31T23:59:59Z';

/** No ceiling is set; the wire wants one all the same, and no client may find itself above it. */
const requestsMax = 2_147_483_647;

/** The account, its limit of requests a minute, and how many this process has answered since its start. */
export function renderInfo(account: Account, requestsPerMinute: number, requestCount: number) {
  return {
    success: true,
    account: {
      name: `${account.name} (${accountUuid(account.id)})`,
      uuid: accountUuid(account.id),
      on_trial: false,
      blocked: account.status === 'blocked',
      created_at: isoSeconds(account.createdAt),
      expires_at: never,
    },
    limits: { requests_per_minute: requestsPerMinute },
    usage: {
      api_request_count: requestCount,
      max_api_request_count: requestsMax,
      number_check_count: 0,
      max_number_check_count: 0,
    },
  };
}
