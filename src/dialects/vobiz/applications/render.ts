import type { Plain } from '../../../core/idempotency/index.js';
import type { ApplicationRow } from '../../../core/routing/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { spellApplicationId } from '../ids.js';
import type { ApplicationPage } from './verbs.js';

/** Calls are answered by POST unless the application says otherwise. */
const usualMethod = 'POST';

function applicationUri(asked: Asked, appId = ''): string {
  const list = `/v1/Account/${accountAsked(asked).publicId}/Application/`;
  return appId === '' ? list : `${list}${appId}/`;
}

/** An application; its times may have been stored as text. */
export function renderApplication(row: ApplicationRow | Plain<ApplicationRow>, asked: Asked) {
  const { settings } = row;
  const account = accountAsked(asked);
  const appId = spellApplicationId(row.id);
  return {
    app_id: appId,
    app_name: row.name,
    application_type: 'XML',
    answer_url: settings.answerUrl ?? '',
    answer_method: settings.answerMethod ?? usualMethod,
    hangup_url: settings.hangupUrl ?? '',
    hangup_method: settings.hangupMethod ?? usualMethod,
    fallback_answer_url: settings.fallbackUrl ?? '',
    fallback_method: settings.fallbackMethod ?? usualMethod,
    message_url: settings.messageUrl ?? '',
    message_method: settings.messageMethod ?? usualMethod,
    sip_transfer_url: settings.transferUrl ?? '',
    sip_transfer_method: settings.transferMethod ?? usualMethod,
    default_app: row.takesNewNumbers,
    default_endpoint_app: settings.takesNewEndpoints ?? false,
    enabled: row.enabled,
    log_incoming_message: settings.logsMessages ?? false,
    public_uri: settings.isPublic ?? false,
    sip_uri: `sip:${appId}@app.numex.local`,
    sub_account: account.parentId === null ? null : account.publicId,
    resource_uri: applicationUri(asked, appId),
    api_id: asked.requestId,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
  };
}

export function renderCreated({ id }: ApplicationRow, { requestId }: Asked) {
  return { api_id: requestId, app_id: spellApplicationId(id), message: 'created' };
}

export function renderChanged(row: ApplicationRow, asked: Asked) {
  return { message: 'changed', ...renderApplication(row, asked) };
}

export function renderApplications({ rows, total, limit, offset }: ApplicationPage, asked: Asked) {
  const pageAt = (start: number) => `${applicationUri(asked)}?limit=${limit}&offset=${start}`;
  return {
    api_id: asked.requestId,
    meta: {
      limit,
      offset,
      next: offset + limit < total ? pageAt(offset + limit) : null,
      previous: offset > 0 ? pageAt(Math.max(0, offset - limit)) : null,
      total_count: total,
    },
    objects: rows.map((row) => renderApplication(row, asked)),
  };
}
