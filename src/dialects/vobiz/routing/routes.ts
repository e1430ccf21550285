import type { DomainError } from '../../../core/errors.js';
import { flat } from '../errors.js';
import type { RouteErrors, Say, VobizRoute } from '../errors.js';
import { numberNamed } from '../numbers/read.js';
import { numberPath } from '../paths.js';
import { nothing, vobizRoute } from '../route.js';
import { applicationWanted, trunkWanted } from './read.js';
import { renderAttached } from './render.js';
import { assignTrunk, attachApplication, detachApplication, unassignTrunk } from './verbs.js';

const noTrunk = flat(404, 'Trunk not found', 'This number is not assigned to a trunk.');

/** What was not found: the trunk, or the number that should have it. */
const trunkOrNumber: Say = (failure, request) => {
  if (kindOf(failure) === 'assignment') return noTrunk(failure, request);
  const isTrunk = kindOf(failure) === 'trunk';
  return flat(404, isTrunk ? 'Trunk not found' : 'Number not found')(failure, request);
};

function kindOf({ failure }: DomainError): string | undefined {
  return failure.code === 'not_found' ? failure.details.kind : undefined;
}

const trunkErrors: RouteErrors = {
  said: {
    not_found: trunkOrNumber,
    wrong_state: flat(404, 'Number not found'),
    already_assigned: flat(400, 'invalid request', 'This number is already assigned to a trunk.'),
  },
};

/** A release that came between: the number is no longer one to be routed. */
const applicationErrors: RouteErrors = { said: { wrong_state: flat(404, 'not_found') } };
const trunkPath = `${numberPath}/assign`;
const applicationPath = `${numberPath}/application`;

/** Contract 6.1 and 6.2: a number's trunk and its application, which know nothing of each other. */
export const routingRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path: trunkPath,
    errors: trunkErrors,
    read: trunkWanted,
    verb: assignTrunk,
    render: nothing,
  }),
  vobizRoute({
    method: 'DELETE',
    path: trunkPath,
    errors: trunkErrors,
    read: numberNamed,
    verb: unassignTrunk,
    render: nothing,
  }),
  vobizRoute({
    method: 'POST',
    path: applicationPath,
    errors: applicationErrors,
    read: applicationWanted,
    verb: attachApplication,
    render: renderAttached('Number attached to application'),
  }),
  vobizRoute({
    method: 'DELETE',
    path: applicationPath,
    errors: applicationErrors,
    read: numberNamed,
    verb: detachApplication,
    render: renderAttached('Number detached from application'),
  }),
];
