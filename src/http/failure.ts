import type { FastifyRequest } from 'fastify';
import { DomainError, domainError } from '../core/errors.js';
import { inputFailure } from './faults.js';
import { schemaFaults } from './schema-faults.js';
import type { SchemaError } from './schema-faults.js';

/** Faults of one input that an answer lists at most. */
const faultsMax = 20;

interface FrameworkError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly validation?: readonly SchemaError[];
  readonly validationContext?: string;
}

/** What a failed request was about: whether it may have changed anything, and whether it carried an idempotency key. */
export interface FailedRequest {
  readonly writes: boolean;
  readonly keyed: boolean;
}

/** Sorts database failures into domain errors; the server wires it, so that http need not know the database. */
export type ClassifyFailure = (error: unknown, request: FailedRequest) => DomainError | undefined;

export function failedRequest({ method, headers }: FastifyRequest): FailedRequest {
  const writes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  return { writes, keyed: headers['idempotency-key'] !== undefined };
}

/** What a fault of ours is answered with: it claims that nothing was changed only of a request that cannot change anything. */
export function faultSentence(request: FastifyRequest): string {
  const { writes, keyed } = failedRequest(request);
  if (!writes) return 'Something went wrong on our side; nothing was changed';
  const what = 'Something went wrong on our side; whether the request took effect is not known';
  return keyed
    ? `${what}, so repeat it with the same idempotency key`
    : `${what}, so look before you repeat it`;
}

/**
 * What a failed request has to be told, as a domain error: the core's own, a body or query that could not be read, or a
 * database that is away. Undefined is a fault of ours: the dialect answers it as such, and the log has the stack.
 */
export function failureOf(
  error: unknown,
  classify: ClassifyFailure,
  request: FastifyRequest,
): DomainError | undefined {
  if (error instanceof DomainError) return error;
  const framework = error as FrameworkError;
  if (framework.validation) return validationFailure(framework);
  if (framework.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return domainError('invalid_input', { field: 'body', reason: 'is larger than this route takes' });
  }
  if (framework.code?.startsWith('FST_ERR_CTP_') || framework instanceof SyntaxError) {
    return domainError('invalid_input', {
      field: 'body',
      reason: 'must be a JSON document',
    });
  }
  if (framework.statusCode !== undefined && framework.statusCode >= 400 && framework.statusCode < 500) {
    return domainError('invalid_input', {
      field: 'request',
      reason: framework.message,
    });
  }
  return classify(error, failedRequest(request));
}

/** All faults at once: what is missing by its names, and what cannot be meant with the reason of each. */
function validationFailure({ validation = [], validationContext = 'request' }: FrameworkError): DomainError {
  return inputFailure(schemaFaults(validation, validationContext).slice(0, faultsMax));
}
