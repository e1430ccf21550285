/**
 * What a program written for 2Chat's Numbers API may read in each answer: every field, its type and its form, and
 * nothing else. Written from the vendor's pages, so it must never import from src.
 * Pages: developers.2chat.co/docs/API/Virtual-Phone-Numbers/… and …/Phone-Calls/…
 */

/** Lists what is wrong with a value; T is the type of a value with which nothing is wrong. */
export interface Schema<T> {
  (value: unknown, at: string): string[];
  readonly valid?: T;
}

type Valid<S> = S extends Schema<infer T> ? T : never;
type Fields = Record<string, Schema<unknown>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Valid<F[K]> };

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function rule<T>(expected: string, holds: (value: unknown) => boolean): Schema<T> {
  return (value, at) => (holds(value) ? [] : [`${at}: expected ${expected}, got ${show(value)}`]);
}

const textLike = (expected: string, form: RegExp): Schema<string> =>
  rule(expected, (value) => typeof value === 'string' && form.test(value));

export const literal = <const T extends string | number | boolean>(wanted: T): Schema<T> =>
  rule(show(wanted), (value) => value === wanted);

const oneOf = <const T extends string>(...wanted: readonly T[]): Schema<T> =>
  rule(`one of ${wanted.join(', ')}`, (value) => wanted.some((word) => word === value));

function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return (value, at) => (value === null ? [] : schema(value, at));
}

function list<T>(schema: Schema<T>): Schema<readonly T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, index) => schema(item, `${at}[${index}]`))
      : [`${at}: expected an array, got ${show(value)}`];
}

/** Exactly these fields; those of `extra` may be absent. */
export function object<F extends Fields>(fields: F, extra: Fields = {}): Schema<Values<F>> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [`${at}: expected an object, got ${show(value)}`];
    }
    const given = new Map<string, unknown>(Object.entries(value));
    const missing = Object.keys(fields).filter((key) => !given.has(key));
    const problems = missing.map((key) => `${at}.${key}: missing`);
    for (const [key, item] of given) {
      const schema = fields[key] ?? extra[key];
      problems.push(...(schema ? schema(item, `${at}.${key}`) : [`${at}.${key}: not in the contract`]));
    }
    return problems;
  };
}

const uuidForm = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const text = rule<string>('a string', (value) => typeof value === 'string');
const filled = textLike('a non-empty string', /\S/);
const flag = rule<boolean>('a boolean', (value) => typeof value === 'boolean');
const amount = rule<number>('a number from 0', (value) => typeof value === 'number' && value >= 0);
const whole = rule<number>('an integer from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const uuid = textLike('a UUID', new RegExp(`^${uuidForm}$`));
const numberUuid = textLike('DID and a UUID', new RegExp(`^DID${uuidForm}$`));
const accountUuid = textLike('ACC and a UUID', new RegExp(`^ACC${uuidForm}$`));
const e164 = textLike('an E.164 number', /^\+[1-9]\d{4,14}$/);
const country = textLike('an upper-case country code', /^[A-Z]{2}$/);
const instant = rule<string>(
  'a whole second of UTC, as 2026-03-04T09:30:00Z',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);
const timeZone = rule<string>('an IANA time zone', (value) => {
  if (typeof value !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
});
const price = textLike('a price with 2 decimals, as a string', /^\d+\.\d{2}$/);
const perMinute = textLike('a price with 2 or more decimals, as a string', /^\d+\.\d{2,}$/);

export const typeNames = ['global', 'local', 'mobile', 'national', 'sharedcost', 'tollfree'] as const;
const typeName = oneOf(...typeNames);
const providerType = oneOf('mobile', 'local', 'shared-cost', 'national', 'tollfree', 'global');
const feature = oneOf('voice', 'sms_in', 'sms_out', 'whatsapp', 'whatsapp_business');
const statusText = oneOf(
  'ACTIVE',
  'AWAITING_REGISTRATION',
  'PENDING_ACTIVATION',
  'PENDING_CANCELLATION',
  'SUSPENDED',
);
const stringOrObject = rule<unknown>(
  'a string or an object',
  (value) =>
    typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value)),
);

const success = literal(true);
const data = <F extends Fields>(fields: F) => object({ success, data: object(fields) });

/** "Get Requirements": an installation may add identity, address and proof. */
const requirement = object(
  { description: filled, did_type: typeName },
  { identity: stringOrObject, address: stringOrObject, proof: stringOrObject },
);

export const errorAnswer = object({
  success: literal(false),
  error: literal(true),
  error_message: filled,
  message: filled,
});

export const regionsAnswer = data({
  regions: list(object({ id: whole, region_name: filled, iso_country_code: country })),
});

export const citiesAnswer = data({
  cities: list(object({ id: whole, city_name: filled, iso_country_code: country })),
});

export const didTypesAnswer = data({ did_types: list(object({ id: whole, name: typeName })) });

export const requirementsAnswer = data({ requirements: list(requirement) });

const group = object({
  id: filled,
  prefix: textLike('a prefix as +1 (503)', /^\+\d+( \(\d+\))?$/),
  location: filled,
  price: object({ setup_price: price, monthly_price: price, ppm: perMinute }),
  type: typeName,
  requirements: list(requirement),
  allow_number_selection: flag,
  is_eligible_for_free_number: flag,
  features: list(feature),
});
export type Group = Valid<typeof group>;

export const groupsAnswer = data({ groups: list(group) });

export const availableAnswer = data({ numbers: list(object({ id: filled, number: e164 })) });

const reservationDetails = object({ uuid, number: e164, created_at: instant, expires_at: instant });
export type ReservationDetails = Valid<typeof reservationDetails>;

export const reservedAnswer = data({ reservation_details: reservationDetails });

const reservation = object({
  uuid,
  number: e164,
  did_group_id: filled,
  did_type: typeName,
  iso_country_code: country,
  location: filled,
  setup_price: amount,
  monthly_price: amount,
  ppm: amount,
  reservation_date: instant,
  reservation_end_date: instant,
  needs_registration: flag,
  supports_sms_in: flag,
  supports_sms_out: flag,
});
export type Reservation = Valid<typeof reservation>;

export const reservationsAnswer = data({ reservations: list(reservation) });

export const cancelledAnswer = object({
  success,
  message: textLike(
    'the sentence of a cancelled reservation',
    new RegExp(`^Reservation ${uuidForm} cancelled successfully$`),
  ),
});

/** Reasons, if ever wanted, come beside `failed` and leave its items strings. */
export const purchaseAnswer = object(
  { success, purchased: list(e164), failed: list(e164) },
  { failed_details: list(rule<unknown>('anything', () => true)) },
);

const virtualNumber = object({
  uuid: numberUuid,
  account_uuid: accountUuid,
  phone_number: e164,
  formatted_phone_number: textLike(
    'an international number spaced for reading',
    /^\+[1-9][\d -]*[ -][\d -]*\d$/,
  ),
  iso_country_code: country,
  region_name: filled,
  emoji: nullable(text),
  friendly_name: filled,
  record_inbound: flag,
  is_toll_free: flag,
  provider_type: providerType,
  priced_per_minute: flag,
  incoming_price_per_minute: amount,
  ivr_uuid: literalNull(),
  timezone: timeZone,
  status: whole,
  status_text: statusText,
  created_at: instant,
  updated_at: instant,
  expires_at: instant,
});
export type VirtualNumber = Valid<typeof virtualNumber>;

export const virtualNumbersAnswer = object({
  success,
  count: whole,
  page: whole,
  numbers: list(virtualNumber),
});

export const givenUpAnswer = object({ success });

export const infoAnswer = object({
  success,
  account: object({
    name: filled,
    uuid: accountUuid,
    on_trial: flag,
    blocked: flag,
    created_at: instant,
    expires_at: instant,
  }),
  limits: object({ requests_per_minute: whole }),
  usage: object({
    api_request_count: whole,
    max_api_request_count: whole,
    number_check_count: whole,
    max_number_check_count: whole,
  }),
});

function literalNull(): Schema<null> {
  return rule('null', (value) => value === null);
}
