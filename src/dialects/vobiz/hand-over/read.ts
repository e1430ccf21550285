import { invalid, objectBody, requiredField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { numberNamed } from '../numbers/read.js';
import { flagOf } from '../parse.js';

/** A number and the sub-account that is to have it (contract 7.1). Raises missing_input, invalid_input. */
export function handOverWanted(asked: Asked) {
  const { account, named } = readAll({
    account: () => subAccountField(asked.body),
    named: () => numberNamed(asked),
  });
  return { ...named, account };
}

function subAccountField(body: unknown): string {
  const account = requiredField(objectBody(body), 'sub_account_id');
  if (/^SA_\w{1,60}$/.test(account)) return account;
  throw invalid('sub_account_id', 'must be the auth id of a sub-account');
}

/** Contract 7.2. Raises invalid_input. */
export function takeBackWanted(asked: Asked) {
  const coolOff = flagOf(asked.query, 'force') === true ? 'override' : 'respect';
  return { ...numberNamed(asked), coolOff } as const;
}
