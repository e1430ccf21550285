import type { Plain } from '../../../core/idempotency/index.js';
import { e164Of } from '../../../core/number-id.js';
import type { Asked } from '../../../http/wire.js';
import { renderApplication } from '../applications/render.js';
import type { Attached } from './verbs.js';

/** Contract 6.2: what has been done, and the application it has been done with. */
export function renderAttached(message: string) {
  return ({ numberId, application }: Plain<Attached>, asked: Asked) => ({
    message,
    number: e164Of(numberId),
    application: application && renderApplication(application, asked),
  });
}
