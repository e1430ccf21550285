import { listServedCountries } from '../../../core/catalogue/index.js';
import type { Country } from '../../../core/catalogue/index.js';
import { getAddress, isUsable, listAddresses, usableStatuses } from '../../../core/compliance/index.js';
import type { Address } from '../../../core/compliance/index.js';
import type { RootContext } from '../../../core/context.js';
import { DomainError, domainError } from '../../../core/errors.js';
import { getNumber } from '../../../core/stock/index.js';
import { availableMinor, creditCurrency, creditWallet } from '../credits/credit.js';
import { invalid } from '../../../http/body.js';
import { areaCodeCountries, cityDigits } from './city-code.js';
import type { Purchase } from './request.js';

/** What the balance must be at least, whatever the number costs (contract 2.2). */
const balanceMinorMin = 500;

/** True for every country but those of contract 4.8 that sell without an address of one's own. */
export function requiresAddress(country: string): boolean {
  return !areaCodeCountries.has(country);
}

/** Raises invalid_input for a country that is not sold. */
export async function servedCountry(
  ctx: RootContext,
  code: string,
  field = 'country_code',
): Promise<Country> {
  const country = (await listServedCountries({ ctx })).find((candidate) => candidate.code === code);
  if (!country) throw invalid(field, `${code} is not a supported country`);
  return country;
}

/** A usable address in a country, the newest first. */
export async function usableAddress(ctx: RootContext, country: string): Promise<Address | undefined> {
  const [address] = await listAddresses({ ctx, input: { statuses: usableStatuses, country, limit: 1 } });
  return address;
}

/**
 * The checks of a purchase up to its money, in the order of contract 2.2; whether the number can be had is judged with
 * the sale itself.
 *
 * Raises invalid_input, missing_input, not_found (address), insufficient_funds.
 */
export async function checkPurchaseOrder(ctx: RootContext, purchase: Purchase): Promise<void> {
  const country = await servedCountry(ctx, purchase.country);
  await checkNumber(ctx, purchase);
  if (requiresAddress(country.code)) await checkAddress(ctx, purchase, country);
  else await requireVerifiedAddress(ctx);
  await checkBalance(ctx);
}

/** Country and type are the number's own; what is not in stock is refused after everything else. Raises invalid_input. */
async function checkNumber(ctx: RootContext, purchase: Purchase): Promise<void> {
  const found = await getNumber({ ctx, input: { numberId: purchase.numberId } }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'not_found') return undefined;
    throw error;
  });
  if (found && found.country !== purchase.country) {
    throw invalid('country_code', `is ${found.country} for this number`);
  }
  if (found && found.type !== purchase.type) {
    throw invalid('number_type', 'is not the type of this number');
  }
}

/** Contract 2.2, check 3: any verified address of the organisation will do; a partial one will not. */
async function requireVerifiedAddress(ctx: RootContext): Promise<void> {
  const [verified] = await listAddresses({ ctx, input: { statuses: ['verified'], limit: 1 } });
  if (!verified) throw invalid('address_id', 'a verified address must be on file before a number is bought');
}

/** Contract 2.2, checks 4 and 5. */
async function checkAddress(ctx: RootContext, purchase: Purchase, country: Country): Promise<void> {
  if (purchase.addressId === undefined) throw domainError('missing_input', { field: 'address_id' });
  const address = await getAddress({ ctx, input: { addressId: purchase.addressId } });
  if (!isUsable(address)) {
    throw invalid('address_id', `is ${address.status}; a verified or partially verified address is needed`);
  }
  if (address.country !== country.code) throw invalid('address_id', `is not in ${country.code}`);
  const { cityCode, type } = purchase;
  const presence = country.localPresence && type === 'local';
  if (cityCode === undefined) {
    if (presence) throw domainError('missing_input', { field: 'city_code' });
    return;
  }
  const isKnown = address.cityCode !== null;
  const mustMatch = isKnown || presence;
  const matches =
    isKnown && cityDigits(country.code, address.cityCode) === cityDigits(country.code, cityCode);
  if (mustMatch && !matches) throw invalid('city_code', 'must be the city code of the address');
}

/** Contract 2.2, check 6. Raises no_wallet, insufficient_funds. */
async function checkBalance(ctx: RootContext): Promise<void> {
  const wallet = await creditWallet(ctx);
  if (!wallet) throw domainError('no_wallet', { currency: creditCurrency });
  const available = availableMinor(wallet);
  if (available < balanceMinorMin) {
    throw domainError('insufficient_funds', {
      requiredMinor: balanceMinorMin,
      availableMinor: available,
      currency: creditCurrency,
    });
  }
}
