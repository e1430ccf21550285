import type { Sql } from '../../database/connection.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { keepApplication } from './applications/store.js';
import { recordUnassigned } from './record.js';
import { endAssignmentsOfTarget, keepAgent } from './store.js';
import type { Target, TargetKind } from './store.js';
import { keepTrunk } from './trunks/store.js';

type Keep = (sql: Sql, accountId: number, id: number) => Promise<unknown>;

const keepByKind: Readonly<Record<TargetKind, Keep>> = {
  agent: keepAgent,
  trunk: keepTrunk,
  application: keepApplication,
};

/** Keeps one of the account's targets from being deleted until the transaction ends; false when it has none such. */
export async function mayPointAt(sql: Sql, accountId: number, { kind, id }: Target): Promise<boolean> {
  return (await keepByKind[kind](sql, accountId, id)) !== undefined;
}

/** As mayPointAt. Raises not_found (agent, trunk, application). */
export async function keepTarget(sql: Sql, accountId: number, target: Target): Promise<void> {
  if (!(await mayPointAt(sql, accountId, target))) throw targetNotFound(target);
}

export function targetNotFound({ kind, id }: Target) {
  return domainError('not_found', { kind, id });
}

/** Rentals that pointed at a deleted target point nowhere from then on. */
export async function dropAssignmentsOf(ctx: Context, account: Account, target: Target): Promise<void> {
  for (const ended of await endAssignmentsOfTarget(ctx.sql, target, ctx.clock.now())) {
    await recordUnassigned(ctx, account, ended, ended.numberId, 'target_deleted');
  }
}
