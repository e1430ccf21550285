import type { TrunkRow } from '../../../core/routing/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { spellTrunkId } from '../ids.js';
import { given } from '../parse.js';
import type { TrunkPage } from './verbs.js';

/** A trunk with the words of both generations of clients (contract 11.1). */
export function renderTrunk(row: TrunkRow, asked: Asked) {
  const { settings } = row;
  return {
    trunk_id: spellTrunkId(row.id),
    account_id: accountAsked(asked).publicId,
    name: row.name,
    trunk_domain: row.domain,
    trunk_status: row.enabled ? 'active' : 'disabled',
    enabled: row.enabled,
    secure: settings.secure ?? false,
    trunk_direction: row.direction,
    trunk_type: row.direction.toUpperCase(),
    concurrent_calls_limit: row.concurrentCallsMax,
    max_concurrent_calls: row.concurrentCallsMax,
    cps_limit: row.callsPerSecondMax,
    description: row.description,
    transport: settings.transport ?? 'udp',
    recording: settings.recordsCalls ?? false,
    enable_transcription: settings.transcribesRecordings ?? false,
    pii_redaction: settings.redactsPersonalData ?? false,
    webhook_method: settings.webhookMethod ?? 'POST',
    recording_webhook_enabled: settings.announcesRecordings ?? false,
    ...given({
      credential_uuid: settings.credential,
      ipacl_uuid: settings.accessList,
      primary_uri_uuid: settings.primaryOrigin,
      fallback_uri_uuid: settings.fallbackOrigin,
      inbound_destination: settings.inboundDestination,
      pii_entity_types: settings.redactedKinds,
      webhook_url: settings.webhookUrl,
      username: settings.username,
      ip_whitelist: settings.allowedAddresses,
    }),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** A page of trunks; `total_count` is what older clients read. */
export function renderTrunks({ rows, total, limit, offset }: TrunkPage, asked: Asked) {
  return {
    api_id: asked.requestId,
    meta: { limit, offset, total, total_count: total },
    objects: rows.map((row) => renderTrunk(row, asked)),
  };
}
