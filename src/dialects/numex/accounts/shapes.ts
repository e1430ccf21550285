import { Type } from 'typebox';
import type { Account } from '../../../core/context.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { named, oneOf, Timestamp } from '../schemas.js';
import { spellTime } from '../times.js';

export const accountParams = Type.Object({ account: Type.String() });
export const operator = 'Operator';

export const AccountShape = named(
  'Account',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    environment: Type.String(),
    kind: oneOf(['master', 'sub']),
    status: Type.String(),
    created_at: Timestamp,
  }),
);

export function renderAccount(account: Account | Plain<Account>) {
  return {
    id: account.publicId,
    name: account.name,
    environment: account.environment,
    kind: account.parentId === null ? ('master' as const) : ('sub' as const),
    status: account.status,
    created_at: spellTime(account.createdAt),
  };
}
