import { e164Of } from '../../../core/number-id.js';
import { assignmentsOf, assignRental, getApplication, unassignRental } from '../../../core/routing/index.js';
import type { RootContext } from '../../../core/context.js';
import type { DomainError } from '../../../core/errors.js';
import { renderApplication } from '../applications/response.js';
import { flat } from '../errors.js';
import type { RouteErrors, Say, VobizRoute } from '../errors.js';
import { applicationIdNamed, trunkIdGiven } from '../ids.js';
import { activeRentalInPath } from '../numbers/request.js';
import { invalid, objectBody, requiredField } from '../../../http/body.js';
import { numberPath } from '../paths.js';

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

/** Contract 6.1 and 6.2: a number's trunk and its application, which know nothing of each other. */
export const routingRoutes: readonly VobizRoute[] = [
  {
    method: 'POST',
    path: `${numberPath}/assign`,
    status: 204,
    errors: trunkErrors,
    answer: async (ctx, { params, body }) => {
      const trunk = requiredField(objectBody(body), 'trunk_group_id');
      const { id: rentalId } = await activeRentalInPath(ctx, params);
      const target = { kind: 'trunk', id: trunkIdGiven('trunk_group_id', trunk) } as const;
      await assignRental({ ctx, input: { rentalId, target, replace: 'refuse' } });
    },
  },
  {
    method: 'DELETE',
    path: `${numberPath}/assign`,
    status: 204,
    errors: trunkErrors,
    answer: async (ctx, { params }) => {
      const { id: rentalId } = await activeRentalInPath(ctx, params);
      await unassignRental({ ctx, input: { rentalId, kind: 'trunk' } });
    },
  },
  {
    method: 'POST',
    path: `${numberPath}/application`,
    errors: applicationErrors,
    answer: async (ctx, { params, body }) => {
      const named = requiredField(objectBody(body), 'application_id');
      if (named === '') throw invalid('application_id', 'must be the id of an application');
      const rental = await activeRentalInPath(ctx, params);
      const target = { kind: 'application', id: applicationIdNamed(named) } as const;
      await assignRental({ ctx, input: { rentalId: rental.id, target, replace: 'allow' } });
      return answerWith(ctx, 'Number attached to application', rental.numberId, target.id);
    },
  },
  {
    method: 'DELETE',
    path: `${numberPath}/application`,
    errors: applicationErrors,
    answer: async (ctx, { params }) => {
      const rental = await activeRentalInPath(ctx, params);
      const attached = await attachedApplication(ctx, rental.id);
      if (attached !== undefined) {
        await unassignRental({ ctx, input: { rentalId: rental.id, kind: 'application' } });
      }
      return answerWith(ctx, 'Number detached from application', rental.numberId, attached);
    },
  },
];

async function attachedApplication(ctx: RootContext, rentalId: number): Promise<number | undefined> {
  const assignments = await assignmentsOf({ ctx, input: { rentalIds: [rentalId] } });
  return assignments.get(rentalId)?.find(({ kind }) => kind === 'application')?.targetId;
}

async function answerWith(ctx: RootContext, message: string, numberId: number, id: number | undefined) {
  const application =
    id === undefined
      ? null
      : renderApplication(ctx, await getApplication({ ctx, input: { applicationId: id } }));
  return { message, number: e164Of(numberId), application };
}
