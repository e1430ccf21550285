import type { Static, TObject, TSchema } from 'typebox';
import type { RootContext } from '../../core/context.js';
import type { AdmitUpload } from '../../http/wire.js';

/** What a route of the own API is given: already checked against its schemas. */
export interface Asked<Q, P, B> {
  readonly query: Q;
  readonly params: P;
  readonly body: B;
}

/** A route as data; the API reference is generated from the same schemas that check its input and shape its answer. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly status: number;
  readonly query?: TObject;
  readonly params?: TObject;
  readonly body?: TObject;
  readonly reply: TSchema;
  readonly admitUpload?: AdmitUpload;
  /** Media types of the answer where it is not JSON. */
  readonly produces?: readonly string[];
  readonly answer: (ctx: RootContext, asked: Asked<unknown, unknown, unknown>) => Promise<unknown>;
}

interface TypedRoute<Q extends TObject, P extends TObject, B extends TObject> {
  readonly method: Route['method'];
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly status?: number;
  readonly query?: Q;
  readonly params?: P;
  readonly body?: B;
  readonly reply: TSchema;
  readonly admitUpload?: AdmitUpload;
  readonly produces?: readonly string[];
  readonly answer: (ctx: RootContext, asked: Asked<Static<Q>, Static<P>, Static<B>>) => Promise<unknown>;
}

/** Ties a route's handler to the types of its schemas. */
export function route<Q extends TObject, P extends TObject, B extends TObject>(
  spec: TypedRoute<Q, P, B>,
): Route {
  return { status: 200, ...spec, answer: spec.answer as Route['answer'] };
}
