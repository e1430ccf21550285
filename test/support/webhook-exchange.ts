import { createEndpoint, fanOutEvents, listDeliveries } from '../../src/core/webhooks/index.js';
import type { CreatedEndpoint, Delivery, DispatcherOptions, Post } from '../../src/core/webhooks/index.js';
import { recordChange } from '../../src/core/audit/index.js';
import type { Account, Context } from '../../src/core/context.js';
import { standardStyle } from '../../src/dialects/numex/webhooks/standard-style.js';
import { poster } from '../../src/http/outgoing/poster.js';
import { deliverWebhooks } from '../../src/jobs/deliver-webhooks.js';
import type { Job } from '../../src/jobs/job.js';
import type { TestServer } from './server.js';

/** A context in which a key of the account acts, for calling verbs directly. */
export function actingFor(server: TestServer, account: Account): Context {
  return {
    ...server.operator(),
    actor: { kind: 'key', keyId: 1, scope: 'full', account },
    allowPrivateTargets: true,
  };
}

export function systemContext(server: TestServer): Context {
  return { ...server.operator(), actor: { kind: 'system', name: 'webhooks' } };
}

/** Long enough for a busy machine, short enough for a test that waits for it. */
export const impatientMilliseconds = 1000;

/** The delivery job as one process has it; receivers on loopback are allowed, and chance is taken out. */
export function deliveryJob(options: Partial<DispatcherOptions> & { post?: Post } = {}): Job {
  return deliverWebhooks({
    styles: new Map([[standardStyle.name, standardStyle]]),
    post: poster({ allowPrivate: true, timeoutMilliseconds: impatientMilliseconds }),
    random: () => 0,
    ...options,
  });
}

export async function makeEndpoint(
  server: TestServer,
  account: Account,
  input: { url: string; filters?: string[]; includeSubAccounts?: boolean; style?: string },
): Promise<CreatedEndpoint & { secret: string }> {
  const ctx = actingFor(server, account);
  const made = await createEndpoint({
    ctx,
    input: { filters: ['*'], style: standardStyle.name, ...input },
  });
  return { ...made, secret: made.secret ?? '' };
}

/** Records something that outsiders hear of. */
export async function happen(ctx: Context, account: Account, event: string, details = {}): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: event,
    subjectKind: 'account',
    subjectId: account.id,
    numberId: null,
    details,
    event,
  });
}

export async function fanOut(server: TestServer): Promise<number> {
  return fanOutEvents({ ctx: systemContext(server) });
}

/** An endpoint's deliveries, oldest first. */
export async function deliveriesOf(
  server: TestServer,
  account: Account,
  endpointId: number,
): Promise<Delivery[]> {
  const beforeId = Number.MAX_SAFE_INTEGER;
  const ctx = actingFor(server, account);
  return (await listDeliveries({ ctx, input: { endpointId, beforeId, limit: 1000 } })).reverse();
}
