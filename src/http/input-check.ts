import { Ajv } from 'ajv';
import type { ErrorObject, Options } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

/**
 * Of inputs with more values than these only the first fault is reported: describing a fault in every value of a large
 * one would keep the server busy.
 */
const valuesToSearchMax = 1000;

interface Check {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/**
 * Checks query, path and body of this (encapsulated) server's routes against their schemas. Query and path arrive as text
 * and are read as what their schema says; a body must be of the right types as it is.
 */
export function checkInput(server: FastifyInstance): void {
  const lenient = checker({ coerceTypes: 'array', strict: false });
  const strict = checker({ strict: false });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' || httpPart === 'headers' ? strict : lenient)(schema as object),
  );
}

/** Makes checks that stop at the first fault of a large input and find all faults of a small one. */
function checker(options: Options): (schema: object) => Check {
  const quick = withFormats(new Ajv(options));
  const thorough = withFormats(new Ajv({ ...options, allErrors: true, verbose: false }));
  return (schema) => {
    const isValid = quick.compile(schema);
    let findAll: Check | undefined;
    const check: Check = (data) => {
      if (isValid(data)) return true;
      check.errors = isValid.errors ?? null;
      if (countValues(data, valuesToSearchMax) < valuesToSearchMax) {
        findAll ??= thorough.compile(schema);
        if (!findAll(data)) check.errors = findAll.errors ?? null;
      }
      return false;
    };
    return check;
  };
}

/** How many values there are in some data; counting stops at `max`. */
function countValues(data: unknown, max: number): number {
  const waiting = [data];
  let count = 0;
  while (waiting.length > 0 && count < max) {
    const value = waiting.pop();
    count += 1;
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) {
      if (waiting.length + count >= max) return max;
      waiting.push(inner);
    }
  }
  return count;
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv);
  return ajv;
}
