import { numberIdOf } from '../../../core/number-id.js';
import type { OrderLine } from '../../../core/sales/index.js';
import { objectBody } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { groupField, numberField } from '../parse.js';

/** The number named, or any of the group; undefined for `{}`, which buys every hold of the caller. Raises invalid_input. */
export function lineOf(asked: Asked): OrderLine | undefined {
  const body = objectBody(asked.body);
  const { digits, group } = readAll({
    digits: () => numberField(body, 'number'),
    group: () => groupField(body),
  });
  if (digits === undefined && group === undefined) return undefined;
  const { environment } = accountAsked(asked);
  return { group, numberId: digits === undefined ? undefined : numberIdOf(digits, environment) };
}
