import { tags } from '../../dialects/numex/tags.js';
import type { Schema } from './schema.js';
import { pascal, ShapeNames } from './shape-names.js';
import { webhooksOfDocument } from './webhooks.js';

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly [member: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly [member: string]: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
  readonly [member: string]: unknown;
}

/** A document as the routes' schemas make it. */
export interface RoughDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

const keyHeader = 'idempotency-key';
const problemMediaType = 'application/problem+json';

/** The document with its shapes under names, problem documents where they are answered, and its chapters told. */
export function completeDocument(rough: RoughDocument): RoughDocument {
  const shapes = new ShapeNames();
  const used = new Set<string>();
  const operations = (methods: Readonly<Record<string, Operation>>) =>
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => {
        operation.tags?.forEach((tag) => used.add(tag));
        return [method, completeOperation(operation, shapes)];
      }),
    );
  const paths = Object.fromEntries(
    Object.entries(rough.paths).map(([path, methods]) => [path, operations(methods)]),
  );
  return {
    ...rough,
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    webhooks: webhooksOfDocument(),
    components: {
      ...rough.components,
      schemas: sorted(shapes.schemas),
      responses: {
        Refusal: problem('Refused, and why', 'Refusal'),
        Fault: problem('Not done by the server’s doing, or not known whether it was done', 'Fault'),
      },
      parameters: { IdempotencyKey: idempotencyKey },
      headers: { IdempotentReplayed: idempotentReplayed },
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat with the same key and request gets the first answer again',
  schema: { type: 'string', maxLength: 255 },
};

const idempotentReplayed = {
  description: '`true` when this is the first answer again, and nothing was done',
  schema: { type: 'string', enum: ['true'] },
};

function problem(description: string, shape: string) {
  return {
    description,
    content: { [problemMediaType]: { schema: { $ref: `#/components/schemas/${shape}` } } },
  };
}

function completeOperation(operation: Operation, shapes: ShapeNames): Operation {
  const { operationId, parameters, requestBody, responses } = operation;
  const name = pascal(operationId);
  const answered = Object.entries(responses).map(([status, response]) => {
    const placed = placeBody(response, `${name}Answer`, shapes);
    if (status === '4XX') return [status, { $ref: '#/components/responses/Refusal' }];
    if (status === '5XX') return [status, { $ref: '#/components/responses/Fault' }];
    const replays = parameters?.some((one) => one.name === keyHeader)
      ? { headers: { 'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' } } }
      : {};
    return [status, { ...placed, ...replays, description: 'Done' }];
  });
  return {
    ...operation,
    ...(parameters
      ? {
          parameters: parameters.map((one) =>
            one.name === keyHeader ? { $ref: '#/components/parameters/IdempotencyKey' } : one,
          ) as unknown as Parameter[],
        }
      : {}),
    ...(requestBody ? { requestBody: placeBody(requestBody, `${name}Body`, shapes) } : {}),
    responses: Object.fromEntries(answered) as Operation['responses'],
  };
}

/** A body whose schemas are references. */
function placeBody(body: Body, foundAs: string, shapes: ShapeNames): Body {
  if (!body.content) return body;
  const content = Object.entries(body.content).map(([media, { schema, ...rest }]) => [
    media,
    { ...rest, ...(schema ? { schema: shapes.place(schema, foundAs) } : {}) },
  ]);
  return { ...body, content: Object.fromEntries(content) as NonNullable<Body['content']> };
}

function sorted(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)));
}
