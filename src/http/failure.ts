import { DomainError, domainError } from '../core/errors.js';

interface FrameworkError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly validation?: readonly {
    instancePath: string;
    message?: string;
    params?: Record<string, unknown>;
  }[];
  readonly validationContext?: string;
}

/** Sorts database failures into domain errors; main wires it, so that http need not know the database. */
export type ClassifyFailure = (error: unknown) => DomainError | undefined;

/**
 * What a failed request has to be told, as a domain error: the core's own, a body or query that could not be read, or a
 * database that is away. Undefined is a fault of ours: the dialect answers it as such, and the log has the stack.
 */
export function failureOf(error: unknown, classify: ClassifyFailure): DomainError | undefined {
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
  return classify(error);
}

function validationFailure(error: FrameworkError): DomainError {
  const [first] = error.validation ?? [];
  const missing = first?.params?.['missingProperty'];
  if (typeof missing === 'string') {
    return domainError('missing_input', { field: missing });
  }
  const field = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
  return domainError('invalid_input', {
    field: field === '' ? (error.validationContext ?? 'request') : field,
    reason: first?.message ?? 'is not valid',
  });
}
