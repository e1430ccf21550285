import { actingAccount } from '../authority/index.js';
import { getGroup } from '../catalogue/index.js';
import type { RootContext } from '../context.js';
import { DomainError, domainError } from '../errors.js';
import { idempotencyOwner, idempotently, loadRecord, replay } from '../idempotency/index.js';
import type { DeskLine, Verdict } from '../ports.js';
import { findReservedNumber } from './reservation-store.js';

/** A line as a surface has it: a group may be given by its public id, and a hold without its number. */
export interface OrderLine extends DeskLine {
  readonly group?: string | undefined;
}

/**
 * Prepares what the desk needs, unless the key has its answer already: then the present state does not count. What
 * the preparation refuses is remembered with the key, as a refusal of the desk is.
 * Raises idempotency_key_reused, idempotency_in_progress.
 */
export async function unlessAnswered<T>(
  ctx: RootContext,
  prepare: () => Promise<T>,
): Promise<{ readonly prepared: T } | { readonly verdict: Verdict }> {
  const { idempotency } = ctx;
  const record = idempotency && (await loadRecord(ctx.sql, idempotencyOwner(ctx), idempotency.key));
  try {
    if (record) return { verdict: replay(record, idempotency) as Verdict };
    return { prepared: await prepare() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (record || !idempotency) return { verdict: { kind: 'refused', error: error.failure } };
    return { verdict: await refusedFirst(ctx, error) };
  }
}

/** Remembers a refusal with its key; when another request was first, that one's answer is the answer. */
async function refusedFirst(ctx: RootContext, refusal: DomainError): Promise<Verdict> {
  try {
    return await idempotently<Verdict>(ctx, () => Promise.reject(refusal));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { kind: 'refused', error: error.failure };
  }
}

/** True when a line names something by other than its row id. */
export function hasNames(lines: readonly OrderLine[]): boolean {
  return lines.some(
    (line) => line.group !== undefined || (line.reservationId !== undefined && line.numberId === undefined),
  );
}

/** Lines as the desk wants them. Raises not_found (group, reservation). */
export function deskLines(ctx: RootContext, lines: readonly OrderLine[]): Promise<DeskLine[]> {
  return Promise.all(lines.map((line) => deskLine(ctx, line)));
}

async function deskLine(ctx: RootContext, { group, ...line }: OrderLine): Promise<DeskLine> {
  const { reservationId } = line;
  const groupId = group === undefined ? line.groupId : (await getGroup({ ctx, input: { group } })).id;
  if (reservationId === undefined || line.numberId !== undefined) return { ...line, groupId };
  const numberId = await findReservedNumber(ctx.sql, actingAccount(ctx).id, reservationId);
  if (numberId === undefined) {
    throw domainError('not_found', { kind: 'reservation', id: String(reservationId) });
  }
  return { ...line, groupId, numberId };
}
