import { actingAccount } from '../../../core/authority/index.js';
import { isoSeconds } from '../../../lib/clock.js';
import { accountUuid } from '../ids.js';
import type { WireRoute } from '../../../http/wire.js';

/** Self-hosted accounts do not run out; the wire wants a date all the same. */
const never = '9999-12-31T23:59:59Z';

/** No ceiling is set; the wire wants one all the same, and no client may find itself above it. */
const requestsMax = 2_147_483_647;

/** Contract 9.3: what connectors call to test a key. */
export function infoRoutes(facts: {
  readonly requestsPerMinute: number;
  /** Requests of an account that this process has answered since its start; no ceiling is set on them. */
  readonly requestCount: (accountId: number) => number;
}): readonly WireRoute[] {
  return [
    {
      method: 'GET',
      path: '/info',
      answer: (ctx) => {
        const account = actingAccount(ctx);
        return Promise.resolve({
          success: true,
          account: {
            name: `${account.name} (${accountUuid(account.id)})`,
            uuid: accountUuid(account.id),
            on_trial: false,
            blocked: account.status === 'blocked',
            created_at: isoSeconds(account.createdAt),
            expires_at: never,
          },
          limits: { requests_per_minute: facts.requestsPerMinute },
          usage: {
            api_request_count: facts.requestCount(account.id),
            max_api_request_count: requestsMax,
            number_check_count: 0,
            max_number_check_count: 0,
          },
        });
      },
    },
  ];
}
