import type { Sql } from '../../../database/connection.js';
import { firstChargeMinor } from '../../billing/index.js';
import type { Price } from '../../billing/index.js';
import type { Requirement } from '../../compliance/index.js';
import { DomainError } from '../../errors.js';
import type { StoredDomainError } from '../../errors.js';
import { environmentOf } from '../../number-id.js';
import { chooseWallet } from './choose-wallet.js';
import { claimNumber } from './claim.js';
import { requireInBusiness } from './in-business.js';
import { attempt, groupOf, mustAfford, priceFor } from './judge.js';
import { readState } from './read-state.js';
import { namedAddress, registrationOf, requirementFor, requirementsUnmet } from './registration.js';
import type { BuyRequest } from '../../ports.js';

/** What a purchase of one named number would meet, judged by the same rules as the purchase itself. */
export interface Preview {
  readonly available: boolean;
  readonly price: Price | null;
  readonly requirement: Requirement;
  readonly requirementMet: boolean;
  readonly obstacles: readonly StoredDomainError[];
}

/** Undefined when there is no such number. Nothing is locked, so the answer may be out of date when it arrives. */
export async function previewPurchase(
  sql: Sql,
  request: Omit<BuyRequest, 'lines'>,
  numberId: number,
): Promise<Preview | undefined> {
  const asked: BuyRequest = { ...request, lines: [{ numberId }] };
  const state = await readState(sql, [asked]);
  const number = state.numbers.get(numberId);
  if (!number || environmentOf(numberId) !== request.account.environment) return undefined;
  const group = groupOf(state, number);
  const obstacles: StoredDomainError[] = [];
  const orObstacle = <T>(step: () => T): T | undefined => {
    const outcome = attempt(step);
    if (!(outcome instanceof DomainError)) return outcome;
    obstacles.push(outcome.failure);
    return undefined;
  };
  orObstacle(() => requireInBusiness(state, asked.account));
  const claimed = orObstacle(() => claimNumber(state, asked, { numberId }));
  const wallet = orObstacle(() => chooseWallet(state, asked));
  const price = wallet && orObstacle(() => priceFor(state, asked, wallet, number, group));
  orObstacle(() => namedAddress(state, asked));
  const registration = attempt(() => registrationOf(state, asked, number, group));
  const requirement = requirementFor(state, group);
  const requirementMet =
    registration instanceof DomainError ? !requirement.needsRegistration : registration.met;
  if (!requirementMet) obstacles.push(requirementsUnmet(number, group).failure);
  if (wallet && price) orObstacle(() => mustAfford(wallet, firstChargeMinor(price)));
  return { available: claimed !== undefined, price: price ?? null, requirement, requirementMet, obstacles };
}
