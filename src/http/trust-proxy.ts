/**
 * Whose `X-Forwarded-For` is believed: none, that of so many proxies one behind another, or that of proxies with
 * these addresses (IP or CIDR).
 */
export type TrustProxy = 'nobody' | { readonly hops: number } | { readonly networks: readonly string[] };

/** The same for the server, which by itself believes nobody where it is told a number. */
export function trustedBy(trust: TrustProxy): false | string[] | ((address: string, hop: number) => boolean) {
  if (trust === 'nobody') return false;
  if ('networks' in trust) return [...trust.networks];
  const { hops } = trust;
  return (_address, hop) => hop < hops;
}
