import { getSubAccount } from '../../../core/accounts/index.js';
import { closeSubAccount } from '../../../core/rentals/index.js';
import type { VobizRoute } from '../errors.js';
import { subAccountsPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { newSubAccountOf, subAccountChangesOf, subAccountNamed, subAccountPageOf } from './read.js';
import { renderCreated, renderSubAccount, renderSubAccounts } from './render.js';
import { changeSubAccount, listSubAccountPage, openSubAccount } from './verbs.js';

const path = subAccountsPath;
const onePath = `${path}/:account`;

/** Contract 7.3: a parent's sub-accounts. */
export const subAccountRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path,
    status: 201,
    read: newSubAccountOf,
    verb: openSubAccount,
    render: renderCreated,
  }),
  vobizRoute({
    method: 'GET',
    path,
    read: subAccountPageOf,
    verb: listSubAccountPage,
    render: renderSubAccounts,
  }),
  vobizRoute({
    method: 'GET',
    path: onePath,
    read: subAccountNamed,
    verb: getSubAccount,
    render: renderSubAccount,
  }),
  vobizRoute({
    method: 'PUT',
    path: onePath,
    read: subAccountChangesOf,
    verb: changeSubAccount,
    render: renderSubAccount,
  }),
  vobizRoute({
    method: 'DELETE',
    path: onePath,
    read: subAccountNamed,
    verb: closeSubAccount,
    render: () => ({ message: 'Sub-account deleted successfully' }),
  }),
];
