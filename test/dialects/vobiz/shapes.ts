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
