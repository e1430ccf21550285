import type { ApplicationFields, ApplicationSettings } from '../../../core/routing/index.js';
import { textField } from '../../../http/body.js';
import { flagField, given, wordField } from '../parse.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';

/** What is given of an application, in core words. */
export function readApplication(body: Body): Partial<ApplicationFields> {
  return given(
    readAll({
      name: () => textField(body, 'app_name'),
      settings: () => readSettings(body),
      takesNewNumbers: () => flagField(body, 'default_number_app'),
      enabled: () => flagField(body, 'enabled'),
    }),
  );
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
  return url === '' ? undefined : url;
}

function methodField(body: Body, name: string) {
  return wordField(body, name, ['GET', 'POST'] as const);
}
