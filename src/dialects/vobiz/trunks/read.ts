import {
  allowedAddressesMax,
  callsPerSecondLimit,
  concurrentCallsLimit,
  isWebAddress,
  targetNameLengthMax,
  trunkTextLengthMax,
} from '../../../core/routing/index.js';
import type { TrunkChanges, TrunkFields, TrunkSettingChanges } from '../../../core/routing/index.js';
import { invalid, objectBody, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { trunkIdNamed } from '../ids.js';
import { offsetOf, sizeOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import {
  boundedField,
  flagField,
  given,
  nameField,
  printableField,
  requiredName,
  wordField,
} from '../parse.js';

const pageSize: SizeRule = { name: 'limit', usual: 100, max: 100, above: 'largest' };
const directions = ['inbound', 'outbound', 'both'] as const;
const domainForm = /^[A-Za-z0-9.-]{1,253}$/;
const passwordLengthMax = 100;

/** What is given of a new trunk (contract 11.1). Raises missing_input (name), invalid_input. */
export function newTrunkOf({ body }: Asked): TrunkChanges & Pick<TrunkFields, 'name'> {
  const asked = objectBody(body);
  const { name, changes } = readAll({
    name: () => requiredName(asked, 'name', targetNameLengthMax),
    changes: () => readChanges(asked),
  });
  return { ...changes, name };
}

/** Raises not_found for what is no trunk's id. */
export function trunkNamed({ params }: Asked): { readonly trunkId: number } {
  return { trunkId: trunkIdNamed(params['trunk'] ?? '') };
}

/** A trunk and what is to change. Raises not_found, invalid_input. */
export function trunkChangesOf(asked: Asked): { readonly trunkId: number; readonly changes: TrunkChanges } {
  const body = objectBody(asked.body);
  const { name, changes } = readAll({
    name: () => nameField(body, 'name', targetNameLengthMax),
    changes: () => readChanges(body),
  });
  return { ...trunkNamed(asked), changes: { ...changes, ...given({ name }) } };
}

export function trunkPageOf({ query }: Asked): { readonly limit: number; readonly offset: number } {
  return { limit: sizeOf(query, pageSize), offset: offsetOf(query) };
}

/** All but the name, in core words: the newer word counts where both generations' words are given. */
function readChanges(body: Body): Omit<TrunkChanges, 'name'> {
  const calls = (name: string) => boundedField(body, name, concurrentCallsLimit);
  const read = readAll({
    direction: () => wordField(body, 'trunk_direction', directions),
    olderDirection: () => wordField(body, 'trunk_type', directions),
    domain: () => domainField(body),
    description: () => descriptionField(body),
    concurrentCallsMax: () => calls('concurrent_calls_limit'),
    olderCallsMax: () => calls('max_concurrent_calls'),
    callsPerSecondMax: () => boundedField(body, 'cps_limit', callsPerSecondLimit),
    enabled: () => statusField(body),
    olderEnabled: () => flagField(body, 'enabled'),
    settings: () => readSettings(body),
    // Checked and dropped: Numex carries no calls, and keeps no secret that nothing uses.
    password: () => printableField(body, 'password', passwordLengthMax),
  });
  const { domain, description, callsPerSecondMax, settings } = read;
  return given({
    domain,
    description,
    callsPerSecondMax,
    settings,
    direction: read.direction ?? read.olderDirection,
    concurrentCallsMax: read.concurrentCallsMax ?? read.olderCallsMax,
    enabled: read.enabled ?? read.olderEnabled,
  });
}

function readSettings(body: Body): TrunkSettingChanges {
  const text = (name: string) => printableField(body, name, trunkTextLengthMax);
  return given(
    readAll({
      transport: () => wordField(body, 'transport', ['udp', 'tcp', 'tls'] as const),
      secure: () => flagField(body, 'secure'),
      recordsCalls: () => flagField(body, 'recording'),
      transcribesRecordings: () => flagField(body, 'enable_transcription'),
      redactsPersonalData: () => flagField(body, 'pii_redaction'),
      redactedKinds: () => text('pii_entity_types'),
      webhookUrl: () => addressField(body),
      webhookMethod: () => wordField(body, 'webhook_method', ['GET', 'POST'] as const),
      announcesRecordings: () => flagField(body, 'recording_webhook_enabled'),
      inboundDestination: () => text('inbound_destination'),
      credential: () => text('credential_uuid'),
      accessList: () => text('ipacl_uuid'),
      primaryOrigin: () => text('primary_uri_uuid'),
      fallbackOrigin: () => text('fallback_uri_uuid'),
      username: () => text('username'),
      allowedAddresses: () => addressesField(body),
    }),
  );
}

function statusField(body: Body): boolean | undefined {
  const status = wordField(body, 'trunk_status', ['enabled', 'active', 'disabled', 'inactive']);
  return status === undefined ? undefined : status === 'enabled' || status === 'active';
}

function domainField(body: Body): string | undefined {
  const domain = textField(body, 'trunk_domain');
  if (domain === undefined || domain === '') return undefined;
  if (!domainForm.test(domain)) throw invalid('trunk_domain', 'must be a host name');
  return domain;
}

/** Always shown: what is taken away is the empty text. */
function descriptionField(body: Body): string | undefined {
  const text = printableField(body, 'description', trunkTextLengthMax);
  return text === null ? '' : text;
}

function addressField(body: Body): string | null | undefined {
  const url = printableField(body, 'webhook_url', trunkTextLengthMax);
  if (typeof url === 'string' && !isWebAddress(url)) {
    throw invalid('webhook_url', 'must be an http or https address');
  }
  return url;
}

function addressesField(body: Body): string[] | null | undefined {
  const value = body['ip_whitelist'];
  if (value === undefined || value === null) return value;
  const isList = Array.isArray(value) && value.length <= allowedAddressesMax;
  if (!isList || !value.every((entry) => typeof entry === 'string' && /^[0-9A-Fa-f:./]{2,64}$/.test(entry))) {
    throw invalid('ip_whitelist', `must be a list of at most ${allowedAddressesMax} addresses or networks`);
  }
  return value as string[];
}
