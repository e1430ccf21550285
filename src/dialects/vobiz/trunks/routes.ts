import { deleteTrunk, getTrunk, updateTrunk } from '../../../core/routing/index.js';
import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { nothing, vobizRoute } from '../route.js';
import { newTrunkOf, trunkChangesOf, trunkNamed, trunkPageOf } from './read.js';
import { renderTrunk, renderTrunks } from './render.js';
import { createUsualTrunk, listTrunkPage } from './verbs.js';

const path = `${accountPath}/trunks`;
/** A trunk's id only: `trunks/credentials` and the like are other resources, which are not here (contract 11.1). */
const onePath = `${path}/:trunk(^[0-9A-Fa-f-]{36}$)`;

/** Contract 6.3 and 11.1: trunks, as far as numbers need them. */
export const trunkRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path,
    status: 201,
    read: newTrunkOf,
    verb: createUsualTrunk,
    render: renderTrunk,
  }),
  vobizRoute({ method: 'GET', path, read: trunkPageOf, verb: listTrunkPage, render: renderTrunks }),
  vobizRoute({ method: 'GET', path: onePath, read: trunkNamed, verb: getTrunk, render: renderTrunk }),
  vobizRoute({ method: 'PUT', path: onePath, read: trunkChangesOf, verb: updateTrunk, render: renderTrunk }),
  vobizRoute({ method: 'DELETE', path: onePath, read: trunkNamed, verb: deleteTrunk, render: nothing }),
];
