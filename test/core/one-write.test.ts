import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOneWrite } from '../../src/core/idempotency/index.js';
import { createAgent } from '../../src/core/routing/index.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

it('a write of several verbs remembers no secret, whatever the member is called that shows it', async () => {
  const { account } = await server.createTenant();
  const ctx = {
    ...server.operator(),
    actor: { kind: 'operator', keyId: null, actsFor: account } as const,
    idempotency: { key: 'one', requestHash: createHash('sha256').update('one').digest() },
  };
  const write = () =>
    asOneWrite(ctx, async (inner) => {
      const agent = await createAgent({ ctx: inner, input: { name: 'Ada' } });
      return { id: agent.agentId, secret: 'no secret of any verb', runtime: { accessWord: agent.token } };
    });
  const first = await write();
  const word = first.runtime.accessWord ?? '';
  expect(word).toMatch(/^nx_agent_/);
  expect(await write()).toEqual({ ...first, runtime: { accessWord: null } });
  const records = await server.sql`select 1 from idempotency where outcome::text like ${`%${word}%`}`;
  expect(records).toHaveLength(0);
});
