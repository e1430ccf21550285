// @ts-check
import * as sources from './sources.mjs';
import { AreaReader } from './areas.mjs';
import { Coverage } from './coverage.mjs';
import { writeDemoStock } from './demo-stock.mjs';
import { Gazetteer } from './gazetteer.mjs';
import { readLastOutput } from './last-output.mjs';
import { NumberingPlan } from './numbering-plan.mjs';
import { byCodeUnit } from './order.mjs';
import { Shelves } from './shelves.mjs';
import { assignStableIds } from './stable-ids.mjs';
import * as write from './write-tables.mjs';

/** @typedef {import('./areas.mjs').Area} Area */
/** @typedef {import('./shelves.mjs').Shelf} Shelf */
/** @typedef {import('./shelves.mjs').City} City */
/** @typedef {import('./write-tables.mjs').Requirements} Requirements */
/**
 * @typedef {object} Facts what is written by hand and not taken from a package
 * @property {{ regions: Record<string, number>, cities: Record<string, number>, groupPublicIds: Record<string, string> }} pins
 * @property {{ renamed: Record<string, Record<string, string>>, byPrefix: Record<string, Record<string, string | null>> }}
 *   placeCorrections by calling code: names to read as others, and prefixes whose name is missing or wrong
 * @property {Record<string, string[]>} britishRegions
 * @property {string[]} countriesWithoutRequirements covered although no requirement is known for them
 * @property {Requirements} requirements
 * @property {import('./demo-stock.mjs').DemoRanges} demoRanges
 */
/** @typedef {{ kind: string, added: string[], vanished: string[] }} Change */

const countriesWithRegions = ['US', 'CA', 'GB'];
const britishNations = ['GB-ENG', 'GB-NIR', 'GB-SCT', 'GB-WLS'];
/** Outlying areas that libphonenumber knows as countries of their own. */
const territoriesOfTheUnitedStates = ['US-AS', 'US-GU', 'US-MP', 'US-PR', 'US-UM', 'US-VI'];

/**
 * @param {{ facts: Facts, lastFiles: Map<string, string> }} input
 * @returns {{ files: Map<string, string>, changes: Change[] }}
 */
export function buildCatalogue({ facts, lastFiles }) {
  const last = readLastOutput(lastFiles);
  const regions = coveredRegions(sources.readSubdivisions());
  const { shelves, cities, prefixes } = collectGroups(facts, regions);

  const regionIds = assignStableIds({
    keys: regions.map((region) => region.code),
    known: last.regions,
    pinned: new Map(Object.entries(facts.pins.regions)),
  });
  const cityIds = assignStableIds({
    keys: cities.keys(),
    known: last.cities,
    pinned: new Map(Object.entries(facts.pins.cities)),
  });
  const groupIds = assignStableIds({ keys: shelves.keys(), known: last.groups, pinned: new Map() });
  const countryNames = nameCountries(last.countryNames);
  const retired = { region: regionIds.retired, city: cityIds.retired, group: groupIds.retired };

  const files = new Map([
    ['countries.tsv', write.countries(sources.readCallingCodes(), countryNames)],
    ['regions.tsv', write.regions(regions, regionIds.ids)],
    ['cities.tsv', write.cities([...cities.values()], cityIds.ids, regionIds.ids)],
    [
      'groups.tsv',
      write.groups([...shelves.values()], {
        groupIds: groupIds.ids,
        publicIds: facts.pins.groupPublicIds,
        cityIds: cityIds.ids,
        regionIds: regionIds.ids,
        countryNames,
      }),
    ],
    ['prefixes.tsv', write.prefixes(prefixes, groupIds.ids)],
    ['requirements.tsv', write.requirements(facts.requirements)],
    ['retired-ids.tsv', write.retiredIds(retired)],
    [
      'demo-stock.csv',
      writeDemoStock(facts.demoRanges, (digits) => shelfOfNumber(digits, prefixes, shelves)),
    ],
  ]);
  const changes = Object.entries({ region: regionIds, city: cityIds, group: groupIds }).map(
    ([kind, { added, vanished }]) => ({ kind, added, vanished }),
  );
  return { files, changes };
}

/**
 * @param {{ code: string, country: string, name: string }[]} subdivisions
 */
function coveredRegions(subdivisions) {
  return subdivisions.filter(({ code, country }) => {
    if (country === 'GB') return britishNations.includes(code);
    return countriesWithRegions.includes(country) && !territoriesOfTheUnitedStates.includes(code);
  });
}

/**
 * A name stays as it was first written: the runtime's own list of names changes between versions.
 * @param {Map<string, string>} lastNames
 * @returns {Map<string, string>}
 */
function nameCountries(lastNames) {
  const display = new Intl.DisplayNames(['en'], { type: 'region' });
  return new Map(
    sources
      .readCallingCodes()
      .map(({ country }) => [country, lastNames.get(country) ?? display.of(country) ?? country]),
  );
}

/**
 * @param {Facts} facts
 * @param {{ code: string, country: string, name: string }[]} regions
 * @returns {{ shelves: Map<string, Shelf>, cities: Map<string, City>, prefixes: Map<string, string> }}
 */
function collectGroups(facts, regions) {
  const covered = new Set([...Object.keys(facts.requirements), ...facts.countriesWithoutRequirements]);
  const coveredCodes = sources.readCallingCodes().filter(({ country }) => covered.has(country));
  const gazetteer = new Gazetteer(sources.readPlaces(covered), sources.readPhoneTimeZones());
  const otherSubdivisions = sources
    .readSubdivisions()
    .filter(({ country }) => !countriesWithRegions.includes(country));
  const areaReader = new AreaReader([...regions, ...otherSubdivisions], facts.placeCorrections.renamed);
  /** @type {Map<string, Shelf>} */
  const shelves = new Map();
  /** @type {Map<string, City>} */
  const cities = new Map();
  /** @type {Map<string, string>} */
  const prefixes = new Map();
  for (const callingCode of new Set(coveredCodes.map((entry) => entry.callingCode))) {
    const countries = sources.readCountriesOfCallingCode(callingCode);
    const areas = readAreas(callingCode, countries[0] ?? '', areaReader, facts.placeCorrections.byPrefix);
    gazetteer.learnSuffixes(areas.values());
    const { britishRegions } = facts;
    const found = new Shelves({ callingCode, areas, gazetteer, areaReader, cities, britishRegions });
    const plan = new NumberingPlan(callingCode, countries, covered);
    const coverage = new Coverage(plan, areas, (offer, area, prefix) => found.shelfOf(offer, area, prefix));
    const own = new Map(coverage.prefixes().map(({ prefix, shelf }) => [callingCode + prefix, shelf]));
    for (const [prefix, shelf] of own) prefixes.set(prefix, shelf);
    for (const shelf of found.settle(own)) shelves.set(shelf.key, shelf);
  }
  const usedCities = new Set([...shelves.values()].map((shelf) => shelf.city?.key));
  for (const key of cities.keys()) if (!usedCities.has(key)) cities.delete(key);
  return { shelves, cities, prefixes };
}

/**
 * @param {string} callingCode
 * @param {string} mainCountry
 * @param {AreaReader} areaReader
 * @param {Record<string, Record<string, string | null>>} byPrefix null takes a prefix away
 * @returns {Map<string, Area>} by national prefix, in the order of the prefixes
 */
function readAreas(callingCode, mainCountry, areaReader, byPrefix) {
  const delivered = sources.readAreaNames(callingCode);
  const names = new Map([...delivered, ...Object.entries(byPrefix[callingCode] ?? {})]);
  /** @type {Map<string, Area>} */
  const areas = new Map();
  for (const [prefix, name] of [...names].sort((a, b) => byCodeUnit(a[0], b[0]))) {
    const area = name === null ? null : areaReader.read(callingCode, mainCountry, name);
    if (area) areas.set(prefix, area);
  }
  return areas;
}

/**
 * @param {string} digits
 * @param {Map<string, string>} prefixes
 * @param {Map<string, Shelf>} shelves
 * @returns {Shelf | null}
 */
function shelfOfNumber(digits, prefixes, shelves) {
  for (let length = digits.length; length > 0; length -= 1) {
    const key = prefixes.get(digits.slice(0, length));
    if (key !== undefined) return shelves.get(key) ?? null;
  }
  return null;
}
