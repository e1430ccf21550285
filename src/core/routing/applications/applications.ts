import { actingAccount, writingAccount } from '../../authority/index.js';
import type { AccountLock } from '../../authority/index.js';
import { recordChange } from '../../audit/index.js';
import type { Account, Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { requireRoom } from '../../limits/index.js';
import { changeRow } from '../change-row.js';
import { cleanTargetName } from '../names.js';
import { countPointingAt } from '../store.js';
import { targetNotFound } from '../targets.js';
import { isWebAddress } from '../web-address.js';
import {
  clearTakesNewNumbers,
  countApplications,
  findApplication,
  insertApplication,
  listApplicationRows,
  listApplicationRowsAfter,
  lockApplication,
  markApplicationDeleted,
  updateApplicationRow,
} from './store.js';
import type { ApplicationFields, ApplicationRow } from './store.js';

function notFound(id: number) {
  return targetNotFound({ kind: 'application', id });
}

function cleanApplication(fields: ApplicationFields): ApplicationFields {
  for (const [field, value] of Object.entries(fields.settings)) {
    if (field.endsWith('Url') && !isWebAddress(String(value))) {
      throw domainError('invalid_input', { field, reason: 'must be an http or https address' });
    }
  }
  return { ...fields, name: cleanTargetName(fields.name) };
}

/**
 * Makes an application that numbers can be assigned to. One that takes new numbers takes over from whichever did.
 *
 * Raises forbidden, account_blocked, invalid_input, limit_reached, idempotency_*.
 */
export async function createApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: ApplicationFields;
}): Promise<ApplicationRow> {
  const account = writingAccount(ctx);
  const fields = cleanApplication(input);
  const create = async (inner: Context): Promise<ApplicationRow> => {
    await requireRoom(inner.sql, account, 'applications_per_account', countApplications);
    const at = inner.clock.now();
    if (fields.takesNewNumbers) await clearTakesNewNumbers(inner.sql, account.id, at);
    const row = await insertApplication(inner.sql, account.id, fields, at);
    await record(inner, account, row, 'application.create', 'application.created');
    return row;
  };
  return changeRow(ctx, 'application', create, { lock: 'alone' });
}

/** One of the account's applications. Raises not_found (application), also for another account's and a deleted one. */
export async function getApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly applicationId: number };
}): Promise<ApplicationRow> {
  const row = await findApplication(ctx.sql, actingAccount(ctx).id, input.applicationId);
  if (!row) throw notFound(input.applicationId);
  return row;
}

/** A page of the account's applications, oldest first: those after an id; with how many there are. */
export async function listApplicationsAfter({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<{ rows: ApplicationRow[]; total: number }> {
  const { id } = actingAccount(ctx);
  const [rows, total] = await Promise.all([
    listApplicationRowsAfter(ctx.sql, id, input),
    countApplications(ctx.sql, id),
  ]);
  return { rows, total };
}

/** A page of the account's applications by offset, oldest first, with how many there are. */
export async function listApplications({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly offset: number; readonly limit: number };
}): Promise<{ rows: ApplicationRow[]; total: number }> {
  return listApplicationRows(ctx.sql, actingAccount(ctx).id, input);
}

/** Changes what is given of an application. Raises what createApplication raises, and not_found (application). */
export async function updateApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly applicationId: number; readonly changes: Partial<ApplicationFields> };
}): Promise<ApplicationRow> {
  const account = writingAccount(ctx);
  const { applicationId, changes } = input;
  const update = async (inner: Context): Promise<ApplicationRow> => {
    const before = await lockApplication(inner.sql, account.id, applicationId);
    if (!before) throw notFound(applicationId);
    const settings = { ...before.settings, ...changes.settings };
    const fields = cleanApplication({ ...before, ...changes, settings });
    const at = inner.clock.now();
    if (fields.takesNewNumbers && !before.takesNewNumbers) {
      await clearTakesNewNumbers(inner.sql, account.id, at);
    }
    const row = await updateApplicationRow(inner.sql, before.id, fields, at);
    await record(inner, account, row, 'application.update', 'application.updated');
    return row;
  };
  return changeRow(ctx, 'application', update, { lock: lockFor(changes) });
}

/** Two applications that want the account's new numbers take turns. */
function lockFor({ takesNewNumbers }: Partial<ApplicationFields>): AccountLock {
  return takesNewNumbers ? 'alone' : 'share';
}

/**
 * Deletes an application that no number points at.
 *
 * Raises forbidden, account_blocked, not_found (application), still_in_use, idempotency_*.
 */
export async function deleteApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly applicationId: number };
}): Promise<{ readonly applicationId: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const row = await lockApplication(inner.sql, account.id, input.applicationId);
    if (!row) throw notFound(input.applicationId);
    const numbers = await countPointingAt(inner.sql, { kind: 'application', id: row.id });
    if (numbers > 0) {
      const uses = `${numbers} number${numbers === 1 ? ' points' : 's point'} at it; unassign first`;
      throw domainError('still_in_use', { kind: 'application', id: row.name, uses });
    }
    await markApplicationDeleted(inner.sql, row.id, inner.clock.now());
    await record(inner, account, row, 'application.delete', 'application.deleted');
    return { result: { applicationId: row.id }, subject: { kind: 'application', id: row.id } };
  });
}

async function record(
  ctx: Context,
  account: Account,
  row: ApplicationRow,
  action: string,
  event: string,
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action,
    subjectKind: 'application',
    subjectId: row.id,
    numberId: null,
    details: { name: row.name, enabled: row.enabled, takes_new_numbers: row.takesNewNumbers },
    event,
  });
}
