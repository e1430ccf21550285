import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where IPv6 addresses of the public internet lie; whatever is outside is local, translated or not given out. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the public internet's: not private, loopback, link-local, shared, multicast,
 * reserved, documentation, a tunnel or a translation. An IPv4 address in IPv6 clothes is judged as what it is.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

/**
 * The IP address that the host of a URL spells, `localhost` included; undefined for a name that has to be resolved.
 * `hostname` is as a URL gives it, so decimal, octal and hexadecimal spellings are dotted already. What counts as an
 * address is what a socket would connect to without asking anybody.
 */
export function literalAddress(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return '127.0.0.1';
  return isIP(host) === 0 ? undefined : host;
}
