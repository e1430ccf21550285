// @ts-check
import { byCodeUnit } from './order.mjs';
import { writeTable } from './tables.mjs';

/** @typedef {import('./shelves.mjs').Shelf} Shelf */
/** @typedef {import('./shelves.mjs').City} City */
/** @typedef {import('./tables.mjs').Cell} Cell */
/**
 * @typedef {{ needs_registration?: boolean, address_scope?: string, address_proof?: boolean, identity_proof?: boolean,
 *   identity_type?: string, tax_id?: boolean, extra_form?: boolean, service_description?: boolean, confidence: string,
 *   source: string }} Requirement
 */
/** @typedef {Record<string, Record<string, Requirement>>} Requirements by country and type */

const voice = 1;
const smsIn = 2;
const smsOut = 4;
const whatsapp = 8;
const whatsappBusiness = 16;
const messagingCountries = new Set(['US', 'CA']);
const voiceOnlyTypes = new Set(['sharedcost', 'global']);

/**
 * What numbers of a group can do unless the stock says otherwise.
 * @param {{ country: string, type: string }} shelf
 * @returns {number} bit mask
 */
function featureMask({ country, type }) {
  if (type === 'mobile') return voice | smsIn | smsOut | whatsapp | whatsappBusiness;
  if (voiceOnlyTypes.has(type)) return voice;
  if (messagingCountries.has(country)) return voice | smsIn | smsOut | whatsappBusiness;
  return type === 'tollfree' ? voice : voice | whatsappBusiness;
}

/**
 * @param {Map<string, number>} ids
 * @param {string} key
 * @returns {number}
 */
function idOf(ids, key) {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`no id for ${key}`);
  return id;
}

/** @param {Cell[][]} rows */
function sortById(rows) {
  return rows.sort((a, b) => Number(a[0]) - Number(b[0]));
}

/** @param {Cell[][]} rows */
function sortByText(rows) {
  return rows.sort(
    (a, b) => byCodeUnit(String(a[0]), String(b[0])) || byCodeUnit(String(a[1]), String(b[1])),
  );
}

/**
 * @param {{ country: string, callingCode: string }[]} callingCodes
 * @param {Map<string, string>} names
 */
export function countries(callingCodes, names) {
  const rows = callingCodes.map(({ country, callingCode }) => [
    country,
    names.get(country) ?? country,
    callingCode,
  ]);
  return writeTable(['code', 'name', 'calling_code'], sortByText(rows));
}

/**
 * @param {{ code: string, country: string, name: string }[]} list
 * @param {Map<string, number>} ids
 */
export function regions(list, ids) {
  const rows = list.map(({ code, country, name }) => [idOf(ids, code), country, code, name]);
  return writeTable(['id', 'country', 'code', 'name'], sortById(rows));
}

/**
 * @param {City[]} list
 * @param {Map<string, number>} ids
 * @param {Map<string, number>} regionIds
 */
export function cities(list, ids, regionIds) {
  const rows = list.map((city) => [
    idOf(ids, city.key),
    city.country,
    city.displayRegion === null ? null : idOf(regionIds, city.displayRegion),
    city.name,
    city.timeZone,
    city.population,
  ]);
  return writeTable(['id', 'country', 'region_id', 'name', 'time_zone', 'population'], sortById(rows));
}

/**
 * @param {Shelf[]} list
 * @param {{ groupIds: Map<string, number>, publicIds: Record<string, string>, cityIds: Map<string, number>,
 *   regionIds: Map<string, number>, countryNames: Map<string, string> }} ids
 */
export function groups(list, { groupIds, publicIds, cityIds, regionIds, countryNames }) {
  for (const key of Object.keys(publicIds)) idOf(groupIds, key);
  const allowNumberSelection = true;
  const rows = list.map((shelf) => {
    const id = idOf(groupIds, shelf.key);
    return [
      id,
      publicIds[shelf.key] ?? `grp-${id.toString(36)}`,
      shelf.country,
      shelf.type,
      shelf.region === null ? null : idOf(regionIds, shelf.region),
      shelf.city === null ? null : idOf(cityIds, shelf.city.key),
      shelf.location ?? countryNames.get(shelf.country) ?? shelf.country,
      displayPrefix(shelf),
      shelf.dialPrefix,
      featureMask(shelf),
      allowNumberSelection,
      shelf.timeZone,
    ];
  });
  const columns = [
    'id',
    'public_id',
    'country',
    'type',
    'region_id',
    'city_id',
    'location',
    'prefix',
    'dial_prefix',
  ];
  return writeTable([...columns, 'features', 'allow_number_selection', 'time_zone'], sortById(rows));
}

/** @param {Shelf} shelf */
function displayPrefix({ callingCode, dialPrefix }) {
  const national = dialPrefix.slice(callingCode.length);
  return national === '' ? `+${callingCode}` : `+${callingCode} (${national})`;
}

/**
 * @param {Map<string, string>} shelfByPrefix
 * @param {Map<string, number>} groupIds
 */
export function prefixes(shelfByPrefix, groupIds) {
  const rows = [...shelfByPrefix].map(([prefix, shelf]) => [prefix, idOf(groupIds, shelf)]);
  return writeTable(['prefix', 'group_id'], sortByText(rows));
}

/** @param {Requirements} byCountry */
export function requirements(byCountry) {
  const rows = Object.entries(byCountry).flatMap(([country, byType]) =>
    Object.entries(byType).map(([type, requirement]) => [
      country,
      type,
      requirement.needs_registration ?? false,
      requirement.address_scope ?? null,
      requirement.address_proof ?? false,
      requirement.identity_proof ?? false,
      requirement.identity_type ?? null,
      requirement.tax_id ?? false,
      requirement.extra_form ?? false,
      requirement.service_description ?? false,
      requirement.confidence,
      requirement.source,
    ]),
  );
  const asked = ['address_scope', 'address_proof', 'identity_proof', 'identity_type', 'tax_id', 'extra_form'];
  const columns = [
    'country',
    'type',
    'needs_registration',
    ...asked,
    'service_description',
    'confidence',
    'source',
  ];
  return writeTable(columns, sortByText(rows));
}

/**
 * @param {Record<string, Map<string, number>>} idsByKind
 */
export function retiredIds(idsByKind) {
  const rows = Object.entries(idsByKind).flatMap(([kind, ids]) =>
    [...ids].map(([key, id]) => [kind, key, id]),
  );
  return writeTable(['kind', 'natural_key', 'id'], sortByText(rows));
}
