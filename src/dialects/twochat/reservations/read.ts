import { domainError } from '../../../core/errors.js';
import { numberIdOf } from '../../../core/number-id.js';
import { objectBody } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { reservationIdOf } from '../ids.js';
import { groupField, numberField } from '../parse.js';

/** What is to be held: any number of a group, or the one named. Raises missing_input, invalid_input. */
export function holdOf(asked: Asked) {
  const body = objectBody(asked.body);
  const { group, digits } = readAll({
    group: () => requiredGroup(body),
    digits: () => numberField(body, 'number'),
  });
  const { environment } = accountAsked(asked);
  return { line: { group, numberId: digits === undefined ? undefined : numberIdOf(digits, environment) } };
}

function requiredGroup(body: Body): string {
  const group = groupField(body);
  if (group === undefined) throw domainError('missing_input', { field: 'group_id' });
  return group;
}

/** Raises not_found for what is no reservation's UUID. */
export function holdNamed({ params }: Asked): { readonly reservationId: number } {
  return { reservationId: reservationIdOf(params['uuid'] ?? '') };
}
