import type { FastifySchema } from 'fastify';
import { domainError } from '../core/errors.js';
import type { Account, RootContext } from '../core/context.js';
import type { Asked, UploadGate, WireRoute } from './wire.js';
import type { UploadAdmission } from './upload/receive.js';

/** A route in three steps. `read` and `render` see no context, so neither can reach the database. */
export interface RouteSteps<I, R> {
  readonly method: WireRoute['method'];
  readonly path: string;
  /** 200 unless it says otherwise. */
  readonly status?: number;
  readonly schema?: FastifySchema;
  readonly admitUpload?: UploadGate;
  /** The request in core words. Raises invalid_input, missing_input, not_found for an id that cannot be one. */
  readonly read: (asked: Asked) => I;
  /** Does the work: a verb of the core, or several in one function of the dialect's `verbs.ts`. */
  readonly verb: (call: { readonly ctx: RootContext; readonly input: I }) => Promise<R>;
  /** The result in the wire's words; a `WireReply` for another status or headers. */
  readonly render: (result: R, asked: Asked) => unknown;
}

/** Ties the three steps of a route together by their types. */
export function wireRoute<I, R>(route: RouteSteps<I, R>): WireRoute {
  return route;
}

/** Ties the two steps together that say whether a file may come. */
export function uploadGate<I>(gate: {
  readonly read: (asked: Pick<Asked, 'params'>) => I;
  readonly verb: (call: { readonly ctx: RootContext; readonly input: I }) => Promise<UploadAdmission>;
}): UploadGate {
  return gate;
}

/** The account that a request acts for. Raises forbidden for an operator's key that names none. */
export function accountAsked({ account }: Pick<Asked, 'account'>): Account {
  if (account) return account;
  throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
}
