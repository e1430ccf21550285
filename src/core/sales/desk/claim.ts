import { domainError } from '../../errors.js';
import { e164Of, environmentOf } from '../../number-id.js';
import { isHoldOver, isRestOver } from '../../number-life.js';
import type { DeskLine, DeskRequest } from '../../ports.js';
import { shelfKey } from './state.js';
import type { DeskState, NumberFacts } from './state.js';

/** A group as its public id, for messages. */
export function groupName(state: DeskState, groupId: number): string {
  return state.groups.get(groupId)?.publicId ?? String(groupId);
}

/**
 * Free to take: in stock and not under a hold that is still in force, or at the end of its quarantine, whether or not a
 * job has said so. For an account on a test clock other people's holds stand until they are ended: their time is not its
 * own, and its own holds end as its clock is moved.
 */
export function isFree(number: NumberFacts, { at, account }: DeskRequest): boolean {
  const clockId = account.clock?.id ?? null;
  if (number.status === 'q') {
    return isRestOver(number.restsUntil, at) && number.restClockId === clockId;
  }
  const free = number.heldUntil === null || (clockId === null && isHoldOver(number.heldUntil, at));
  return number.status === 's' && free;
}

function isHeldBy(number: NumberFacts, accountId: number, at: Date): boolean {
  return number.status === 's' && number.holderAccountId === accountId && !isHoldOver(number.heldUntil, at);
}

/**
 * Finds the number that a line may have: the one it names, or any free one of its group.
 *
 * Raises not_found (number, reservation), selection_not_allowed, already_owned, number_unavailable, group_sold_out.
 */
export function claimNumber(state: DeskState, request: DeskRequest, line: DeskLine): NumberFacts {
  return line.numberId === undefined
    ? anyOfGroup(state, request, line)
    : exactly(state, request, line, line.numberId);
}

function exactly(state: DeskState, request: DeskRequest, line: DeskLine, numberId: number): NumberFacts {
  const { account, at, kind } = request;
  const shown = e164Of(numberId);
  const number = state.numbers.get(numberId);
  const elsewhere = line.groupId !== undefined && number?.groupId !== line.groupId;
  if (!number || elsewhere || environmentOf(numberId) !== account.environment) {
    throw domainError('not_found', { kind: 'number', id: shown });
  }
  const mine = isHeldBy(number, account.id, at);
  if (line.reservationId !== undefined && (!mine || number.reservationId !== line.reservationId)) {
    throw domainError('not_found', { kind: 'reservation', id: line.reservationId });
  }
  if (number.status === 'r' && number.renterAccountId === account.id) {
    throw domainError('already_owned', { number: shown, state: number.renterState ?? 'active' });
  }
  const allowed = isFree(number, request) || (mine && kind === 'buy');
  if (!allowed) throw domainError('number_unavailable', { number: shown });
  if (!mine && state.groups.get(number.groupId)?.allowNumberSelection === false) {
    throw domainError('selection_not_allowed', { group: groupName(state, number.groupId) });
  }
  return number;
}

function anyOfGroup(state: DeskState, request: DeskRequest, line: DeskLine): NumberFacts {
  const groupId = line.groupId ?? 0;
  if (!state.groups.has(groupId)) throw domainError('not_found', { kind: 'group', id: groupId });
  const candidates = state.candidates.get(shelfKey(request.account.environment, groupId)) ?? [];
  for (const id of candidates) {
    const number = state.numbers.get(id);
    if (number && isFree(number, request)) return number;
  }
  // A number named by an earlier line that was refused is locked as well, and may be the last one free.
  for (const number of state.numbers.values()) {
    const onShelf = number.groupId === groupId && environmentOf(number.id) === request.account.environment;
    if (onShelf && isFree(number, request)) return number;
  }
  throw domainError('group_sold_out', { group: groupName(state, groupId) });
}
