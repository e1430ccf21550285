// @ts-check
/** @typedef {import('./sources.mjs').Place} Place */

/** Short forms that the telephone data uses, or that two spellings of one name differ in. */
const shortForms = new Map([
  ['saint', 'st'],
  ['sainte', 'ste'],
  ['fort', 'ft'],
  ['mount', 'mt'],
  ['heights', 'hts'],
  ['springs', 'spgs'],
  ['beach', 'bch'],
  ['north', 'n'],
  ['south', 's'],
  ['east', 'e'],
  ['west', 'w'],
  ['city', ''],
  ['town', ''],
  ['township', ''],
  ['and', ''],
]);

/** @param {string} name */
function normalise(name) {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .split(/[^a-z0-9]+/)
    .map((word) => shortForms.get(word) ?? word)
    .join('');
}

/**
 * "Ghaziabad/Dadri (old town)" is looked up as a whole, then by its parts.
 * @param {string} name
 * @returns {string[]}
 */
function spellings(name) {
  const withoutNote = name.replace(/\s*\(.*?\)/g, '');
  const parts = [name, withoutNote, ...withoutNote.split(/\s*[/,&-]\s*/)].map(normalise);
  return [...new Set(parts)].filter((part) => part.length > 1);
}

/** Finds the place that an area name of the telephone data means, and the time zone to assume where none is found. */
export class Gazetteer {
  /**
   * @param {Place[]} places
   * @param {Map<string, string[]>} phoneTimeZones
   */
  constructor(places, phoneTimeZones) {
    this.phoneTimeZones = phoneTimeZones;
    /** @type {Map<string, { place: Place, exact: boolean }[]>} */
    this.byName = new Map();
    /** @type {Map<string, Place>} */
    this.largest = new Map();
    /** @type {Set<string>} */
    this.zones = new Set();
    /** @type {Map<string, string>} */
    this.admin1OfSuffix = new Map();
    for (const place of places) this.addPlace(place);
  }

  /** @param {Place} place */
  addPlace(place) {
    const own = new Set([normalise(place.name), normalise(place.asciiName)]);
    for (const name of new Set([...own, ...place.alternateNames.map(normalise)])) {
      if (name.length < 2) continue;
      const key = `${place.country}|${name}`;
      const entries = this.byName.get(key) ?? [];
      entries.push({ place, exact: own.has(name) });
      this.byName.set(key, entries);
    }
    for (const key of [place.country, `${place.country}|${place.admin1}`]) {
      const largest = this.largest.get(key);
      if (!largest || place.population > largest.population) this.largest.set(key, place);
    }
    this.zones.add(`${place.country}|${place.timeZone}`);
  }

  /**
   * Learns which first-level division a suffix such as "TX" or "Karnataka" stands for, from the names that exist once.
   * @param {Iterable<{ country: string, place: string | null, suffix: string | null }>} names
   */
  learnSuffixes(names) {
    /** @type {Map<string, Map<string, number>>} */
    const votes = new Map();
    for (const { country, place, suffix } of names) {
      if (place === null || suffix === null) continue;
      const found = new Set(
        (this.byName.get(`${country}|${normalise(place)}`) ?? []).map((entry) => entry.place.admin1),
      );
      if (found.size !== 1) continue;
      const key = `${country}|${suffix}`;
      const tally = votes.get(key) ?? new Map();
      for (const admin1 of found) tally.set(admin1, (tally.get(admin1) ?? 0) + 1);
      votes.set(key, tally);
    }
    for (const [key, tally] of votes) {
      const winner = [...tally].sort((a, b) => b[1] - a[1])[0];
      if (winner) this.admin1OfSuffix.set(key, winner[0]);
    }
  }

  /**
   * @param {{ country: string, place: string, suffix: string | null, dialPrefix: string, onlyInDivision: boolean }} query
   * @returns {Place | null}
   */
  find({ country, place, suffix, dialPrefix, onlyInDivision }) {
    const admin1 = this.divisionOf(country, suffix);
    const zones = this.zonesOfPrefix(dialPrefix);
    for (const spelling of spellings(place)) {
      const entries = (this.byName.get(`${country}|${spelling}`) ?? []).filter(
        (entry) => !onlyInDivision || entry.place.admin1 === admin1,
      );
      /** @param {{ place: Place, exact: boolean }} entry */
      const score = (entry) =>
        Number(entry.place.admin1 === admin1) * 4 +
        Number(zones.includes(entry.place.timeZone)) * 2 +
        Number(entry.exact);
      const best = entries.sort((a, b) => score(b) - score(a) || b.place.population - a.place.population)[0];
      if (best) return best.place;
    }
    return null;
  }

  /**
   * @param {string} country
   * @param {string | null} suffix
   * @returns {string | undefined} GeoNames' code of the division; often the suffix is that code
   */
  divisionOf(country, suffix) {
    if (suffix === null) return undefined;
    return this.largest.has(`${country}|${suffix}`)
      ? suffix
      : this.admin1OfSuffix.get(`${country}|${suffix}`);
  }

  /**
   * @param {string} dialPrefix
   * @returns {string[]}
   */
  zonesOfPrefix(dialPrefix) {
    for (let length = dialPrefix.length; length > 0; length -= 1) {
      const zones = this.phoneTimeZones.get(dialPrefix.slice(0, length));
      if (zones) return zones;
    }
    return [];
  }

  /**
   * @param {{ country: string, suffix: string | null, dialPrefix: string }} query
   * @returns {string | null} the prefix's only zone, else that of the largest place of the division, then of the country
   */
  assumeTimeZone({ country, suffix, dialPrefix }) {
    const [zone, ...others] = this.zonesOfPrefix(dialPrefix);
    if (zone && others.length === 0 && this.zones.has(`${country}|${zone}`)) return zone;
    const admin1 = this.divisionOf(country, suffix);
    const largest = this.largest.get(`${country}|${admin1 ?? ''}`) ?? this.largest.get(country);
    return largest?.timeZone ?? null;
  }
}
