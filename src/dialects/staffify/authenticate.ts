import { domainError } from '../../core/errors.js';
import type { Admitted, Authentication } from '../../http/admission.js';
import { bareAuthorization, bearer, firstOf, namedHeader } from '../../http/credentials.js';
import { isReading } from '../../http/exchange.js';
import { availableMinor, creditCurrency, creditWallet, isPaused } from './credits/credit.js';

/** This vendor's prefixes, and ours behind each: the same secret is the same key under either. */
const ownPrefixes = ['nx_live_', 'nx_test_'] as const;
const vendorPrefix = /^sfy_(live|org)_/;
const ownPrefix = /^nx_(live|test|admin)_/;

/** Writes that a paused account may still do, because they end costs or cost nothing by themselves (contract 6.1). */
const allowedWhilePaused = [
  /^DELETE \/v1\/phone-numbers\/[^/]+(\/assign)?\/?$/,
  /^POST \/v1\/phone-numbers\/[^/]+\/reclaim\/?$/,
];

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
  demands: refusePaused,
};

/** Raises insufficient_funds for a write of an account whose credit is used up. */
async function refusePaused({ ctx, request }: Admitted): Promise<void> {
  if (isReading(request)) return;
  const asked = `${request.method} ${request.url.split('?')[0] ?? ''}`;
  if (allowedWhilePaused.some((pattern) => pattern.test(asked))) return;
  const wallet = await creditWallet(ctx);
  if (!wallet || !isPaused(wallet)) return;
  const details = { requiredMinor: 1, availableMinor: availableMinor(wallet), currency: creditCurrency };
  throw domainError('insufficient_funds', details);
}
