import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { agentNotFound, recordAgentChange } from './agents.js';
import { markAgentDeleted } from './store.js';
import { dropAssignmentsOf } from './targets.js';

/**
 * Deletes an agent; numbers that point at it point nowhere from then on.
 *
 * Raises forbidden, account_blocked, not_found (agent), idempotency_*.
 */
export async function deleteAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly agentId: number };
}): Promise<{ readonly agentId: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const now = inner.clock.now();
    const row = await markAgentDeleted(inner.sql, account.id, input.agentId, now);
    if (!row) throw agentNotFound(input.agentId);
    await dropAssignmentsOf(inner, account, { kind: 'agent', id: row.id });
    await recordAgentChange(inner, account, row, 'agent.delete');
    return { result: { agentId: row.id }, subject: { kind: 'agent', id: row.id } };
  });
}
