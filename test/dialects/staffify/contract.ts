import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';

/**
 * The shapes of Staffify's answers, written from the vendor's page "Phone Numbers" of its API reference and the pages
 * on addresses, agents, credits, errors and rate limits beside it, never from our code. Every field that a client may
 * read is here, and nothing else may be in an answer; only the agent may have more, as the vendor's own has.
 */

export interface Found {
  readonly phone_number: string;
  readonly country_code: string;
  readonly number_type: string;
  readonly area_code?: string | null;
  readonly city_code?: string | null;
  readonly locality: string | null;
  readonly monthly_cost: number;
  readonly currency: string;
}

export interface PhoneNumber {
  readonly id: number;
  readonly phone_number: string;
  readonly status: 'active' | 'pending_release';
  readonly agent_id: number | null;
  readonly agent_name: string | null;
  readonly tags: readonly string[];
  readonly reclaim_before?: string;
}

export interface Agent {
  readonly id: number;
  readonly public_id: string;
  readonly name: string;
  readonly language: string | null;
  readonly voice: string | null;
}

export interface Address {
  readonly id: number;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly [field: string]: unknown;
}

interface Bodies {
  found: { readonly phone_numbers: readonly Found[] };
  bought: { readonly success: true; readonly id: number; readonly phone_number: string };
  number: PhoneNumber;
  numbers: { readonly phone_numbers: readonly PhoneNumber[]; readonly next_cursor: string | null };
  assigned: { readonly success: true; readonly phone_number_id: number; readonly agent_id: number };
  released: { readonly pending_release: true; readonly id: number; readonly reclaim_before: string };
  reclaimed: { readonly reclaimed: true; readonly id: number; readonly status: 'active' };
  countries: {
    readonly countries: readonly {
      readonly code: string;
      readonly name: string;
      readonly requires_address: boolean;
    }[];
  };
  requirements: {
    readonly country: string;
    readonly requires_address: boolean;
    readonly requires_city_code: boolean;
    readonly documents: readonly { readonly type: string; readonly required: boolean }[];
  };
  addressMade: { readonly address_id: number };
  address: Address;
  addresses: { readonly addresses: readonly Address[]; readonly next_cursor: string | null };
  document: { readonly document_id: number; readonly document_type: string };
  addressStatus: { readonly address_id: number; readonly status: string };
  agent: Agent;
  agents: { readonly agents: readonly Agent[]; readonly next_cursor: string | null };
  credits: {
    readonly balance: number;
    readonly tier: string;
    readonly is_paused: boolean;
    readonly updated_at: string;
  };
}

export type Shape = keyof Bodies;

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const flag = { type: 'boolean' } as const;
const integer = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const e164 = { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' } as const;
const country = { type: 'string', pattern: '^[A-Z]{2}$' } as const;
const dialCode = { type: ['string', 'null'], pattern: '^[0-9]+$' } as const;
const instant = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
} as const;
const cursor = { type: ['string', 'null'], minLength: 1 } as const;
const documentType = { enum: ['government_id', 'business_registration'] } as const;
const addressStatus = {
  enum: ['draft', 'pending', 'verified', 'partially_verified', 'rejected', 'expired'],
} as const;

type Fields = Readonly<Record<string, object>>;

function exactly(properties: Fields, optional: Fields = {}) {
  return {
    type: 'object',
    properties: { ...properties, ...optional },
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function listOf(item: object) {
  return { type: 'array', items: item };
}

const numberFields = { id: integer, phone_number: e164, tags: { ...listOf(text), maxItems: 20 } };
const nobody = { agent_id: { type: 'null' }, agent_name: { type: 'null' } };
const phoneNumber = {
  oneOf: [
    exactly({ ...numberFields, ...nobody, status: { const: 'active' } }),
    exactly({ ...numberFields, agent_id: integer, agent_name: text, status: { const: 'active' } }),
    exactly({ ...numberFields, ...nobody, status: { const: 'pending_release' }, reclaim_before: instant }),
  ],
};

const agent = {
  ...exactly(
    {
      id: integer,
      public_id: { type: 'string', pattern: '^agent_[A-Za-z0-9]+$' },
      name: text,
      language: textOrNull,
      voice: textOrNull,
    },
    { created_at: instant, updated_at: instant },
  ),
  additionalProperties: true,
};

const address = exactly({
  id: integer,
  street_address: text,
  city: text,
  postal_code: text,
  country_code: country,
  contact_name: text,
  contact_email: text,
  contact_phone: e164,
  company_name: textOrNull,
  city_code: dialCode,
  status: addressStatus,
  created_at: instant,
  updated_at: instant,
});

const shapes: Readonly<Record<Shape, object>> = {
  found: exactly({
    phone_numbers: listOf(
      exactly(
        {
          phone_number: e164,
          country_code: country,
          number_type: { enum: ['local', 'mobile', 'toll_free'] },
          locality: textOrNull,
          monthly_cost: { type: 'number', exclusiveMinimum: 0 },
          currency: { const: 'EUR' },
        },
        { area_code: dialCode, city_code: dialCode },
      ),
    ),
  }),
  bought: exactly({ success: { const: true }, id: integer, phone_number: e164 }),
  number: phoneNumber,
  numbers: exactly({ phone_numbers: listOf(phoneNumber), next_cursor: cursor }),
  assigned: exactly({ success: { const: true }, phone_number_id: integer, agent_id: integer }),
  released: exactly({ pending_release: { const: true }, id: integer, reclaim_before: instant }),
  reclaimed: exactly({ reclaimed: { const: true }, id: integer, status: { const: 'active' } }),
  countries: exactly({ countries: listOf(exactly({ code: country, name: text, requires_address: flag })) }),
  requirements: exactly({
    country,
    requires_address: flag,
    requires_city_code: flag,
    documents: listOf(exactly({ type: documentType, required: flag })),
  }),
  addressMade: exactly({ address_id: integer }),
  address,
  addresses: exactly({ addresses: listOf(address), next_cursor: cursor }),
  document: exactly({ document_id: integer, document_type: documentType }),
  addressStatus: exactly({ address_id: integer, status: addressStatus }),
  agent,
  agents: exactly({ agents: listOf(agent), next_cursor: cursor }),
  credits: exactly({
    balance: { type: 'number' },
    tier: { enum: ['payg', 'starter', 'growth', 'enterprise'] },
    rate_per_minute: { type: 'number', minimum: 0 },
    is_paused: flag,
    concurrent_limit: integer,
    credits_expire_at: { type: ['string', 'null'] },
    updated_at: instant,
  }),
};

/** The union of the vendor's two error shapes: a reader of either finds what it looks for. */
const error = exactly(
  { error: { ...text, minLength: 1 }, message: { ...text, minLength: 1 }, code: text },
  {
    details: { type: 'object', additionalProperties: { ...text, minLength: 1 } },
    retryAfter: integer,
  },
);

const statusOf = {
  VALIDATION_ERROR: 400,
  MISSING_API_KEY: 401,
  INVALID_API_KEY: 401,
  INSUFFICIENT_CREDITS: 402,
  READ_ONLY_KEY: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  AUTH_RATE_LIMITED: 429,
  RATE_LIMIT_EXCEEDED: 429,
} as const;

export type Code = keyof typeof statusOf;

const ajv = new Ajv({ strict: false });
const checks = new Map(
  Object.entries({ ...shapes, error }).map(([name, schema]) => [name, ajv.compile(schema)]),
);

function expectShape(answer: Answer, shape: Shape | 'error'): void {
  const check = checks.get(shape);
  expect(check?.(answer.body), `${shape}: ${JSON.stringify([answer.body, check?.errors])}`).toBe(true);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json(; ?charset=utf-8)?$/i);
  expectRequestId(answer);
}

function expectRequestId(answer: Answer): void {
  expect(answer.headers.get('x-request-id')).toMatch(/^[\x21-\x7e]+$/);
}

/** A success of that status with a body of that shape. */
export function expectAnswer<S extends Shape>(answer: Answer, shape: S, status = 200): Bodies[S] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expectShape(answer, shape);
  return answer.body as Bodies[S];
}

/** 204 and no body. */
export function expectEmpty(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(204);
  expect(answer.body).toBe('');
  expectRequestId(answer);
}

/** An error in the dialect's shape, of whatever code. */
export function expectAnyError(answer: Answer): void {
  expectShape(answer, 'error');
  expect(at(answer.body, 'error')).toBe(at(answer.body, 'message'));
  expect(at(answer.body, 'retryAfter') !== undefined).toBe(answer.status === 429);
}

/** The error of that code, with its status. Where fields are given, `details` names these and no others. */
export function expectError(answer: Answer, code: Code, ...fields: readonly string[]): void {
  expect([answer.status, at(answer.body, 'code')], JSON.stringify(answer.body)).toEqual([
    statusOf[code],
    code,
  ]);
  expectAnyError(answer);
  if (fields.length === 0) return;
  expect(Object.keys(at(answer.body, 'details') as object).sort()).toEqual([...fields].sort());
}

/** A caller's mistake of any kind, or success, in this dialect's words: whatever came in, the server stands. */
export function expectNoFault(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  if (answer.status >= 400) expectAnyError(answer);
}
