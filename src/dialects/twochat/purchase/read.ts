import { numberIdOf } from '../../../core/number-id.js';
import type { OrderLine } from '../../../core/sales/index.js';
import { objectBody } from '../../../http/body.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { numberField, textField } from '../parse.js';

/** The number named, or any of the group; undefined for `{}`, which buys every hold of the caller. Raises invalid_input. */
export function lineOf(asked: Asked): OrderLine | undefined {
  const body = objectBody(asked.body);
  const digits = numberField(body, 'number');
  const group = textField(body, 'group_id');
  if (digits === undefined && group === undefined) return undefined;
  const { environment } = accountAsked(asked);
  return { group, numberId: digits === undefined ? undefined : numberIdOf(digits, environment) };
}
