import { Type } from 'typebox';
import type { Group } from '../../../core/catalogue/index.js';
import { e164Of } from '../../../core/number-id.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { spellNumberId } from '../ids.js';
import { named } from '../schemas.js';

export const NumberShape = named(
  'PhoneNumber',
  Type.Object({
    id: Type.String(),
    number: Type.String(),
    group_id: Type.String(),
    country: Type.String(),
    type: Type.String(),
    region_id: Type.Union([Type.Integer(), Type.Null()]),
    city_id: Type.Union([Type.Integer(), Type.Null()]),
    location: Type.String(),
    features: Type.Array(Type.String()),
  }),
);

export function renderNumber(found: FoundNumber, group: Group | undefined) {
  return {
    id: spellNumberId(found.id),
    number: e164Of(found.id),
    group_id: group?.publicId ?? '',
    country: found.country,
    type: found.type,
    region_id: found.regionId,
    city_id: found.cityId,
    location: group?.location ?? '',
    features: found.features,
  };
}
