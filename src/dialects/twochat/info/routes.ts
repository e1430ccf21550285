import { accountAsked, wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { renderInfo } from './render.js';

/** Contract 9.3: what connectors call to test a key. */
export function infoRoutes(facts: {
  readonly requestsPerMinute: number;
  /** Requests of an account that this process has answered since its start; no ceiling is set on them. */
  readonly requestCount: (accountId: number) => number;
}): readonly WireRoute[] {
  return [
    wireRoute({
      method: 'GET',
      path: '/info',
      read: accountAsked,
      verb: ({ input: account }) => Promise.resolve(account),
      render: (account) => renderInfo(account, facts.requestsPerMinute, facts.requestCount(account.id)),
    }),
  ];
}
