import { listCities, listRegions, numberTypes } from '../../../core/catalogue/index.js';
import { listRequirements, requirementSentences } from '../../../core/compliance/index.js';
import { actingAccount } from '../../../core/authority/index.js';
import { countryHasStock } from '../../../core/stock/index.js';
import type { WireRoute } from '../../../http/wire.js';
import { didTypeIds, didTypeOf, idOf, requiredCountry } from '../parse.js';

/** Contract 2 to 5: where numbers are, of which types, and what they demand. */
export const locationRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/numbers/regions',
    answer: async (ctx, { query }) => {
      const regions = await listRegions({ ctx, input: { country: requiredCountry(query) } });
      return {
        success: true,
        data: {
          regions: regions.map((region) => ({
            id: region.id,
            region_name: region.name,
            iso_country_code: region.country,
          })),
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/numbers/cities',
    answer: async (ctx, { query }) => {
      const country = requiredCountry(query);
      const regionId = idOf(query, 'region') ?? idOf(query, 'region_id');
      const cities = await listCities({ ctx, input: { country, regionId } });
      return {
        success: true,
        data: {
          cities: cities.map((city) => ({
            id: city.id,
            city_name: city.name,
            iso_country_code: city.country,
          })),
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/numbers/did-types',
    answer: () =>
      Promise.resolve({
        success: true,
        data: {
          did_types: [...numberTypes]
            .sort((a, b) => didTypeIds[a] - didTypeIds[b])
            .map((name) => ({ id: didTypeIds[name], name })),
        },
      }),
  },
  {
    method: 'GET',
    path: '/numbers/requirements',
    answer: async (ctx, { query }) => {
      const country = requiredCountry(query);
      const type = didTypeOf(query);
      const { environment } = actingAccount(ctx);
      const stocked = await countryHasStock({ ctx, input: { country, environment } });
      const requirements = stocked
        ? await listRequirements({ ctx, input: { country, ...(type ? { types: [type] } : {}) } })
        : [];
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
    },
  },
];
