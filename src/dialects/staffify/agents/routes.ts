import { createAgent, deleteAgent, getAgent, updateAgent } from '../../../core/routing/index.js';
import { wireRoute } from '../../../http/route.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { whileInCredit } from '../credits/verbs.js';
import { pageOf } from '../paging.js';
import { agentNamed, changesOf, newAgentOf } from './read.js';
import { renderAgent, renderAgentPage, renderNewAgent } from './render.js';
import { listAgentPage } from './verbs.js';

const path = '/agents/:agentId';

/** Contract 6.3, as far as numbers need agents. */
export const agentRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/agents',
    status: 201,
    read: newAgentOf,
    verb: whileInCredit(createAgent),
    render: renderNewAgent,
  }),
  wireRoute({
    method: 'GET',
    path: '/agents',
    read: ({ query }) => pageOf(query),
    verb: listAgentPage,
    render: renderAgentPage,
  }),
  wireRoute({ method: 'GET', path, read: agentNamed, verb: getAgent, render: renderAgent }),
  wireRoute({
    method: 'PATCH',
    path,
    read: (asked) => ({ ...agentNamed(asked), changes: changesOf(asked) }),
    verb: whileInCredit(updateAgent),
    render: renderAgent,
  }),
  wireRoute({
    method: 'DELETE',
    path,
    read: agentNamed,
    verb: whileInCredit(deleteAgent),
    render: () => new WireReply(undefined, { status: 204 }),
  }),
];
