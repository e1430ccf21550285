import { DomainError, domainError } from './errors.js';
import type { InvalidField } from './errors.js';

/** One fault of an input; without a reason the field is missing. */
export interface InputFault {
  readonly field: string;
  readonly reason?: string;
}

/** One error that tells all faults, each once: missing_input when a field is missing, else invalid_input. */
export function inputFailure(faults: readonly InputFault[]): DomainError {
  const absent = [...new Set(faults.filter(({ reason }) => reason === undefined).map(({ field }) => field))];
  const invalid = faults.filter(
    (fault, index): fault is InvalidField =>
      fault.reason !== undefined &&
      faults.findIndex(({ field, reason }) => field === fault.field && reason === fault.reason) === index,
  );
  const [field, ...others] = absent;
  if (field !== undefined) {
    return domainError('missing_input', {
      field,
      ...(others.length > 0 ? { others } : {}),
      ...(invalid.length > 0 ? { invalid } : {}),
    });
  }
  const [first = { field: 'request', reason: 'is not valid' }, ...more] = invalid;
  return domainError('invalid_input', { ...first, ...(more.length > 0 ? { others: more } : {}) });
}

type Readers = Readonly<Record<string, () => unknown>>;
type ReadBy<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> };

/**
 * Reads the parts of an input, each with a reader of its own, and tells the faults of all of them at once.
 *
 * Raises missing_input, invalid_input, and at once whatever else a reader raises.
 */
export function readAll<R extends Readers>(readers: R): ReadBy<R> {
  const faults: InputFault[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(readers)) {
    try {
      read[name] = reader();
    } catch (error) {
      faults.push(...faultsIn(error));
    }
  }
  if (faults.length > 0) throw inputFailure(faults);
  return read as ReadBy<R>;
}

function faultsIn(error: unknown): InputFault[] {
  if (!(error instanceof DomainError)) throw error;
  const { failure } = error;
  switch (failure.code) {
    case 'missing_input': {
      const { field, others = [], invalid = [] } = failure.details;
      return [...[field, ...others].map((name) => ({ field: name })), ...invalid];
    }
    case 'invalid_input':
      return [failure.details, ...(failure.details.others ?? [])].map(({ field, reason }) => ({
        field,
        reason,
      }));
    default:
      throw error;
  }
}
