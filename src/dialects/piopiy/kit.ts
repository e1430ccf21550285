import type { RootContext } from '../../core/context.js';
import type { Query } from './parse.js';

/** What a route of this dialect is given of a request. */
export interface Asked {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One route: it parses, calls a verb and renders. Success is always 200; failures are answered in one place. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly answer: (ctx: RootContext, asked: Asked) => Promise<unknown>;
}
