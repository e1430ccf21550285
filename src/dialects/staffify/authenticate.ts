import type { Authentication } from '../../http/admission.js';
import { bareAuthorization, bearer, firstOf, namedHeader } from '../../http/credentials.js';

/** This vendor's prefixes, and ours behind each: the same secret is the same key under either. */
const ownPrefixes = ['nx_live_', 'nx_test_'] as const;
const vendorPrefix = /^sfy_(live|org)_/;
const ownPrefix = /^nx_(live|test|admin)_/;

/**
 * `Authorization: Bearer KEY`, or `X-Api-Key: KEY` (contract 1.2). A key with another vendor's prefix is refused without
 * a look-up, and is no guess.
 */
export const authentication: Authentication = {
  credentials: firstOf(bearer, bareAuthorization, namedHeader('x-api-key')),
  operators: false,
  spellings: (key) => {
    if (vendorPrefix.test(key)) return ownPrefixes.map((prefix) => key.replace(vendorPrefix, prefix));
    return ownPrefix.test(key) ? [key] : [];
  },
};
