// @ts-check
/** What an area name of the telephone data stands for: a place, a whole region, or another country's territory. */

/**
 * @typedef {object} Area
 * @property {string} country
 * @property {string | null} region code of the subdivision that the name itself states (US and CA only); null when it names several
 * @property {string | null} place the place as displayed; null when the name is that of a whole region
 * @property {string | null} suffix the division behind the place's name, as written there
 * @property {string} location what is displayed
 */

/** @typedef {{ code: string, country: string, name: string }} Subdivision */

const northAmericanCountries = ['US', 'CA'];

export class AreaReader {
  /**
   * @param {Subdivision[]} subdivisions
   * @param {Record<string, Record<string, string>>} renamed by calling code: area name as delivered to area name as meant
   */
  constructor(subdivisions, renamed) {
    this.renamed = renamed;
    this.subdivisionCodes = new Set(subdivisions.map((entry) => entry.code));
    this.subdivisionKeys = new Set(subdivisions.map((entry) => `${entry.country}|${entry.name}`));
    this.regionCodeByName = new Map(
      subdivisions
        .filter((entry) => northAmericanCountries.includes(entry.country))
        .map((entry) => [entry.name, entry.code]),
    );
  }

  /**
   * @param {string} callingCode
   * @param {string} country the calling code's main country
   * @param {string} deliveredName
   * @returns {Area | null} null for a territory that the catalogue does not cover
   */
  read(callingCode, country, deliveredName) {
    const name = (this.renamed[callingCode]?.[deliveredName] ?? deliveredName)
      .replace(/\s+/g, ' ')
      .replace(/ - (?=[A-Z]{2}$)/, ', ')
      .trim();
    const comma = name.lastIndexOf(', ');
    const suffix = comma > 0 ? name.slice(comma + 2) : null;
    if (callingCode === '1') return this.readNorthAmerican(name, suffix);
    const place = suffix === null ? name : name.slice(0, comma);
    return { country, region: null, place, suffix, location: name };
  }

  /**
   * @param {string} name
   * @param {string | null} suffix
   * @returns {Area | null}
   */
  readNorthAmerican(name, suffix) {
    if (suffix === null) {
      const regions = name.split('/').map((part) => this.regionCodeByName.get(part));
      const [first] = regions;
      if (!first || regions.includes(undefined)) return null;
      const region = regions.length === 1 ? first : null;
      return {
        country: first.slice(0, 2),
        region,
        place: null,
        suffix: region?.slice(3) ?? null,
        location: name,
      };
    }
    const region = northAmericanCountries
      .map((country) => `${country}-${suffix}`)
      .find((code) => this.subdivisionCodes.has(code));
    if (!region) return null;
    const place = name.slice(0, name.lastIndexOf(', '));
    return { country: region.slice(0, 2), region, place, suffix, location: place };
  }

  /**
   * @param {Area} area
   * @returns {boolean} whether the name is one of the country's divisions ("New South Wales")
   */
  isDivision(area) {
    return this.subdivisionKeys.has(`${area.country}|${area.location}`);
  }
}
