import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

const header = 'idempotent-replayed';

let server: TestServer;
let apiKey: string;

beforeAll(async () => {
  server = await startTestServer();
  ({ apiKey } = await server.createTenant({ balances: { USD: 10_000 } }));
  await server.addNumbers(['+12135559001', '+12135559002']);
});
afterAll(() => server.close());

const post = (path: string, body: unknown, key: string) =>
  ask(server.url, apiKey, 'POST', path, body, { 'idempotency-key': key });

describe('Idempotent-Replayed', () => {
  it.each([
    ['a purchase', '/numex/v1/orders', { lines: [{ number: '+12135559001' }] }],
    ['a refused purchase', '/numex/v1/orders', { lines: [{ number: '+12135559099' }] }],
    ['a reservation', '/numex/v1/reservations', { number: '+12135559002' }],
    ['a write beside the desk', '/numex/v1/agents', { name: 'Front desk' }],
    ['a refused write beside the desk', '/numex/v1/webhook-endpoints/whe_99/rotate-secret', {}],
  ])('is on the repeat of %s and not on the first answer', async (what, path, body) => {
    const first = await post(path, body, what.replaceAll(' ', '-'));
    const again = await post(path, body, what.replaceAll(' ', '-'));
    expect(again.status).toBe(first.status);
    expect(first.headers.get(header)).toBeNull();
    expect(again.headers.get(header)).toBe('true');
  });

  it('is not on the refusal of a key that stands for another request', async () => {
    await post('/numex/v1/agents', { name: 'One' }, 'reused');
    const refused = await post('/numex/v1/agents', { name: 'Another' }, 'reused');
    expect(refused.status).toBe(422);
    expect(refused.headers.get(header)).toBeNull();
  });
});
