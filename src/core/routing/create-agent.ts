import { present } from '../../lib/assert.js';
import { apiKeyDigest, newApiKey } from '../../lib/ids.js';
import { writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import { readAll } from '../faults.js';
import { idempotently } from '../idempotency/index.js';
import { requireRoom } from '../limits/index.js';
import { cleanLanguage } from './language.js';
import { cleanTargetName, cleanVoice } from './names.js';
import { countAgents, insertAgent } from './store.js';

/** Plain data: stored and replayed as JSON. */
export interface CreatedAgent {
  readonly agentId: number;
  readonly name: string;
  readonly language: string | null;
  readonly voice: string | null;
  readonly status: 'active';
  readonly createdAt: string;
  /** The secret of the agent's runtime, in clear only here; null when this is a replay. */
  readonly token: string | null;
}

/**
 * Makes an agent that numbers can be assigned to.
 *
 * Raises forbidden, account_blocked, invalid_input, limit_reached, idempotency_*.
 */
export async function createAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly name: string;
    readonly language?: string | null | undefined;
    readonly voice?: string | null | undefined;
  };
}): Promise<CreatedAgent> {
  const account = writingAccount(ctx);
  const { name, language, voice } = readAll({
    name: () => cleanTargetName(input.name),
    language: () => cleanLanguage(input.language),
    voice: () => cleanVoice(input.voice),
  });
  const create = async (inner: Context) => {
    await requireRoom(inner.sql, account, 'agents_per_account', countAgents);
    const token = newApiKey('nx_agent_');
    const row = await insertAgent(inner.sql, {
      accountId: account.id,
      name,
      language,
      voice,
      tokenDigest: present(apiKeyDigest(token), 'a new token has a digest'),
      createdAt: inner.clock.now(),
    });
    await recordChange(inner, {
      environment: account.environment,
      accountId: account.id,
      action: 'agent.create',
      subjectKind: 'agent',
      subjectId: row.id,
      numberId: null,
      details: { name, language },
      event: 'agent.created',
    });
    const createdAt = row.createdAt.toISOString();
    const result = { agentId: row.id, name, language, voice, status: 'active' as const, createdAt, token };
    return { result, remembered: { ...result, token: null }, subject: { kind: 'agent', id: row.id } };
  };
  return idempotently<CreatedAgent>(ctx, create, { lock: 'alone' });
}
