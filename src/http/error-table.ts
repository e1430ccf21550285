import type { FastifyRequest } from 'fastify';
import type { DomainError, DomainErrorCode } from '../core/errors.js';

/** Everything that a dialect may have to refuse: the core's errors, and two of the wire's own. */
export type WireErrorCode = DomainErrorCode | 'method_not_allowed' | 'internal';

/** A known path was asked with a verb that it does not have. */
export class WrongMethod extends Error {
  override readonly name = 'WrongMethod';
  readonly code = 'method_not_allowed';

  constructor(
    method: string,
    readonly allowed: readonly string[],
  ) {
    super(`${method} is not allowed here; use ${allowed.join(', ')}`);
  }
}

/** A fault of ours, which is in the log already. */
export interface Fault {
  readonly code: 'internal';
  readonly message: string;
}

export type WireFailure = DomainError | WrongMethod | Fault;

/** An answer to a failure; `type` where it is not `application/json`. */
export interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
}

/** A dialect's words for each error; a new error does not compile until every dialect has some for it. */
export type ErrorTable<T> = Readonly<Record<WireErrorCode, T>>;

/** Answers a failure in the dialect's words. */
export type Explain = (failure: WireFailure, request: FastifyRequest) => WireAnswer;

/** A table and what makes an answer of its entries. */
export function errorsFrom<T>(
  table: ErrorTable<T>,
  say: (entry: T, failure: WireFailure, request: FastifyRequest) => WireAnswer,
): Explain {
  return (failure, request) => say(table[failure.code], failure, request);
}

/** The failure as the core raised it, where it is one of the core's. */
export function ofCore(failure: WireFailure): DomainError | undefined {
  return 'failure' in failure ? failure : undefined;
}
