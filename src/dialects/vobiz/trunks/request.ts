import {
  callsPerSecondLimit,
  concurrentCallsLimit,
  trunkTextLengthMax,
} from '../../../core/routing/index.js';
import type { TrunkChanges, TrunkFields, TrunkSettingChanges } from '../../../core/routing/index.js';
import { domainError } from '../../../core/errors.js';
import { invalid, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { boundedField, flagField, given, printableField, wordField } from '../parse.js';

const directions = ['inbound', 'outbound', 'both'] as const;
const domainForm = /^[A-Za-z0-9.-]{1,253}$/;
const addressesMax = 100;
const passwordLengthMax = 100;

/** What is given of a new trunk (contract 11.1). Raises missing_input (name), invalid_input. */
export function readNewTrunk(body: Body): TrunkChanges & Pick<TrunkFields, 'name'> {
  const trunk = readTrunk(body);
  if (trunk.name === undefined) throw domainError('missing_input', { field: 'name' });
  return { ...trunk, name: trunk.name };
}

/** What is given of a trunk, in core words: the newer word counts where both generations' words are given. */
export function readTrunk(body: Body): TrunkChanges {
  // Checked and dropped: Numex carries no calls, and keeps no secret that nothing uses.
  printableField(body, 'password', passwordLengthMax);
  return given({
    name: textField(body, 'name'),
    direction: wordField(body, 'trunk_direction', directions) ?? wordField(body, 'trunk_type', directions),
    domain: domainField(body),
    description: descriptionField(body),
    concurrentCallsMax:
      boundedField(body, 'concurrent_calls_limit', concurrentCallsLimit) ??
      boundedField(body, 'max_concurrent_calls', concurrentCallsLimit),
    callsPerSecondMax: boundedField(body, 'cps_limit', callsPerSecondLimit),
    enabled: statusField(body) ?? flagField(body, 'enabled'),
    settings: readSettings(body),
  });
}

function readSettings(body: Body): TrunkSettingChanges {
  const text = (name: string) => printableField(body, name, trunkTextLengthMax);
  return given({
    transport: wordField(body, 'transport', ['udp', 'tcp', 'tls'] as const),
    secure: flagField(body, 'secure'),
    recordsCalls: flagField(body, 'recording'),
    transcribesRecordings: flagField(body, 'enable_transcription'),
    redactsPersonalData: flagField(body, 'pii_redaction'),
    redactedKinds: text('pii_entity_types'),
    webhookUrl: addressField(body),
    webhookMethod: wordField(body, 'webhook_method', ['GET', 'POST'] as const),
    announcesRecordings: flagField(body, 'recording_webhook_enabled'),
    inboundDestination: text('inbound_destination'),
    credential: text('credential_uuid'),
    accessList: text('ipacl_uuid'),
    primaryOrigin: text('primary_uri_uuid'),
    fallbackOrigin: text('fallback_uri_uuid'),
    username: text('username'),
    allowedAddresses: addressesField(body),
  });
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
  if (typeof url === 'string' && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw invalid('webhook_url', 'must be an http or https address');
  }
  return url;
}

function addressesField(body: Body): string[] | null | undefined {
  const value = body['ip_whitelist'];
  if (value === undefined || value === null) return value;
  const isList = Array.isArray(value) && value.length <= addressesMax;
  if (!isList || !value.every((entry) => typeof entry === 'string' && /^[0-9A-Fa-f:./]{2,64}$/.test(entry))) {
    throw invalid('ip_whitelist', `must be a list of at most ${addressesMax} addresses or networks`);
  }
  return value as string[];
}
