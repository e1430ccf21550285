import {
  addDocument,
  admitDocument,
  createAddress,
  getAddress,
  submitAddress,
} from '../../../core/compliance/index.js';
import { checkAddress } from '../../../core/rentals/index.js';
import { uploadGate, wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { whileInCredit } from '../credits/verbs.js';
import { pageOf } from '../paging.js';
import { getServedCountry } from '../phone-numbers/verbs.js';
import { addressNamed, addressOf, documentOf, requirementsOf } from './read.js';
import {
  renderAddress,
  renderAddressPage,
  renderDocument,
  renderNewAddress,
  renderRequirements,
  renderStatus,
} from './render.js';
import { listAddressPage } from './verbs.js';

const path = '/addresses/:addressId';

/** Contract 5: addresses, their documents and their verification. */
export const addressRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/addresses/requirements',
    read: requirementsOf,
    verb: getServedCountry,
    render: renderRequirements,
  }),
  wireRoute({
    method: 'POST',
    path: '/addresses',
    status: 201,
    read: ({ body }) => addressOf(body),
    verb: whileInCredit(createAddress),
    render: renderNewAddress,
  }),
  wireRoute({
    method: 'GET',
    path: '/addresses',
    read: ({ query }) => pageOf(query),
    verb: listAddressPage,
    render: renderAddressPage,
  }),
  wireRoute({ method: 'GET', path, read: addressNamed, verb: getAddress, render: renderAddress }),
  wireRoute({
    method: 'POST',
    path: `${path}/documents`,
    status: 201,
    admitUpload: uploadGate({ read: addressNamed, verb: admitDocument }),
    read: documentOf,
    verb: whileInCredit(addDocument),
    render: renderDocument,
  }),
  wireRoute({
    method: 'POST',
    path: `${path}/submit`,
    read: addressNamed,
    verb: whileInCredit(submitAddress),
    render: renderStatus,
  }),
  wireRoute({
    method: 'POST',
    path: `${path}/check-status`,
    read: addressNamed,
    verb: whileInCredit(checkAddress),
    render: renderStatus,
  }),
];
