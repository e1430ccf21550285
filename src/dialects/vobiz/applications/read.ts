import { isWebAddress, targetNameLengthMax } from '../../../core/routing/index.js';
import type { ApplicationFields, ApplicationSettings } from '../../../core/routing/index.js';
import { invalid, objectBody, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { applicationIdNamed } from '../ids.js';
import { offsetOf, sizeOf } from '../paging.js';
import type { SizeRule } from '../paging.js';
import { flagField, given, nameField, requiredName, wordField } from '../parse.js';

const pageSize: SizeRule = { name: 'limit', usual: 20, max: 100, above: 'usual' };

/** A new application, in core words. Raises missing_input (app_name), invalid_input. */
export function newApplicationOf({ body }: Asked): ApplicationFields {
  const asked = objectBody(body);
  const { name, settings, takesNewNumbers, enabled } = readAll({
    name: () => requiredName(asked, 'app_name', targetNameLengthMax),
    settings: () => readSettings(asked),
    takesNewNumbers: () => flagField(asked, 'default_number_app'),
    enabled: () => flagField(asked, 'enabled'),
  });
  return { name, settings, takesNewNumbers: takesNewNumbers ?? false, enabled: enabled ?? true };
}

/** Raises not_found for what is no application's id. */
export function applicationNamed({ params }: Asked): { readonly applicationId: number } {
  return { applicationId: applicationIdNamed(params['application'] ?? '') };
}

/** An application and what is to change. Raises not_found, invalid_input. */
export function applicationChangesOf(asked: Asked) {
  const body = objectBody(asked.body);
  const read = readAll({
    name: () => nameField(body, 'app_name', targetNameLengthMax),
    settings: () => readSettings(body),
    takesNewNumbers: () => flagField(body, 'default_number_app'),
    enabled: () => flagField(body, 'enabled'),
  });
  return { ...applicationNamed(asked), changes: given(read) };
}

export function applicationPageOf({ query }: Asked): { readonly limit: number; readonly offset: number } {
  return { limit: sizeOf(query, pageSize), offset: offsetOf(query) };
}

function readSettings(body: Body): ApplicationSettings {
  return given(
    readAll({
      answerUrl: () => urlField(body, 'answer_url'),
      answerMethod: () => methodField(body, 'answer_method'),
      hangupUrl: () => urlField(body, 'hangup_url'),
      hangupMethod: () => methodField(body, 'hangup_method'),
      fallbackUrl: () => urlField(body, 'fallback_answer_url'),
      fallbackMethod: () => methodField(body, 'fallback_method'),
      messageUrl: () => urlField(body, 'message_url'),
      messageMethod: () => methodField(body, 'message_method'),
      transferUrl: () => urlField(body, 'sip_transfer_url'),
      transferMethod: () => methodField(body, 'sip_transfer_method'),
      takesNewEndpoints: () => flagField(body, 'default_endpoint_app'),
      logsMessages: () => flagField(body, 'log_incoming_message'),
      isPublic: () => flagField(body, 'public_uri'),
    }),
  );
}

/** Forms send an empty address for one that is not used. */
function urlField(body: Body, name: string): string | undefined {
  const url = textField(body, name);
  if (url === undefined || url === '') return undefined;
  if (!isWebAddress(url)) throw invalid(name, 'must be an http or https address');
  return url;
}

function methodField(body: Body, name: string) {
  return wordField(body, name, ['GET', 'POST'] as const);
}
