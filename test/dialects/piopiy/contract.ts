import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';

/**
 * The shapes of Piopiy's answers, written from the vendor's page "Piopiy Numbers"
 * (doc.piopiy.com/piopiy/docs/telephony/phone-numbers) and "AI Agents" beside it, never from our code. Every field a
 * client may read is here, and nothing else may be in an answer.
 */

const text = { type: 'string' } as const;
const e164 = { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' } as const;
const numberId = { type: 'string', pattern: '^num_[0-9a-z]+$' } as const;
const agentId = { type: 'string', pattern: '^agent_[0-9a-z]+$' } as const;
const cursor = { type: ['string', 'null'] } as const;

function exactly(properties: Record<string, object>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function listOf(item: object, more: Record<string, object> = {}) {
  return exactly({ data: { type: 'array', items: item }, ...more });
}

const owned = exactly({
  id: numberId,
  number: e164,
  status: { enum: ['active', 'pending', 'suspended'] },
});

const shapes = {
  available: listOf(
    exactly({
      id: numberId,
      number: e164,
      region: { type: 'string', pattern: '^[A-Z]{2}$' },
      capabilities: { type: 'array', uniqueItems: true, items: { enum: ['voice', 'sms'] } },
    }),
    { next_cursor: cursor },
  ),
  bought: owned,
  purchased: listOf(owned),
  purchasedPage: listOf(owned, { next_cursor: cursor }),
  released: exactly({ id: numberId, status: { const: 'released' } }),
  routed: exactly({
    phone_number: e164,
    route_type: { const: 'ai_agent' },
    agent_id: agentId,
    status: { const: 'connected' },
  }),
  agentMade: exactly({
    id: agentId,
    name: text,
    status: { const: 'active' },
    agent_token: { type: ['string', 'null'] },
  }),
  agents: listOf(exactly({ id: agentId, name: text, status: { const: 'active' } })),
  agentDeleted: exactly({ id: agentId, status: { const: 'deleted' } }),
  error: exactly({ error: text, message: text, code: text, request_id: text }),
} as const;

export type Shape = keyof typeof shapes;

const ajv = new Ajv({ strict: false });
const checks = new Map(Object.entries(shapes).map(([name, schema]) => [name, ajv.compile(schema)]));

function expectShape(answer: Answer, shape: Shape): void {
  const check = checks.get(shape);
  expect(check?.(answer.body), `${shape}: ${JSON.stringify([answer.body, check?.errors])}`).toBe(true);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
}

/** Success is always 200. */
export function expectAnswer(answer: Answer, shape: Exclude<Shape, 'error'>): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expectShape(answer, shape);
}

export function expectError(answer: Answer, status: number, code: string): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expectShape(answer, 'error');
  expect(at(answer.body, 'code')).toBe(code);
  expect(at(answer.body, 'error')).toBe(at(answer.body, 'message'));
  expect(at(answer.body, 'error')).not.toBe('');
  expect(at(answer.body, 'request_id')).toBe(answer.headers.get('x-request-id'));
}
