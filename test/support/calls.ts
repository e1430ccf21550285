import type { Account, Context } from '../../src/core/context.js';
import { numberIdOf } from '../../src/core/number-id.js';
import { recordCalls } from '../../src/core/usage/index.js';
import type { CallLine, CallOutcome } from '../../src/core/usage/index.js';
import { ask, at } from './request.js';
import type { TestServer, TestTenant } from './server.js';

/** A context of an account's own key, for calling verbs directly. */
export function actAs(server: TestServer, account: Account): Context {
  return { ...server.operator(), actor: { kind: 'key', keyId: 1, scope: 'full', account } };
}

export function idOf(number: string, environment: 'live' | 'test' = 'live'): number {
  return numberIdOf(Number(number.slice(1)), environment);
}

/** Puts a number into stock and rents it to a tenant; gives the rental's id in the own API. */
export async function rentNew(server: TestServer, tenant: TestTenant, number: string): Promise<string> {
  await server.addNumbers([number], tenant.account.environment);
  return rent(server, tenant, number);
}

export async function rent(server: TestServer, { apiKey }: TestTenant, number: string): Promise<string> {
  const order = await ask(server.url, apiKey, 'POST', '/numex/v1/orders', { lines: [{ number }] });
  const rental = at(order.body, 'results.0.rental_id');
  if (typeof rental !== 'string') throw new Error(`${number} was not bought: ${JSON.stringify(order.body)}`);
  return rental;
}

/** Lets the open rental of a number have begun at another time. */
export async function backdate(server: TestServer, numberId: number, startedAt: string): Promise<void> {
  await server.sql`
    update rental set started_at = ${startedAt} where number_id = ${numberId} and ended_at is null`;
}

export async function record(
  server: TestServer,
  calls: readonly CallLine[],
  environment: 'live' | 'test' = 'live',
): Promise<CallOutcome[]> {
  return recordCalls({ ctx: server.operator(), input: { environment, calls } });
}

let nextCall = 1;

/** A call that was answered after 10 s and took two minutes in all, but for what is said otherwise. */
export function aCall(line: CallLine & { readonly startedAt?: string } = {}): CallLine {
  const startedAt = line.startedAt ?? '2026-03-04T08:00:00Z';
  const after = (seconds: number): string =>
    new Date(new Date(startedAt).getTime() + seconds * 1000).toISOString();
  return {
    callId: `call-${nextCall++}`,
    direction: 'inbound',
    from: '+4915112345678',
    startedAt,
    answeredAt: after(10),
    endedAt: after(120),
    duration: 120,
    billable: 110,
    hangupCause: 'NORMAL_CLEARING',
    ...line,
  };
}
