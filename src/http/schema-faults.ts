import type { InputFault } from './faults.js';

/** A fault as the schema validator tells it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The validator's faults, each with the field that it is about and a reason that says what would be right. */
export function schemaFaults(errors: readonly SchemaError[], part: string): InputFault[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  const branchesOf = (union: SchemaError) =>
    errors.filter(({ schemaPath }) => schemaPath.startsWith(`${union.schemaPath}/`));
  const told = new Set(unions.flatMap((union) => [union, ...branchesOf(union)]));
  return [
    ...errors.filter((error) => !told.has(error)).map((error) => faultOf(error, part)),
    ...unions
      .filter((union) => !unions.some((outer) => branchesOf(outer).includes(union)))
      .flatMap((union) => unionFaults(union, branchesOf(union), part)),
  ];
}

/** What is wrong where one of several schemas should have fitted. */
function unionFaults(union: SchemaError, branches: readonly SchemaError[], part: string): InputFault[] {
  const plain = new Set(['type', 'const', 'enum', 'anyOf']);
  const inside = branches.filter(({ keyword }) => !plain.has(keyword));
  if (inside.length > 0) return inside.map((error) => faultOf(error, part));
  const words = branches.flatMap(({ params = {} }) => allowedIn(params));
  const types = branches
    .filter(({ keyword }) => keyword === 'type')
    .map(({ params }) => String(params?.['type']));
  const allowed = [...new Set([...words, ...types])];
  if (allowed.length === 0) return [faultOf(union, part)];
  const reason =
    types.length > 0 && words.length === 0 ? allowed.join(' or ') : `one of ${allowed.join(', ')}`;
  return [{ field: fieldOf(union, part), reason: `must be ${reason}` }];
}

function allowedIn(params: Readonly<Record<string, unknown>>): string[] {
  const { allowedValues, allowedValue } = params;
  if (Array.isArray(allowedValues)) return allowedValues.map(wordOf);
  return allowedValue === undefined ? [] : [wordOf(allowedValue)];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function faultOf(error: SchemaError, part: string): InputFault {
  const { message = 'is not valid', params = {} } = error;
  const { missingProperty: missing, additionalProperty: unknown } = params;
  if (typeof missing === 'string') return { field: pathOf(error, missing) };
  if (typeof unknown === 'string') return { field: pathOf(error, unknown), reason: 'is not known here' };
  const allowed = allowedIn(params);
  const reason = allowed.length > 0 ? `must be one of ${allowed.join(', ')}` : message;
  return { field: fieldOf(error, part), reason };
}

function fieldOf(error: SchemaError, part: string): string {
  return pathOf(error) || part;
}

/** `lines.0.number` of `/lines/0/number`. */
function pathOf({ instancePath }: SchemaError, inner?: string): string {
  const path = instancePath.split('/').slice(1);
  return [...path, ...(inner === undefined ? [] : [inner])].join('.');
}
