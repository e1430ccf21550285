import { restoreError } from '../../../core/errors.js';
import { e164Of } from '../../../core/number-id.js';
import type { OrderResult } from '../../../core/sales/index.js';

/** No wrapper; when nothing was bought, the first failure is the answer. Raises what that line raised. */
export function renderOrder({ results }: OrderResult) {
  const failure = results.find((result) => !result.ok);
  if (failure && results.every((result) => !result.ok)) throw restoreError(failure.error);
  const numbers = (ok: boolean): string[] =>
    results.flatMap((result) =>
      result.ok === ok && result.numberId !== null ? [e164Of(result.numberId)] : [],
    );
  return { success: true, purchased: numbers(true), failed: numbers(false) };
}
