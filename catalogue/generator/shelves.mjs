// @ts-check
/** @typedef {import('./areas.mjs').Area} Area */
/** @typedef {import('./numbering-plan.mjs').Offer} Offer */
/** @typedef {import('./gazetteer.mjs').Gazetteer} Gazetteer */
/** @typedef {import('./areas.mjs').AreaReader} AreaReader */

/**
 * A group before it has an id.
 * @typedef {object} Shelf
 * @property {string} key natural key
 * @property {string} callingCode
 * @property {string} country
 * @property {string} type
 * @property {string | null} region subdivision code
 * @property {City | null} city
 * @property {string | null} location null for the whole country
 * @property {string} dialPrefix
 * @property {string | null} timeZone
 */
/**
 * @typedef {{ key: string, country: string, displayRegion: string | null, name: string, timeZone: string | null,
 *   population: number | null }} City
 */

const northAmericanAreaCodeDigits = 3;

/**
 * @param {{ country: string, type: string, region: string | null, city: string | null, location: string | null, areaCode: string }} parts
 * @returns {string} natural key of a group; `build.mjs` rebuilds it from the last output
 */
export function shelfKey({ country, type, region, city, location, areaCode }) {
  return [country, type, region ?? '', city ?? '', city === null ? (location ?? '') : '', areaCode].join('|');
}

/**
 * @param {{ country: string, region: string | null, name: string }} parts
 * @returns {string}
 */
export function cityKey({ country, region, name }) {
  return [country, region ?? '', name].join('|');
}

/** Collects the groups of one calling code while its prefixes are worked out. */
export class Shelves {
  /**
   * @param {{ callingCode: string, areas: Map<string, Area>, gazetteer: Gazetteer, areaReader: AreaReader,
   *   cities: Map<string, City>, britishRegions: Record<string, string[]> }} context
   */
  constructor({ callingCode, areas, gazetteer, areaReader, cities, britishRegions }) {
    this.callingCode = callingCode;
    this.gazetteer = gazetteer;
    this.areaReader = areaReader;
    this.cities = cities;
    this.britishRegions = britishRegions;
    /** @type {Map<string, Shelf>} */
    this.byKey = new Map();
    /** @type {Map<string, string>} */
    this.mainPrefixOfLocation = new Map();
    /** @type {Map<string, Shelf>} */
    this.byLocation = new Map();
    for (const [prefix, area] of areas) {
      const known = this.mainPrefixOfLocation.get(area.location);
      const isShorter = known === undefined || prefix.length < known.length;
      if (isShorter || (prefix.length === known.length && prefix < known)) {
        this.mainPrefixOfLocation.set(area.location, prefix);
      }
    }
  }

  /**
   * @param {Offer} offer
   * @param {Area | null} area
   * @param {string} nationalPrefix
   * @returns {string} natural key
   */
  shelfOf(offer, area, nationalPrefix) {
    const areaCode = this.callingCode === '1' ? nationalPrefix.slice(0, northAmericanAreaCodeDigits) : '';
    if (areaCode && offer.type === 'local' && area === null)
      throw new Error(`area code without a place: ${areaCode}`);
    const lookup = [offer.country, offer.type, area?.region, area?.place, area?.location, areaCode].join('|');
    const known = this.byLocation.get(lookup);
    if (known) return known.key;
    const shelf = area ? this.placeShelf(offer, area, areaCode) : this.nationwideShelf(offer, areaCode);
    this.byLocation.set(lookup, shelf);
    this.byKey.set(shelf.key, shelf);
    return shelf.key;
  }

  /**
   * @param {Offer} offer
   * @param {Area} area
   * @param {string} areaCode
   * @returns {Shelf}
   */
  placeShelf(offer, area, areaCode) {
    const dialPrefix = this.callingCode + (areaCode || (this.mainPrefixOfLocation.get(area.location) ?? ''));
    const { city, region, timeZone } = this.locate(area, dialPrefix);
    const { country, type } = offer;
    const location = city?.name ?? area.location;
    const key = shelfKey({
      country,
      type,
      region: area.region,
      city: city?.name ?? null,
      location,
      areaCode,
    });
    return {
      key,
      callingCode: this.callingCode,
      country,
      type,
      region,
      city,
      location,
      dialPrefix,
      timeZone,
    };
  }

  /**
   * @param {Area} area
   * @param {string} dialPrefix
   * @returns {{ city: City | null, region: string | null, timeZone: string | null }}
   */
  locate(area, dialPrefix) {
    const { country, place, suffix } = area;
    const isNorthAmerican = this.callingCode === '1';
    const found =
      place === null
        ? null
        : this.gazetteer.find({ country, place, suffix, dialPrefix, onlyInDivision: isNorthAmerican });
    const timeZone = found?.timeZone ?? this.gazetteer.assumeTimeZone({ country, suffix, dialPrefix });
    const region = country === 'GB' ? this.britishRegion(dialPrefix, found?.admin1 ?? 'ENG') : area.region;
    if (place === null || (!found && this.areaReader.isDivision(area)))
      return { city: null, region, timeZone };
    const name = isNorthAmerican ? place : area.location;
    const key = cityKey({ country, region: area.region, name });
    const population = found?.population || null;
    const city = this.cities.get(key) ?? { key, country, displayRegion: region, name, timeZone, population };
    this.cities.set(key, city);
    return { city, region, timeZone };
  }

  /**
   * @param {string} dialPrefix
   * @param {string} admin1 the part of the kingdom in which the gazetteer found the place
   * @returns {string}
   */
  britishRegion(dialPrefix, admin1) {
    const listed = Object.entries(this.britishRegions).find(([, prefixes]) =>
      prefixes.some((prefix) => dialPrefix.startsWith(this.callingCode + prefix)),
    );
    return listed?.[0] ?? `GB-${admin1}`;
  }

  /**
   * @param {Offer} offer
   * @param {string} areaCode
   * @returns {Shelf}
   */
  nationwideShelf({ country, type }, areaCode) {
    const key = shelfKey({ country, type, region: null, city: null, location: null, areaCode });
    const dialPrefix = this.callingCode + areaCode;
    const timeZone = this.gazetteer.assumeTimeZone({ country, suffix: null, dialPrefix });
    const nowhere = { region: null, city: null, location: null };
    return { key, callingCode: this.callingCode, country, type, ...nowhere, dialPrefix, timeZone };
  }

  /**
   * Once the prefixes are known: says what all numbers of a nationwide group begin with.
   * @param {Map<string, string>} shelfByPrefix
   * @returns {Shelf[]} the groups that got a prefix
   */
  settle(shelfByPrefix) {
    /** @type {Map<string, string[]>} */
    const prefixesByKey = new Map();
    for (const [prefix, key] of shelfByPrefix) {
      const prefixes = prefixesByKey.get(key) ?? [];
      prefixes.push(prefix);
      prefixesByKey.set(key, prefixes);
    }
    const used = [...this.byKey.values()].filter((shelf) => prefixesByKey.has(shelf.key));
    for (const shelf of used) {
      if (shelf.location === null)
        shelf.dialPrefix = longestShared(prefixesByKey.get(shelf.key) ?? [], shelf.dialPrefix);
    }
    return used;
  }
}

/**
 * @param {string[]} prefixes
 * @param {string} shortest
 * @returns {string}
 */
function longestShared(prefixes, shortest) {
  const [first = shortest, ...others] = prefixes;
  let length = first.length;
  while (length > shortest.length && !others.every((other) => other.startsWith(first.slice(0, length))))
    length -= 1;
  return first.slice(0, length);
}
