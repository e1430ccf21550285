import { recordChange } from '../audit/index.js';
import type { Change } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { e164Of } from '../number-id.js';
import type { AssignmentRow, EndReason } from './store.js';

/** Audit row and event of a rental that begins to point at something. */
export async function recordAssigned(
  ctx: Context,
  account: Account,
  row: AssignmentRow,
  numberId: number,
): Promise<void> {
  await recordChange(ctx, assignedChange(account, row, numberId));
}

type RecordedAssignment = Pick<AssignmentRow, 'id' | 'rentalId' | 'kind' | 'targetId'>;

/** What recordAssigned records, for verbs that record several changes at once. */
export function assignedChange(
  account: Account,
  row: RecordedAssignment,
  numberId: number,
): Omit<Change, 'at' | 'actor' | 'requestId'> {
  return {
    ...subjectOf(account, row, numberId),
    action: 'number.assign',
    details: detailsOf(row, numberId),
    event: 'number.assigned',
  };
}

/** Audit row and event of a rental that no longer points there, and why. */
export async function recordUnassigned(
  ctx: Context,
  account: Pick<Account, 'id' | 'environment'>,
  row: AssignmentRow,
  numberId: number,
  reason: EndReason,
): Promise<void> {
  await recordChange(ctx, {
    ...subjectOf(account, row, numberId),
    action: 'number.unassign',
    details: { ...detailsOf(row, numberId), reason },
    event: 'number.unassigned',
  });
}

function subjectOf(account: Pick<Account, 'id' | 'environment'>, row: RecordedAssignment, numberId: number) {
  return {
    environment: account.environment,
    accountId: account.id,
    subjectKind: 'assignment',
    subjectId: row.id,
    numberId,
  };
}

function detailsOf(row: RecordedAssignment, numberId: number) {
  return { number: e164Of(numberId), kind: row.kind, rental: row.rentalId, [row.kind]: row.targetId };
}
