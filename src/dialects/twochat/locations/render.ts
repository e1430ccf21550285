import { numberTypes } from '../../../core/catalogue/index.js';
import type { City, Region } from '../../../core/catalogue/index.js';
import { requirementSentences } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import { didTypeIds } from '../parse.js';

export function renderRegions(regions: readonly Region[]) {
  return {
    success: true,
    data: {
      regions: regions.map(({ id, name, country }) => ({
        id,
        region_name: name,
        iso_country_code: country,
      })),
    },
  };
}

export function renderCities(cities: readonly City[]) {
  return {
    success: true,
    data: {
      cities: cities.map(({ id, name, country }) => ({ id, city_name: name, iso_country_code: country })),
    },
  };
}

export function renderTypes() {
  const ordered = [...numberTypes].sort((a, b) => didTypeIds[a] - didTypeIds[b]);
  return { success: true, data: { did_types: ordered.map((name) => ({ id: didTypeIds[name], name })) } };
}

export function renderRequirements(requirements: readonly Requirement[]) {
  return {
    success: true,
    data: {
      requirements: requirements.flatMap((requirement) =>
        requirementSentences(requirement).map((description) => ({
          description,
          did_type: requirement.type,
        })),
      ),
    },
  };
}
