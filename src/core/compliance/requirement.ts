import type { NumberType } from '../catalogue/index.js';
import { isUsable } from './address.js';
import type { AddressFacts } from './address-store.js';

/** What a country and type demand of the buyer. Facts with a source each, no legal advice. */
export interface Requirement {
  readonly country: string;
  readonly type: NumberType;
  readonly needsRegistration: boolean;
  /** Where the buyer's address must be: in the number's area, its country, or anywhere. */
  readonly addressScope: 'area' | 'country' | 'world_wide' | null;
  readonly addressProof: boolean;
  readonly identityProof: boolean;
  readonly identityType: string | null;
  readonly taxId: boolean;
  readonly extraForm: boolean;
  readonly serviceDescription: boolean;
}

/** For a country without facts: the strict reading, so that nothing is sold that may be taken away again. */
export function strictRequirement(country: string, type: NumberType): Requirement {
  return {
    country,
    type,
    needsRegistration: true,
    addressScope: type === 'local' ? 'area' : 'country',
    addressProof: true,
    identityProof: true,
    identityType: 'any',
    taxId: false,
    extraForm: false,
    serviceDescription: false,
  };
}

/** The requirement in force for a country and type; the strict one where nothing is known. */
export function requirementOf(known: readonly Requirement[], country: string, type: NumberType): Requirement {
  return (
    known.find((candidate) => candidate.country === country && candidate.type === type) ??
    strictRequirement(country, type)
  );
}

const scopePhrases = {
  area: 'in the area of the number',
  country: 'in the country',
  world_wide: 'anywhere',
} as const;

/** The documents a requirement asks for, as sentences for people; empty when nothing is needed. */
export function requirementSentences(requirement: Requirement): string[] {
  if (!requirement.needsRegistration) return [];
  const sentences: string[] = [];
  if (requirement.addressScope) sentences.push(`An address ${scopePhrases[requirement.addressScope]}`);
  if (requirement.addressProof) sentences.push('Proof of that address');
  if (requirement.identityProof) {
    const kinds: Record<string, string> = { business: ' of a business', individual: ' of a person' };
    sentences.push(`Proof of identity${kinds[requirement.identityType ?? ''] ?? ''}`);
  }
  if (requirement.taxId) sentences.push('A tax id');
  if (requirement.extraForm) sentences.push("The country's own registration form");
  if (requirement.serviceDescription) sentences.push('A description of the service');
  return sentences.length > 0 ? sentences : ['Registration of the end user'];
}

/**
 * Whether a number may be used by whoever has this address: nothing is needed, or the address is verified and lies
 * where the requirement wants it. In the number's area means in its country; where the country asks for local presence
 * and the number is a local one, the address's city code must begin the number as well.
 */
export function isRequirementMet(
  requirement: Requirement,
  address: AddressFacts | undefined,
  numberDigits: number,
): boolean {
  if (!requirement.needsRegistration) return true;
  if (!address || !isUsable(address)) return false;
  if (requirement.addressScope === null || requirement.addressScope === 'world_wide') return true;
  if (address.country !== requirement.country) return false;
  const local = requirement.addressScope === 'area' && requirement.type === 'local';
  return !(local && address.localPresence) || isInCity(address, numberDigits);
}

/** The zero that a city code has within its country is no part of the number: `030` begins +4930… */
function isInCity({ cityCode, callingCode }: AddressFacts, numberDigits: number): boolean {
  const code = cityCode?.replace(/^0+/, '') ?? '';
  return code !== '' && String(numberDigits).startsWith(callingCode.replace(/\D/g, '') + code);
}
