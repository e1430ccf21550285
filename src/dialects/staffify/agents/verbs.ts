import type { Context } from '../../../core/context.js';
import { listAgents } from '../../../core/routing/index.js';
import type { AgentRow } from '../../../core/routing/index.js';

/** A page of agents, newest first, and one more where there is one. */
export async function listAgentPage({
  ctx,
  input: { beforeId, limit },
}: {
  ctx: Context;
  input: { readonly beforeId: number; readonly limit: number };
}): Promise<{ readonly rows: AgentRow[]; readonly limit: number }> {
  return { rows: await listAgents({ ctx, input: { beforeId, limit: limit + 1 } }), limit };
}
