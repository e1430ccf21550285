import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import type { TestServer } from '../../support/server.js';

/** A write that was sent with a key, and its first answer. */
export interface Sent {
  /** `METHOD path` as the router has it. */
  readonly route: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly first: Answer;
}

/** What is shown once, and what a repeat has in its place. */
const spentAs: Readonly<Record<string, unknown>> = {
  secret: null,
  token: null,
  api_key: null,
  agent_token: null,
  auth_token: '<redacted>',
  access_token: '<redacted>',
  refresh_token: '<redacted>',
  expires_in: 0,
};
/** What names the request itself. */
const requestNames = new Set(['request_id', 'instance', 'api_id']);

/** A body without what names the request; with `spent`, secrets are as a repeat shows them. */
export function comparable(body: unknown, spent: boolean): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return JSON.parse(JSON.stringify(body), (name, value: unknown) => {
    if (requestNames.has(name)) return undefined;
    return spent && Object.hasOwn(spentAs, name) ? spentAs[name] : value;
  });
}

/** Sends writes, each with a key of its own, and keeps them to be repeated. */
export class Session {
  readonly sent: Sent[] = [];
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** Who asks: the account's key on every wire. */
  as(key: string, accountId = '') {
    const credentials = {
      authorization: `Bearer ${key}`,
      'x-user-api-key': key,
      'x-auth-id': accountId,
      'x-auth-token': key,
    };
    return {
      get: async (path: string): Promise<unknown> =>
        (await ask(this.#server.url, undefined, 'GET', path, undefined, credentials)).body,
      /** Sends `METHOD path`; `values` stand in for its parameters, one after the other. */
      write: async (
        route: string,
        values: readonly (string | number)[] = [],
        body?: unknown,
      ): Promise<unknown> => {
        const [method = '', pattern = ''] = route.split(' ');
        const left = [...values];
        const path = pattern.replace(/:\w+(?:\([^/]*\))?/g, () => String(left.shift()));
        const headers = { ...credentials, 'idempotency-key': `first-${this.sent.length}` };
        const first = await ask(this.#server.url, undefined, method, path, body, headers);
        if (first.status >= 500) throw new Error(`${route}: ${JSON.stringify(first.body)}`);
        this.sent.push({ route, path, body, headers, first });
        return first.body;
      },
    };
  }

  /** The same once more; spelt otherwise, its path leads to the same route, but the request is another. */
  repeat({ route, path, body, headers }: Sent, how?: 'spelt otherwise'): Promise<Answer> {
    const [method = ''] = route.split(' ');
    const asked = how ? path.replace(/[a-z]/, escaped) : path;
    return ask(this.#server.url, undefined, method, asked, body, headers);
  }
}

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}

export type Caller = ReturnType<Session['as']>;

/** A value in a body, as text. */
export function textAt(body: unknown, path: string): string {
  const value = at(body, path);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Error(`nothing at ${path} of ${JSON.stringify(body)}`);
}
