import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import {
  text,
  filled,
  flag,
  amount,
  count,
  e164,
  uuid,
  instant,
  currency,
  authId,
  masterId,
  subId,
  digits,
  orNull,
  listOf,
  exactly,
  having,
  trunk,
  me,
  call,
  callSummary,
} from './shapes.js';
import type { Fields } from './shapes.js';

/**
 * The shapes of Vobiz's answers, written from the vendor's page "Phone Numbers API" and its reference, never from our
 * code. Where the reference shows an object whole, nothing else may be in it (`exactly`); where it shows a part, that
 * part has to be there (`having`).
 */

const capabilities = exactly({ voice: flag, sms: flag, mms: flag, fax: flag });

const everyNumber: Fields = {
  id: uuid,
  e164,
  country: { type: 'string', pattern: '^[A-Z]{2}$' },
  region: text,
  capabilities,
  provider: text,
  setup_fee: { type: 'number', minimum: 0 },
  monthly_fee: { type: 'number', minimum: 0 },
  currency,
  voice_enabled: flag,
  is_blocked: flag,
  is_trial_number: flag,
  minimum_commitment_months: count,
  aadhaar_verification_required: flag,
  aadhaar_verified: flag,
  created_at: instant,
  updated_at: instant,
};

const released: Fields = { released_at: instant };

const inventoryNumber = exactly(
  {
    ...everyNumber,
    account_id: { const: '' },
    status: { const: 'active' },
    tags: { type: ['array', 'null'], items: text },
  },
  released,
);

const ownedFields: Fields = {
  ...everyNumber,
  account_id: authId,
  status: { enum: ['active', 'pending_release', 'blocked'] },
  tags: listOf(text),
  source: { enum: ['inventory', 'purchased'] },
  purchased_at: instant,
};

const ownedMore: Fields = {
  ...released,
  application_id: digits,
  trunk_group_id: uuid,
  last_billing_date: instant,
  next_billing_date: instant,
};

const ownedNumber = exactly({ ...ownedFields, source: { const: 'purchased' } }, ownedMore);

const boughtNumber = exactly(
  {
    ...ownedFields,
    auth_id: authId,
    status: { const: 'active' },
    source: { const: 'inventory' },
    last_billing_date: instant,
    next_billing_date: instant,
  },
  { application_id: digits },
);

const boughtItem = exactly({
  id: uuid,
  account_id: authId,
  e164,
  country: text,
  region: text,
  capabilities,
  status: { const: 'active' },
  monthly_fee: amount,
  currency,
});

function page(item: object) {
  return exactly({
    items: listOf(item),
    page: { type: 'integer', minimum: 1 },
    per_page: { type: 'integer', minimum: 1, maximum: 100 },
    total: count,
  });
}

const released200 = {
  message: filled,
  cooldown_ends_at: instant,
  release_fee: { type: 'number', minimum: 0 },
};

const application = having(
  {
    app_id: digits,
    app_name: text,
    application_type: text,
    answer_url: text,
    answer_method: text,
    enabled: flag,
    resource_uri: text,
    created_at: instant,
    updated_at: instant,
  },
  { default_app: flag, default_endpoint_app: flag, log_incoming_message: flag, public_uri: flag },
);

function subAccount(authToken: object) {
  const fields: Fields = {
    id: digits,
    name: filled,
    email: orNull(text),
    phone: orNull(text),
    description: orNull(text),
    permissions: { type: 'object', additionalProperties: flag },
    rate_limit: count,
    parent_account_id: text,
    parent_auth_id: masterId,
    auth_id: subId,
    auth_token: authToken,
    email_verified: flag,
    enabled: flag,
    is_active: flag,
    created: instant,
    modified: instant,
    created_at: instant,
    updated_at: instant,
    last_used: orNull(instant),
    account: text,
    resource_uri: text,
    kyc_mode: { enum: ['personal_use', 'customer_use'] },
    kyc_calls_blocked: flag,
  };
  return exactly(fields, { api_id: text, business_type: orNull(text) });
}

const secret = { type: 'string', minLength: 16 } as const;
const redacted = { const: '<redacted>' } as const;

const transaction = exactly({
  id: filled,
  account_id: authId,
  balance_id: text,
  type: { enum: ['debit', 'credit'] },
  amount: { type: 'number', minimum: 0 },
  currency,
  description: text,
  reference_type: filled,
  status: { enum: ['completed', 'pending', 'failed', 'cancelled'] },
  processed_at: instant,
  created_at: instant,
  updated_at: instant,
  reference: text,
});

const shapes = {
  numbers: page(ownedNumber),
  number: ownedNumber,
  inventory: page(inventoryNumber),
  bought: exactly({
    message: { const: 'Number purchased successfully' },
    number: boughtNumber,
    items: { type: 'array', items: boughtItem, minItems: 1, maxItems: 1 },
  }),
  releasing: exactly(
    {
      ...released200,
      status: { const: 'pending_release' },
      message: { const: 'number release initiated' },
      cancel_url: filled,
    },
    { note: text },
  ),
  released: exactly(
    {
      ...released200,
      status: { const: 'released' },
      message: { const: 'number released' },
      cancel_url: { const: '' },
    },
    { note: text },
  ),
  cancelled: exactly(
    {
      message: { const: 'release cancelled, number restored to active status' },
      status: { const: 'active' },
      currency,
      refund_amount: { type: 'number', minimum: 0 },
    },
    { refund_status: { enum: ['success', 'failed'] }, refund_error: text },
  ),
  attached: exactly({
    message: { const: 'Number attached to application' },
    number: e164,
    application,
  }),
  detached: exactly({
    message: { const: 'Number detached from application' },
    number: e164,
    application: { anyOf: [application, { type: 'null' }] },
  }),
  trunk,
  trunks: having({
    meta: having({ limit: count, offset: count, total: count }),
    objects: listOf(trunk),
  }),
  application,
  applications: having({
    api_id: text,
    meta: having({
      limit: count,
      offset: count,
      next: orNull(text),
      previous: orNull(text),
      total_count: count,
    }),
    objects: listOf(application),
  }),
  subAccountMade: exactly({
    message: { const: 'Sub-account created successfully' },
    sub_account: subAccount(secret),
    auth_credentials: exactly({ auth_id: subId, auth_token: secret }),
    tokens: exactly({
      access_token: secret,
      refresh_token: secret,
      token_type: { const: 'bearer' },
      expires_in: { type: 'integer', minimum: 1 },
    }),
  }),
  subAccount: subAccount(redacted),
  subAccounts: exactly({
    sub_accounts: listOf(subAccount(redacted)),
    total: count,
    page: { type: 'integer', minimum: 1 },
    size: { type: 'integer', minimum: 1 },
  }),
  subAccountDeleted: exactly({ message: { const: 'Sub-account deleted successfully' } }),
  me,
  balance: exactly({
    id: filled,
    account_id: authId,
    currency,
    balance: amount,
    reserved_funds: amount,
    promotional_balance: amount,
    promotional_reserved_balance: amount,
    available_balance: amount,
    credit_limit: amount,
    is_postpaid: flag,
    credit_limit_type: { enum: ['soft', 'hard'] },
    low_balance_threshold: amount,
    status: filled,
    created_at: instant,
    updated_at: instant,
  }),
  transactions: exactly({
    transactions: listOf(transaction),
    summary: exactly({
      total_transactions: count,
      total_debit: amount,
      total_credit: amount,
      net_amount: amount,
      by_reference_type: { type: 'array' },
    }),
    total: count,
    page: { type: 'integer', minimum: 1 },
    per_page: { type: 'integer', minimum: 1, maximum: 1000 },
    total_pages: count,
  }),
  referenceTypes: exactly({ reference_types: listOf(text) }),
  calls: having({
    success: { const: true },
    account_id: authId,
    count,
    data: listOf(call),
    pagination: exactly({
      page: { type: 'integer', minimum: 1 },
      per_page: { type: 'integer', minimum: 1, maximum: 100 },
      total: count,
      pages: count,
      has_next: flag,
      has_prev: flag,
    }),
    summary: callSummary,
  }),
  health: exactly({
    e164,
    status: filled,
    usage_status: { const: 'unrated' },
    is_spam: { const: false },
    granularity: { enum: ['daily', 'hourly'] },
    summary: exactly({
      period_days: count,
      total_calls: count,
      answered_calls: count,
      answer_rate: amount,
      total_minutes: amount,
      avg_duration: amount,
    }),
    snapshots: listOf(
      exactly({
        id: uuid,
        ts: instant,
        total_calls: count,
        answered_calls: count,
        failed_calls: count,
        answer_rate: amount,
        total_duration: amount,
        avg_duration: amount,
        total_minutes: amount,
      }),
    ),
  }),
} as const;

const errors = {
  /** Shape 1: `error` is a word or a short sentence. */
  flat: exactly({ error: filled }, { message: filled, api_id: text }),
  gateway: exactly({ error: exactly({ code: { type: 'integer' }, message: filled }) }),
} as const;

const ajv = new Ajv({ strict: false });
const checks = new Map(
  Object.entries({ ...shapes, ...errors }).map(([name, schema]) => [name, ajv.compile(schema)]),
);

export type Shape = keyof typeof shapes;

/** The value is of that shape, whatever answer it came in. */
export function expectShape(value: unknown, shape: Shape | keyof typeof errors): void {
  const check = checks.get(shape);
  expect(check?.(value), `${shape}: ${JSON.stringify([value, check?.errors])}`).toBe(true);
}

function expectJson(answer: Answer): void {
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
}

export function expectAnswer(answer: Answer, shape: Shape, status = 200): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expectJson(answer);
  expectShape(answer.body, shape);
}

/** 204 and not a byte. */
export function expectNothing(answer: Answer): void {
  expect([answer.status, answer.body]).toEqual([204, '']);
}

/** The flat error, with this word in `error`, and in `message` this text (any text when it is left out). */
export function expectFlat(answer: Answer, status: number, error: string, message?: string): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expectJson(answer);
  expectShape(answer.body, 'flat');
  expect(at(answer.body, 'error')).toBe(error);
  if (message === undefined) expect(at(answer.body, 'message')).toMatch(/\S/);
  else expect(at(answer.body, 'message')).toBe(message);
  expectNoRetry(answer);
}

/** The body is exactly this. */
export function expectBody(answer: Answer, status: number, body: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  expectJson(answer);
  expectNoRetry(answer);
}

/** Clients sleep as long as Retry-After says, so only 429 and 503 carry it. */
function expectNoRetry(answer: Answer): void {
  if (answer.status !== 429 && answer.status !== 503) expect(answer.headers.get('retry-after')).toBeNull();
}

export const expectInvalid = (answer: Answer): void => expectFlat(answer, 400, 'invalid request');

export const expectUnauthorized = (answer: Answer): void =>
  expectBody(answer, 401, { error: 'unauthorized', message: 'invalid credentials' });

export const expectBadToken = (answer: Answer): void =>
  expectBody(answer, 401, { error: { code: 401, message: 'Invalid token' } });

export const expectMismatch = (answer: Answer): void =>
  expectBody(answer, 403, { error: { code: 403, message: 'Access denied: account ID mismatch' } });

/** The gateway's 403 with any message: what a key of scope `read` gets for a write. */
export function expectGateway(answer: Answer, code: number): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(code);
  expectShape(answer.body, 'gateway');
  expect(at(answer.body, 'error.code')).toBe(code);
}

/** Served, or refused below 500 in one of the two shapes of an error: never a failure of the server. */
export function expectSound(answer: Answer, what: string): void {
  expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
  if (answer.status < 400) return;
  const isFlat = checks.get('flat')?.(answer.body) ?? false;
  const isGateway = checks.get('gateway')?.(answer.body) ?? false;
  expect(isFlat || isGateway, `${what}: ${JSON.stringify(answer.body)}`).toBe(true);
}
