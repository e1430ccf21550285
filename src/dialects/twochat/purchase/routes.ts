import { actingAccount } from '../../../core/authority/index.js';
import { getGroup } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { restoreError } from '../../../core/errors.js';
import { buyNumbers, buyReservedNumbers } from '../../../core/sales/index.js';
import type { DeskLine, LineResult } from '../../../core/sales/index.js';
import { e164Of, numberIdOf } from '../../../core/number-id.js';
import type { WireRoute } from '../../../http/wire.js';
import { objectBody } from '../../../http/body.js';
import { numberField, textField } from '../parse.js';
import { preferredCurrency } from '../wallet.js';

/** Unmet requirements do not block a purchase here: the number waits for registration. */
const terms = { preferCurrency: preferredCurrency, unmetRequirements: 'await' } as const;

/** Contract 10: the union of both published forms of the purchase. */
export const purchaseRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/numbers/purchase',
    status: 201,
    answer: async (ctx, asked) => {
      const lines = await linesOf(ctx, asked.body);
      const order = lines
        ? await buyNumbers({ ctx, input: { ...terms, lines, mode: 'best_effort' } })
        : await buyReservedNumbers({ ctx, input: terms });
      return renderOrder(order.results);
    },
  },
];

/** The number named, or any of the group; undefined for `{}`, which buys every hold of the caller. */
async function linesOf(ctx: RootContext, raw: unknown): Promise<DeskLine[] | undefined> {
  const body = objectBody(raw);
  const digits = numberField(body, 'number');
  const groupName = textField(body, 'group_id');
  if (digits === undefined && groupName === undefined) return undefined;
  const groupId =
    groupName === undefined ? undefined : (await getGroup({ ctx, input: { group: groupName } })).id;
  const { environment } = actingAccount(ctx);
  return [{ groupId, numberId: digits === undefined ? undefined : numberIdOf(digits, environment) }];
}

/** No wrapper; when nothing was bought, the first failure is the answer. Raises what that line raised. */
function renderOrder(results: readonly LineResult[]) {
  const failure = results.find((result) => !result.ok);
  if (failure && results.every((result) => !result.ok)) throw restoreError(failure.error);
  const numbers = (ok: boolean): string[] =>
    results.flatMap((result) =>
      result.ok === ok && result.numberId !== null ? [e164Of(result.numberId)] : [],
    );
  return { success: true, purchased: numbers(true), failed: numbers(false) };
}
