import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import type { ApplicationRow } from '../../../core/routing/index.js';
import { spellApplicationId } from '../ids.js';

/** Calls are answered by POST unless the application says otherwise. */
const usualMethod = 'POST';

export function applicationUri(ctx: RootContext, appId = ''): string {
  const list = `/v1/Account/${actingAccount(ctx).publicId}/Application/`;
  return appId === '' ? list : `${list}${appId}/`;
}

export function renderApplication(ctx: RootContext, row: ApplicationRow) {
  const { settings } = row;
  const account = actingAccount(ctx);
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
    resource_uri: applicationUri(ctx, appId),
    api_id: ctx.requestId,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
