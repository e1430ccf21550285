import { reclaimByNumber, releaseByNumber } from '../../../core/rentals/index.js';
import { bare, flat, invalidToken } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { numberPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { cancelWanted, releaseWanted } from './read.js';
import { renderCancelled, renderRelease } from './render.js';

/** Contract 5: giving a number up, and thinking better of it. */
export const releaseRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'DELETE',
    path: numberPath,
    errors: {
      said: {
        // Whose it is, and whether it exists, is nobody else's business.
        not_found: flat(403, 'forbidden', 'account does not own this number'),
        wrong_state: bare(400, 'number is already pending release'),
      },
    },
    read: releaseWanted,
    verb: releaseByNumber,
    render: renderRelease,
  }),
  vobizRoute({
    method: 'POST',
    path: `${numberPath}/cancel-release`,
    errors: {
      said: {
        invalid_input: bare(400),
        forbidden: bare(403, 'access denied'),
        not_found: bare(404, 'number not found'),
        wrong_state: bare(400, 'number is not pending release'),
        insufficient_funds: bare(402),
      },
      refused: {
        unauthenticated: invalidToken,
        account_blocked: invalidToken,
        forbidden: bare(403, 'access denied'),
      },
    },
    read: cancelWanted,
    verb: reclaimByNumber,
    render: renderCancelled,
  }),
];
