import { lookup, Resolver } from 'node:dns/promises';

/** The addresses of a name; throws when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const queryMilliseconds = 3000;
const queryTries = 2;

/** As the machine resolves names, its hosts file included: for installations that may reach their own network. */
export const resolveBySystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * By asking name servers, with a time limit. The system's way would take one of the process's few worker threads for as
 * long as a name server of the receiver's choice keeps silent.
 */
export const resolveByQuery: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: queryMilliseconds, tries: queryTries });
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = found.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
  if (addresses.length === 0) throw new Error('no address');
  return addresses;
};
