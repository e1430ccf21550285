import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { numberPath } from '../paths.js';
import { nothing, vobizRoute } from '../route.js';
import { handOverWanted, takeBackWanted } from './read.js';
import { handOver, takeBack } from './verbs.js';

const path = `${numberPath}/assign-subaccount`;
const noSuch = flat(404, 'not_found', 'number or sub-account not found');
const notThere = { not_found: noSuch, wrong_state: noSuch };

/** Contract 7.1 and 7.2: a number passes from the parent to a sub-account, and back after the cool-off. */
export const handOverRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path,
    errors: { said: notThere },
    read: handOverWanted,
    verb: handOver,
    render: nothing,
  }),
  vobizRoute({
    method: 'DELETE',
    path,
    errors: { said: { ...notThere, forbidden: flat(403, 'forbidden') } },
    read: takeBackWanted,
    verb: takeBack,
    render: nothing,
  }),
];
