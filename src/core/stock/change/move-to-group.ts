import { getGroup } from '../../catalogue/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { digitsOf } from '../../number-id.js';
import { countryNo, typeLetter } from '../number-row.js';
import { changeNumber } from './change-number.js';
import type { NumberChange } from './change-number.js';
import { findGroupOfDigits, setNumberGroup } from './store.js';

/** A number and the group that it is in now. Plain data: stored and replayed as JSON. */
export interface RegroupedNumber {
  readonly numberId: number;
  readonly group: string;
}

/**
 * Moves a number that nobody rents or holds to another group, and with it to that group's place and type. The group must
 * be the one of its longest prefix, or one with whose dialling prefix it begins.
 * Raises forbidden, invalid_input (reason, group), not_found (number, group), wrong_state, idempotency_*.
 */
export function moveToGroup({
  ctx,
  input,
}: {
  ctx: Context;
  input: NumberChange & { readonly group: string };
}): Promise<RegroupedNumber> {
  const { numberId } = input;
  return changeNumber(ctx, input, {
    action: 'number.move_to_group',
    allowed: ['in_stock', 'quarantined', 'withdrawn'],
    work: async (inner) => {
      const group = await getGroup({ ctx: inner, input: { group: input.group } });
      const digits = String(digitsOf(numberId));
      const isOwn = (await findGroupOfDigits(inner.sql, digits)) === group.id;
      if (!isOwn && !digits.startsWith(group.dialPrefix)) {
        const reason = `its numbers begin with ${group.dialPrefix}`;
        throw domainError('invalid_input', { field: 'group', reason });
      }
      const before = await setNumberGroup(inner.sql, numberId, {
        groupId: group.id,
        cityId: group.cityId,
        regionId: group.regionId,
        countryNo: countryNo(group.country),
        type: typeLetter(group.type),
      });
      const details = { from_group: before, to_group: group.publicId };
      return { result: { numberId, group: group.publicId }, details };
    },
  });
}
