import { everyPage } from '../../lib/every-page.js';
import { actingAccount, writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { readAll } from '../faults.js';
import { idempotently } from '../idempotency/index.js';
import { cleanLanguage } from './language.js';
import { cleanTargetName, cleanVoice } from './names.js';
import { findAgent, findAgentNames, listAgentRows, updateAgentRow } from './store.js';
import type { AgentFields, AgentRow } from './store.js';

const pageSize = 500;

export function agentNotFound(id: number) {
  return domainError('not_found', { kind: 'agent', id });
}

/** One of the account's agents. Raises not_found (agent), also for another account's and for a deleted one. */
export async function getAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly agentId: number };
}): Promise<AgentRow> {
  const row = await findAgent(ctx.sql, actingAccount(ctx).id, input.agentId);
  if (!row) throw agentNotFound(input.agentId);
  return row;
}

/** A page of the account's agents: oldest first after an id, or newest first below `beforeId`. */
export async function listAgents({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId?: number; readonly beforeId?: number; readonly limit: number };
}): Promise<AgentRow[]> {
  return listAgentRows(ctx.sql, actingAccount(ctx).id, input);
}

/** The names of agents that the caller's own numbers point at, by id. */
export async function agentNames({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly agentIds: readonly number[] };
}): Promise<Map<number, string>> {
  const rows = input.agentIds.length === 0 ? [] : await findAgentNames(ctx.sql, input.agentIds);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** All of the account's agents: for wires that list without pages. */
export async function listEveryAgent({ ctx }: { ctx: Context }): Promise<AgentRow[]> {
  return everyPage(pageSize, (afterId) => listAgents({ ctx, input: { afterId, limit: pageSize } }));
}

/**
 * Changes what is given of an agent.
 *
 * Raises forbidden, account_blocked, invalid_input, not_found (agent), idempotency_*.
 */
export async function updateAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly agentId: number; readonly changes: Partial<AgentFields> };
}): Promise<AgentRow> {
  const account = writingAccount(ctx);
  const changes = cleanChanges(input.changes);
  const updated = await idempotently(ctx, async (inner) => {
    const row = await updateAgentRow(inner.sql, account.id, input.agentId, changes, inner.clock.now());
    if (!row) throw agentNotFound(input.agentId);
    await recordAgentChange(inner, account, row, 'agent.update');
    const result = { ...row, createdAt: row.createdAt.toISOString() };
    return { result, subject: { kind: 'agent', id: row.id } };
  });
  return { ...updated, createdAt: new Date(updated.createdAt) };
}

function cleanChanges({ name, language, voice }: Partial<AgentFields>): Partial<AgentFields> {
  return readAll({
    ...(name === undefined ? {} : { name: () => cleanTargetName(name) }),
    ...(language === undefined ? {} : { language: () => cleanLanguage(language) }),
    ...(voice === undefined ? {} : { voice: () => cleanVoice(voice) }),
  });
}

export async function recordAgentChange(
  ctx: Context,
  account: Account,
  row: AgentRow,
  action: 'agent.update' | 'agent.delete',
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action,
    subjectKind: 'agent',
    subjectId: row.id,
    numberId: null,
    details: { name: row.name },
    event: action === 'agent.delete' ? 'agent.deleted' : 'agent.updated',
  });
}
