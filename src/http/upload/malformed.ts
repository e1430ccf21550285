import { domainError } from '../../core/errors.js';
import type { DomainError } from '../../core/errors.js';

/** A body that cannot be read, as invalid_input. */
export function malformed(reason: string): DomainError {
  return domainError('invalid_input', { field: 'body', reason });
}
