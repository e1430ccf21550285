import type { NumberType } from '../catalogue/number-type.js';

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
