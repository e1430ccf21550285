// @ts-check
import { readTable } from './tables.mjs';
import { cityKey, shelfKey } from './shelves.mjs';

/** @typedef {import('./stable-ids.mjs').KnownIds} KnownIds */
/** @typedef {import('./tables.mjs').Row} Row */

/** Countries whose cities and groups are told apart by region, and whose groups are by area code. */
const countriesKeyedByRegion = new Set(['US', 'CA']);

/**
 * Rebuilds from the last output which id each natural key has, so that a new run changes none of them.
 * @param {Map<string, string>} files text by file name; empty before the first run
 * @returns {{ regions: KnownIds, cities: KnownIds, groups: KnownIds, countryNames: Map<string, string> }}
 */
export function readLastOutput(files) {
  const table = (/** @type {string} */ name) => readTable(files.get(name) ?? '');
  const regionCodeById = new Map(table('regions.tsv').map((row) => [text(row, 'id'), text(row, 'code')]));
  const cityRows = table('cities.tsv');
  const cityNameById = new Map(cityRows.map((row) => [text(row, 'id'), text(row, 'name')]));
  const countryNames = new Map(table('countries.tsv').map((row) => [text(row, 'code'), text(row, 'name')]));
  const regionOf = (/** @type {Row} */ row) =>
    countriesKeyedByRegion.has(text(row, 'country'))
      ? (regionCodeById.get(row.region_id ?? '') ?? null)
      : null;
  const cityKeyOf = (/** @type {Row} */ row) =>
    cityKey({ country: text(row, 'country'), region: regionOf(row), name: text(row, 'name') });
  const groupKeyOf = (/** @type {Row} */ row) => {
    const country = text(row, 'country');
    const isNationwide =
      row.region_id === null && row.city_id === null && row.location === countryNames.get(country);
    return shelfKey({
      country,
      type: text(row, 'type'),
      region: regionOf(row),
      city: cityNameById.get(row.city_id ?? '') ?? null,
      location: isNationwide ? null : text(row, 'location'),
      areaCode: countriesKeyedByRegion.has(country) ? text(row, 'dial_prefix').slice(1) : '',
    });
  };
  const retired = table('retired-ids.tsv');
  const known = (
    /** @type {string} */ kind,
    /** @type {Row[]} */ rows,
    /** @type {(row: Row) => string} */ keyOf,
  ) => ({
    current: idsByKey(rows, keyOf),
    retired: idsByKey(
      retired.filter((row) => row.kind === kind),
      (row) => text(row, 'natural_key'),
    ),
  });
  return {
    regions: known('region', table('regions.tsv'), (row) => text(row, 'code')),
    cities: known('city', cityRows, cityKeyOf),
    groups: known('group', table('groups.tsv'), groupKeyOf),
    countryNames,
  };
}

/**
 * @param {Row} row
 * @param {string} column
 * @returns {string}
 */
function text(row, column) {
  const value = row[column];
  if (value === null || value === undefined) throw new Error(`the last output has no ${column}`);
  return value;
}

/**
 * @param {Row[]} rows
 * @param {(row: Row) => string} keyOf
 * @returns {Map<string, number>}
 */
function idsByKey(rows, keyOf) {
  return new Map(rows.map((row) => [keyOf(row), Number(text(row, 'id'))]));
}
