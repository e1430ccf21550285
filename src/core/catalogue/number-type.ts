import { assert } from '../../lib/assert.js';

export const numberTypes = ['local', 'mobile', 'tollfree', 'national', 'sharedcost', 'global'] as const;
export type NumberType = (typeof numberTypes)[number];

export function isNumberType(text: string): text is NumberType {
  return (numberTypes as readonly string[]).includes(text);
}

/** One letter per type, as number rows keep it. */
const letterByType: Record<NumberType, string> = {
  local: 'l',
  mobile: 'm',
  tollfree: 't',
  national: 'n',
  sharedcost: 's',
  global: 'g',
};

export function typeLetter(type: NumberType): string {
  return letterByType[type];
}

export function typeOfLetter(letter: string): NumberType {
  const type = numberTypes.find((candidate) => letterByType[candidate] === letter);
  assert(type !== undefined, `unknown number type letter ${letter}`);
  return type;
}

/** Feature bits of a number or group. */
export const featureBits = { voice: 1, sms_in: 2, sms_out: 4, whatsapp: 8, whatsapp_business: 16 } as const;
export type Feature = keyof typeof featureBits;
export const featureNames = Object.keys(featureBits) as Feature[];

export function featuresOf(mask: number): Feature[] {
  return featureNames.filter((name) => (mask & featureBits[name]) !== 0);
}

export function featureMask(features: readonly Feature[]): number {
  return features.reduce((mask, name) => mask | featureBits[name], 0);
}
