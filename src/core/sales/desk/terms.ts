import { cityDigits, isUsable } from '../../compliance/index.js';
import type { AddressFacts } from '../../compliance/index.js';
import { domainError } from '../../errors.js';
import type { BuyRequest, DeskRequest, PurchaseTerms } from '../../ports.js';
import type { DeskState } from './state.js';

/** What the judgement of terms has to know; nothing for requests without. */
export interface WantedByTerms {
  readonly countries: string[];
  /** Accounts that need a verified address. */
  readonly accountIds: number[];
}

export function wantedByTerms(requests: readonly DeskRequest[]): WantedByTerms {
  const countries = new Set<string>();
  const accountIds = new Set<number>();
  for (const request of requests) {
    if (request.kind !== 'buy' || !request.terms) continue;
    const { described, address } = request.terms;
    if (described) countries.add(described.country);
    if (address === 'any_verified') accountIds.add(request.account.id);
  }
  return { countries: [...countries], accountIds: [...accountIds] };
}

/**
 * Judges what the wire demands beside the desk's own rules.
 *
 * Raises invalid_input, missing_input, not_found (address), no_wallet, insufficient_funds.
 */
export function judgeTerms(state: DeskState, request: BuyRequest): void {
  const { terms } = request;
  if (!terms) return;
  if (terms.described) mustBeAsDescribed(state, request, terms.described);
  if (terms.address === 'any_verified') mustBeVerified(state, request);
  else if (terms.address) mustBeLocal(state, request, terms.described, terms.address.cityCode);
  if (terms.minimumBalance) mustHaveBalance(state, request, terms.minimumBalance);
}

/** What is not in stock is refused after everything else, with the sale itself. */
function mustBeAsDescribed(
  state: DeskState,
  { lines }: BuyRequest,
  { country, type }: NonNullable<PurchaseTerms['described']>,
): void {
  if (!state.servedCountries.has(country)) throw invalid('country', `${country} is not a supported country`);
  for (const { numberId } of lines) {
    const number = numberId === undefined ? undefined : state.numbers.get(numberId);
    const group = number && state.groups.get(number.groupId);
    if (group && group.country !== country) {
      throw invalid('country', `is ${group.country} for this number`);
    }
    if (group && group.type !== type) throw invalid('number_type', 'is not the type of this number');
  }
}

function mustBeVerified({ verifiedAccounts }: DeskState, { account }: BuyRequest): void {
  if (verifiedAccounts.has(account.id)) return;
  throw invalid('address_id', 'a verified address must be on file before a number is bought');
}

function mustBeLocal(
  state: DeskState,
  { addressId, account }: BuyRequest,
  described: PurchaseTerms['described'],
  cityCode: string | undefined,
): void {
  if (addressId === undefined) throw domainError('missing_input', { field: 'address_id' });
  const address = state.addresses.find(({ id, accountId }) => id === addressId && accountId === account.id);
  if (!address) throw domainError('not_found', { kind: 'address', id: String(addressId) });
  if (!isUsable(address)) {
    throw invalid('address_id', `is ${address.status}; a verified or partially verified address is needed`);
  }
  if (!described) return;
  if (address.country !== described.country) throw invalid('address_id', `is not in ${described.country}`);
  mustBeInCity(address, described.type, cityCode);
}

/** Where local numbers are for local buyers only, the city must be named; where it is named and known, it must match. */
function mustBeInCity(address: AddressFacts, type: string, cityCode: string | undefined): void {
  const presence = address.localPresence && type === 'local';
  if (cityCode === undefined) {
    if (presence) throw domainError('missing_input', { field: 'city_code' });
    return;
  }
  const known = address.cityCode;
  if (known === null && !presence) return;
  const matches =
    known !== null && cityDigits(address.country, known) === cityDigits(address.country, cityCode);
  if (!matches) throw invalid('city_code', 'must be the city code of the address');
}

function mustHaveBalance(
  state: DeskState,
  { account }: BuyRequest,
  { currency, amountMinor }: NonNullable<PurchaseTerms['minimumBalance']>,
): void {
  const wallets = state.wallets.get(account.parentId ?? account.id) ?? [];
  const wallet = wallets.find((candidate) => candidate.currency === currency);
  if (!wallet) throw domainError('no_wallet', { currency });
  const availableMinor = wallet.balanceMinor + wallet.creditLimitMinor;
  if (availableMinor < amountMinor) {
    throw domainError('insufficient_funds', { requiredMinor: amountMinor, availableMinor, currency });
  }
}

function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}
