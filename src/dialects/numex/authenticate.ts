import { actFor } from '../../core/authority/index.js';
import { getAccount } from '../../core/accounts/index.js';
import type { Actor } from '../../core/context.js';
import type { Admitted, Authentication } from '../../http/admission.js';
import { bearer } from '../../http/credentials.js';

/**
 * `Authorization: Bearer KEY`, an account's or the operator's. `X-Account` names the account to act for where that is
 * another one: any for the operator, a sub-account of its own for a key.
 */
export const authentication: Authentication = {
  credentials: bearer,
  operators: true,
  actingFor: accountOfHeader,
};

/** Raises forbidden, not_found (account). */
async function accountOfHeader({ ctx, request }: Admitted): Promise<Actor> {
  const named = request.headers['x-account'];
  if (typeof named !== 'string') return ctx.actor;
  return actFor(ctx.actor, await getAccount({ ctx, input: { account: named } }));
}
