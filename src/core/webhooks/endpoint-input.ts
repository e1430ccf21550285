import { isPublicAddress, literalAddress } from '../../lib/public-address.js';
import { assert } from '../../lib/assert.js';
import { domainError } from '../errors.js';
import { limits } from '../limits/index.js';

/** The highest value of the policy. */
export const endpointsPerAccountMax = limits.webhook_endpoints_per_account.maximum;
export const filtersPerEndpointMax = 50;
export const filterLengthMax = 100;
export const urlLengthMax = 2000;

/** Everything, one type of event, or all types that begin alike. */
const filterPattern = /^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?)$/;
const stylePattern = /^[a-z0-9_]{1,40}$/;

/**
 * The target as a URL spells it. An address that is not public is refused here already; a name is looked up at each
 * delivery. Raises invalid_input.
 */
export function cleanUrl(text: string, allowPrivateTargets: boolean): string {
  const refuse = (reason: string) => domainError('invalid_input', { field: 'url', reason });
  if (text.length > urlLengthMax) throw refuse(`must have ${urlLengthMax} characters at most`);
  if (!URL.canParse(text)) throw refuse('must be a URL such as https://example.com/hook');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password');
  const address = literalAddress(url.hostname);
  if (address !== undefined && !allowPrivateTargets && !isPublicAddress(address)) {
    throw refuse('must be a public address');
  }
  url.hash = '';
  if (url.href.length > urlLengthMax) throw refuse(`must have ${urlLengthMax} characters at most`);
  return url.href;
}

/** Raises invalid_input. */
export function cleanFilters(filters: readonly string[]): string[] {
  const refuse = (reason: string) => domainError('invalid_input', { field: 'filters', reason });
  const distinct = [...new Set(filters)];
  if (distinct.length === 0 || distinct.length > filtersPerEndpointMax) {
    throw refuse(`must be 1 to ${filtersPerEndpointMax}`);
  }
  if (distinct.some((filter) => filter.length > filterLengthMax || !filterPattern.test(filter))) {
    throw refuse('must be *, types of events such as number.rented, or beginnings such as number.*');
  }
  return distinct;
}

/** A style is chosen by the surface that offers it, so a malformed one is a fault of ours. */
export function checkStyle(style: string): string {
  assert(stylePattern.test(style), `"${style}" names no style`);
  return style;
}
