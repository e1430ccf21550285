import { isRequirementMet, isUsable, requirementOf, usableStatuses } from '../../compliance/index.js';
import type { AddressFacts, Requirement } from '../../compliance/index.js';
import { domainError } from '../../errors.js';
import { digitsOf, e164Of } from '../../number-id.js';
import type { BuyRequest, DeskRequest } from '../../ports.js';
import type { DeskState, GroupFacts, NumberFacts } from './state.js';

/** Which addresses the judgement of these requests has to know; nothing for most batches. */
export interface WantedAddresses {
  readonly named: number[];
  /** Accounts that buy where registration is needed, and leave the choice of the address to the desk. */
  readonly accountIds: number[];
}

export function wantedAddresses(
  state: Pick<DeskState, 'numbers' | 'groups' | 'requirements'>,
  requests: readonly DeskRequest[],
): WantedAddresses {
  const named = new Set<number>();
  const accountIds = new Set<number>();
  for (const request of requests) {
    if (request.kind !== 'buy') continue;
    if (request.addressId !== undefined) named.add(request.addressId);
    else if (needsRegistration(state, request)) accountIds.add(request.account.id);
  }
  return { named: [...named], accountIds: [...accountIds] };
}

function needsRegistration(
  { numbers, groups, requirements }: Pick<DeskState, 'numbers' | 'groups' | 'requirements'>,
  { lines }: BuyRequest,
): boolean {
  return lines.some((line) => {
    const number = line.numberId === undefined ? undefined : numbers.get(line.numberId);
    const group = groups.get(number?.groupId ?? line.groupId ?? 0);
    return group !== undefined && requirementFor({ requirements }, group).needsRegistration;
  });
}

/** What a group's country and type demand of the buyer. */
export function requirementFor(
  { requirements }: Pick<DeskState, 'requirements'>,
  { country, type }: GroupFacts,
): Requirement {
  return requirementOf(requirements.get(country) ?? [], country, type);
}

/** The address that a request names, fit for use. Raises not_found (address), wrong_state (address). */
export function namedAddress(state: DeskState, { addressId, account }: BuyRequest): AddressFacts | undefined {
  if (addressId === undefined) return undefined;
  const address = state.addresses.find((candidate) => candidate.id === addressId);
  const id = String(addressId);
  if (address?.accountId !== account.id) throw domainError('not_found', { kind: 'address', id });
  if (!isUsable(address)) {
    throw domainError('wrong_state', { kind: 'address', id, state: address.status, allowed: usableStatuses });
  }
  return address;
}

/** Whether the buyer may use the number, and the address it is registered with: the one named, or one that fits. */
export function registrationOf(
  state: DeskState,
  request: BuyRequest,
  number: NumberFacts,
  group: GroupFacts,
): { readonly met: boolean; readonly addressId: number | null } {
  const requirement = requirementFor(state, group);
  const named = namedAddress(state, request);
  if (!requirement.needsRegistration) return { met: true, addressId: named?.id ?? null };
  const mine = named ? [named] : state.addresses.filter(({ accountId }) => accountId === request.account.id);
  const fitting = mine.find((address) => isRequirementMet(requirement, address, digitsOf(number.id)));
  return { met: fitting !== undefined, addressId: fitting?.id ?? null };
}

export function requirementsUnmet(number: NumberFacts, { country, type }: GroupFacts) {
  return domainError('requirements_unmet', { number: e164Of(number.id), country, type });
}
