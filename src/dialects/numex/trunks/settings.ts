import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { allowedAddressesMax, trunkTextLengthMax } from '../../../core/routing/index.js';
import type { TrunkSettingChanges, TrunkSettings } from '../../../core/routing/index.js';
import { closed, named, oneOf } from '../schemas.js';

/** The settings of a trunk as this API spells them; Numex keeps them and carries no calls. */

const Text = Type.String({ minLength: 1, maxLength: trunkTextLengthMax });
const Flag = Type.Boolean();

const fields = {
  transport: oneOf(['udp', 'tcp', 'tls']),
  secure: Flag,
  records_calls: Flag,
  transcribes_recordings: Flag,
  redacts_personal_data: Flag,
  redacted_kinds: Text,
  webhook_url: Text,
  webhook_method: oneOf(['GET', 'POST']),
  announces_recordings: Flag,
  inbound_destination: Text,
  credential: Text,
  access_list: Text,
  primary_origin: Text,
  fallback_origin: Text,
  username: Text,
  allowed_addresses: Type.Array(Text, { maxItems: allowedAddressesMax }),
} satisfies Readonly<Record<(typeof names)[number][0], TSchema>>;

/** Pairs of the wire's word and the core's. */
const names = [
  ['transport', 'transport'],
  ['secure', 'secure'],
  ['records_calls', 'recordsCalls'],
  ['transcribes_recordings', 'transcribesRecordings'],
  ['redacts_personal_data', 'redactsPersonalData'],
  ['redacted_kinds', 'redactedKinds'],
  ['webhook_url', 'webhookUrl'],
  ['webhook_method', 'webhookMethod'],
  ['announces_recordings', 'announcesRecordings'],
  ['inbound_destination', 'inboundDestination'],
  ['credential', 'credential'],
  ['access_list', 'accessList'],
  ['primary_origin', 'primaryOrigin'],
  ['fallback_origin', 'fallbackOrigin'],
  ['username', 'username'],
  ['allowed_addresses', 'allowedAddresses'],
] as const satisfies readonly (readonly [string, keyof TrunkSettings])[];

const entriesOf = (wrap: (schema: TSchema) => TSchema) =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, wrap(schema)]));

/** Only what is set. */
export const SettingsShape = named(
  'TrunkSettings',
  Type.Object(entriesOf((schema) => Type.Optional(schema))),
);

/** What is given of the settings; null takes away what is set. */
export const SettingsInput = named(
  'TrunkSettingsInput',
  Type.Object(
    entriesOf((schema) => Type.Optional(Type.Union([schema, Type.Null()]))),
    closed,
  ),
);

export function readSettings(given: Readonly<Record<string, unknown>> = {}): TrunkSettingChanges {
  return Object.fromEntries(
    names.flatMap(([wire, core]) => (given[wire] === undefined ? [] : [[core, given[wire]]])),
  );
}

export function renderSettings(settings: TrunkSettings) {
  return Object.fromEntries(
    names.flatMap(([wire, core]) => (settings[core] === undefined ? [] : [[wire, settings[core]]])),
  );
}
