import { countryOfNo, featuresOf, typeOfLetter, type Feature, type NumberType } from '../number-row.js';
import type { NumberRow } from './store.js';

export interface FoundNumber {
  /** The row's id: the digits, plus 10^15 in the test environment. */
  id: number;
  groupId: number;
  country: string;
  regionId: number | null;
  cityId: number | null;
  type: NumberType;
  features: Feature[];
  hasOwnPrice: boolean;
}

export function asFound(row: Omit<NumberRow, 'key' | 'section'>): FoundNumber {
  return {
    id: row.id,
    groupId: row.groupId,
    country: countryOfNo(row.countryNo),
    regionId: row.regionId,
    cityId: row.cityId,
    type: typeOfLetter(row.type),
    features: featuresOf(row.features),
    hasOwnPrice: row.hasOwnPrice,
  };
}
