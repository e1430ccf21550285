export {
  catalogueLoadedAt,
  getGroup,
  getGroups,
  groupsMax,
  listCities,
  listCountries,
  listRegions,
  listServedCountries,
  searchGroups,
} from './browse.js';
export {
  featureBits,
  featureMask,
  featureNames,
  featuresOf,
  isNumberType,
  numberTypes,
  typeLetter,
  typeOfLetter,
} from './number-type.js';
export type { Feature, NumberType } from './number-type.js';
export {
  findGroups,
  findGroupsNamed,
  findServedCountries,
  isCountry,
  listAllGroups,
  listPrefixRows,
} from './store.js';
export type { City, Country, Group, GroupFilters, PrefixRow, Region } from './store.js';
export { catalogueFolder, loadCatalogue } from './load-catalogue.js';
