import { actingAccount, writingAccount } from '../../authority/index.js';
import { recordChange } from '../../audit/index.js';
import type { Account, Context } from '../../context.js';
import { idempotently } from '../../idempotency/index.js';
import { requireRoom } from '../../limits/index.js';
import { changeRow } from '../change-row.js';
import { dropAssignmentsOf, targetNotFound } from '../targets.js';
import { cleanTrunk, settingsAfter } from './clean-trunk.js';
import type { TrunkSettingChanges } from './clean-trunk.js';
import {
  countTrunks,
  findTrunk,
  insertTrunk,
  listTrunkRows,
  lockTrunk,
  markTrunkDeleted,
  pageOfTrunkRows,
  updateTrunkRow,
} from './store.js';
import type { TrunkFields, TrunkRow } from './store.js';

function notFound(id: number) {
  return targetNotFound({ kind: 'trunk', id });
}

/** Changes of a trunk; of its settings too only what is given. */
export type TrunkChanges = Partial<Omit<TrunkFields, 'settings'>> & {
  readonly settings?: TrunkSettingChanges | undefined;
};

/**
 * Makes a trunk that numbers can be assigned to.
 *
 * Raises forbidden, account_blocked, invalid_input, limit_reached, idempotency_*.
 */
export async function createTrunk({ ctx, input }: { ctx: Context; input: TrunkFields }): Promise<TrunkRow> {
  const account = writingAccount(ctx);
  const fields = cleanTrunk(input);
  const create = async (inner: Context): Promise<TrunkRow> => {
    await requireRoom(inner.sql, account, 'trunks_per_account', countTrunks);
    const row = await insertTrunk(inner.sql, account.id, fields, inner.clock.now());
    await record(inner, account, row, 'trunk.create', 'trunk.created');
    return row;
  };
  return changeRow(ctx, 'trunk', create, { lock: 'alone' });
}

/** One of the account's trunks. Raises not_found (trunk), also for another account's and for a deleted one. */
export async function getTrunk({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly trunkId: number };
}): Promise<TrunkRow> {
  const row = await findTrunk(ctx.sql, actingAccount(ctx).id, input.trunkId);
  if (!row) throw notFound(input.trunkId);
  return row;
}

/** A page of the account's trunks, oldest first. */
export async function listTrunks({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<TrunkRow[]> {
  return listTrunkRows(ctx.sql, actingAccount(ctx).id, input.afterId, input.limit);
}

/** A page of the account's trunks by offset, oldest first, with how many there are. */
export async function pageOfTrunks({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly offset: number; readonly limit: number };
}): Promise<{ rows: TrunkRow[]; total: number }> {
  return pageOfTrunkRows(ctx.sql, actingAccount(ctx).id, input);
}

/** Changes what is given of a trunk. Raises what createTrunk raises, and not_found (trunk). */
export async function updateTrunk({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly trunkId: number; readonly changes: TrunkChanges };
}): Promise<TrunkRow> {
  const account = writingAccount(ctx);
  return changeRow(ctx, 'trunk', async (inner) => {
    const before = await lockTrunk(inner.sql, account.id, input.trunkId);
    if (!before) throw notFound(input.trunkId);
    const settings = settingsAfter(before.settings, input.changes.settings);
    const fields = cleanTrunk({ ...before, ...input.changes, settings });
    const row = await updateTrunkRow(inner.sql, before.id, fields, inner.clock.now());
    await record(inner, account, row, 'trunk.update', 'trunk.updated');
    return row;
  });
}

/**
 * Deletes a trunk; numbers that point at it point nowhere from then on.
 *
 * Raises forbidden, account_blocked, not_found (trunk), idempotency_*.
 */
export async function deleteTrunk({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly trunkId: number };
}): Promise<{ readonly trunkId: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const row = await lockTrunk(inner.sql, account.id, input.trunkId);
    if (!row) throw notFound(input.trunkId);
    await markTrunkDeleted(inner.sql, row.id, inner.clock.now());
    await dropAssignmentsOf(inner, account, { kind: 'trunk', id: row.id });
    await record(inner, account, row, 'trunk.delete', 'trunk.deleted');
    return { result: { trunkId: row.id }, subject: { kind: 'trunk', id: row.id } };
  });
}

async function record(
  ctx: Context,
  account: Account,
  row: TrunkRow,
  action: string,
  event: string,
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action,
    subjectKind: 'trunk',
    subjectId: row.id,
    numberId: null,
    details: { name: row.name, direction: row.direction, enabled: row.enabled },
    event,
  });
}
