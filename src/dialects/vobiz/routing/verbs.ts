import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { assignmentsOf, assignRental, getApplication, unassignRental } from '../../../core/routing/index.js';
import type { ApplicationRow, Assignment } from '../../../core/routing/index.js';
import { applicationIdNamed, trunkIdNamed } from '../ids.js';
import { getActiveRental } from '../numbers/verbs.js';

/** A number, and the application that it has been attached to or detached from. */
export interface Attached {
  readonly numberId: number;
  readonly application: ApplicationRow | null;
}

interface OfNumber<T = unknown> {
  readonly ctx: Context;
  readonly input: { readonly numberId: number } & T;
}

/** Raises not_found (number before trunk), already_assigned, and what assignRental raises. */
export function assignTrunk({ ctx, input }: OfNumber<{ readonly trunk: string }>): Promise<Assignment> {
  return asOneWrite(ctx, async (inner) => {
    const { id: rentalId } = await getActiveRental({ ctx: inner, input });
    const target = { kind: 'trunk', id: trunkIdNamed(input.trunk) } as const;
    return assignRental({ ctx: inner, input: { rentalId, target, replace: 'refuse' } });
  });
}

/** Raises not_found (number, assignment), and what unassignRental raises. */
export function unassignTrunk({ ctx, input }: OfNumber): Promise<Assignment> {
  return asOneWrite(ctx, async (inner) => {
    const { id: rentalId } = await getActiveRental({ ctx: inner, input });
    return unassignRental({ ctx: inner, input: { rentalId, kind: 'trunk' } });
  });
}

/** Raises not_found (number before application), and what assignRental raises. */
export function attachApplication({
  ctx,
  input,
}: OfNumber<{ readonly application: string }>): Promise<Plain<Attached>> {
  const { numberId } = input;
  return asOneWrite(ctx, async (inner): Promise<Attached> => {
    const { id: rentalId } = await getActiveRental({ ctx: inner, input });
    const target = { kind: 'application', id: applicationIdNamed(input.application) } as const;
    await assignRental({ ctx: inner, input: { rentalId, target, replace: 'allow' } });
    return { numberId, application: await applicationOf(inner, target.id) };
  });
}

/** A number without an application stays as it is. Raises not_found (number), and what unassignRental raises. */
export function detachApplication({ ctx, input }: OfNumber): Promise<Plain<Attached>> {
  const { numberId } = input;
  return asOneWrite(ctx, async (inner): Promise<Attached> => {
    const { id: rentalId } = await getActiveRental({ ctx: inner, input });
    const assignments = await assignmentsOf({ ctx: inner, input: { rentalIds: [rentalId] } });
    const attached = assignments.get(rentalId)?.find(({ kind }) => kind === 'application');
    if (!attached) return { numberId, application: null };
    await unassignRental({ ctx: inner, input: { rentalId, kind: 'application' } });
    return { numberId, application: await applicationOf(inner, attached.targetId) };
  });
}

function applicationOf(ctx: Context, applicationId: number): Promise<ApplicationRow> {
  return getApplication({ ctx, input: { applicationId } });
}
