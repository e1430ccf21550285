/** The words in which the shapes of Vobiz's answers are written (contract.ts). */

export const text = { type: 'string' } as const;
export const filled = { type: 'string', minLength: 1 } as const;
export const flag = { type: 'boolean' } as const;
export const amount = { type: 'number' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const e164 = { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' } as const;
export const uuid = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
} as const;
/** RFC 3339 in UTC, with or without fractions of a second. */
export const instant = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
} as const;
export const currency = { type: 'string', pattern: '^[A-Z]{3}$' } as const;
export const authId = { type: 'string', pattern: '^(MA|SA)_[0-9A-Za-z]+$' } as const;
export const masterId = { type: 'string', pattern: '^MA_[0-9A-Za-z]+$' } as const;
export const subId = { type: 'string', pattern: '^SA_[0-9A-Za-z]+$' } as const;
export const digits = { type: 'string', pattern: '^[0-9]+$' } as const;

export const orNull = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] });
export const listOf = (items: object) => ({ type: 'array', items });

export type Fields = Record<string, object>;

/** These fields, those of `optional` perhaps, and no others. */
export function exactly(fields: Fields, optional: Fields = {}) {
  return { ...having(fields, optional), additionalProperties: false };
}

/** These fields at least; those of `optional` in this form if they are there. */
export function having(fields: Fields, optional: Fields = {}) {
  return { type: 'object', properties: { ...fields, ...optional }, required: Object.keys(fields) };
}

/** Section 11.1, and the words of the older generation beside them. */
export const trunk = exactly(
  {
    trunk_id: uuid,
    account_id: authId,
    name: filled,
    trunk_domain: { type: 'string', pattern: '^.+\\..+$' },
    trunk_status: { enum: ['active', 'disabled'] },
    secure: flag,
    trunk_direction: { enum: ['inbound', 'outbound', 'both'] },
    concurrent_calls_limit: count,
    cps_limit: count,
    description: text,
    transport: { enum: ['udp', 'tcp', 'tls'] },
    recording: flag,
    enable_transcription: flag,
    pii_redaction: flag,
    webhook_method: { enum: ['POST', 'GET'] },
    recording_webhook_enabled: flag,
    created_at: instant,
    updated_at: instant,
    trunk_type: { enum: ['INBOUND', 'OUTBOUND', 'BOTH'] },
    max_concurrent_calls: count,
    enabled: flag,
  },
  {
    credential_uuid: filled,
    ipacl_uuid: filled,
    primary_uri_uuid: filled,
    fallback_uri_uuid: filled,
    inbound_destination: filled,
    pii_entity_types: filled,
    webhook_url: filled,
    username: filled,
    ip_whitelist: listOf(filled),
  },
);

/** Section 11.4: every member that the SDKs' types name, in those types. */
export const me = exactly({
  type: { const: 'account' },
  id: filled,
  api_id: filled,
  name: filled,
  email: text,
  phone: text,
  description: text,
  auth_id: authId,
  auth_secret: { const: '<redacted>' },
  auth_token_expire_time: orNull(text),
  country: text,
  timezone: filled,
  city: text,
  state: text,
  address: text,
  zip_code: text,
  company: text,
  account_type: filled,
  postpaid: flag,
  auto_recharge: flag,
  auto_recharge_config: { type: ['object', 'null'] },
  enabled: { const: true },
  carrier_type: orNull(text),
  customer_type: orNull(text),
  credit_limit: amount,
  cps_limit: count,
  concurrent_calls_limit: count,
  base_cps_limit: count,
  base_concurrent_calls_limit: count,
  purchased_cps: count,
  purchased_concurrent_calls: count,
  risk_rating: count,
  risk_status: orNull(text),
  features: exactly({ call_queue: flag }),
  ip_auth_enabled: flag,
  ip_whitelist_rules: { type: 'object' },
  allow_aws_ips: flag,
  role: filled,
  is_active: flag,
  is_verified: flag,
  is_trial_account: flag,
  created_at: instant,
  updated_at: instant,
  last_login: text,
  pricing_tier_id: filled,
  pricing_tier: exactly({
    id: filled,
    name: filled,
    description: text,
    currency,
    rate_per_minute: amount,
    billing_increment_seconds: count,
    minimum_duration_seconds: count,
    is_active: flag,
    is_default: flag,
  }),
});

/** Section 11.3: every member of a call record, in the types that the SDKs name. */
export const call = exactly({
  start_time: instant,
  created_at: instant,
  updated_at: instant,
  account_id: authId,
  id: count,
  uuid: filled,
  call_direction: { enum: ['inbound', 'outbound'] },
  caller_id_name: text,
  caller_id_number: filled,
  destination_number: filled,
  answer_time: orNull(instant),
  end_time: orNull(instant),
  duration: count,
  billsec: count,
  ring_time: count,
  bridge_uuid: orNull(text),
  campaign_id: orNull(text),
  carrier_ip: orNull(text),
  codec: orNull(text),
  context: text,
  cost: amount,
  total_cost: amount,
  streaming_cost: amount,
  currency: text,
  customer_endpoint: orNull(text),
  failure_code: orNull(text),
  failure_reason: orNull(text),
  hangup_cause: orNull(text),
  hangup_cause_code: orNull({ type: 'integer' }),
  hangup_cause_name: orNull(text),
  hangup_disposition: orNull(text),
  hangup_source: orNull(text),
  jitter: orNull(amount),
  mos: orNull(amount),
  packet_loss: orNull(amount),
  network_addr: orNull(text),
  origination_region: text,
  region: text,
  progress_time: orNull(text),
  sip_call_id: text,
  sip_user_agent: orNull(text),
  terminated_to: orNull(text),
  trunk_id: orNull(text),
});

export const callSummary = having({
  answerRate: amount,
  answeredCalls: count,
  avgCallDuration: { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
  last_call_at: orNull(instant),
  totalCalls: count,
  total_billable_seconds: count,
  total_cost: amount,
  total_duration_seconds: count,
});
