import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows of its caller. */
export interface Credentials {
  readonly key: string;
  /** The account that the key must be of, where the scheme names one. */
  readonly account?: string;
}

/** Reads one scheme out of a request's headers; undefined where it is not there or malformed. */
export type ReadCredentials = (headers: IncomingHttpHeaders) => Credentials | undefined;

/** `Authorization: Bearer KEY`. */
export const bearer: ReadCredentials = ({ authorization = '' }) => {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  return key === undefined ? undefined : { key };
};

/** `Authorization: KEY`, without a scheme. */
export const bareAuthorization: ReadCredentials = ({ authorization = '' }) =>
  authorization.trim() === '' ? undefined : { key: authorization.trim() };

/** A header of its own. */
export function namedHeader(name: string): ReadCredentials {
  return (headers) => {
    const key = headers[name];
    return typeof key === 'string' && key !== '' ? { key: key.trim() } : undefined;
  };
}

/** Two headers: the account and its key. */
export function headerPair(accountHeader: string, keyHeader: string): ReadCredentials {
  return (headers) => {
    const [account, key] = [headers[accountHeader], headers[keyHeader]];
    return typeof account === 'string' && typeof key === 'string' ? { account, key } : undefined;
  };
}

/** HTTP Basic (RFC 7617): the account as user, its key as password. */
export const basic: ReadCredentials = ({ authorization = '' }) => {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization)?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { account: text.slice(0, colon), key: text.slice(colon + 1) };
};

/** The first of several schemes that a request has. */
export function firstOf(...schemes: readonly ReadCredentials[]): ReadCredentials {
  return (headers) => {
    for (const read of schemes) {
      const found = read(headers);
      if (found) return found;
    }
    return undefined;
  };
}
