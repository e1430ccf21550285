import { isDeepStrictEqual } from 'node:util';
import { singular } from '../../dialects/numex/operation-id.js';
import type { Schema } from './schema.js';

/**
 * Gathers the object shapes of a document under names and leaves references in their place. A shape is called by its
 * `title`; one without is called after where it was found: `PurchaseCheck` has a `PurchaseCheckRequirement`.
 */
export class ShapeNames {
  readonly schemas: Record<string, Schema> = {};

  /** The schema with a reference for every shape in it. Throws when two different shapes have one name. */
  place(schema: Schema, foundAs: string): Schema {
    const { title, ...rest } = schema;
    const name = title ?? foundAs;
    const shape = this.#inside(rest, name);
    if (title === undefined && !isShape(shape)) return shape;
    const known = this.schemas[name];
    if (known && !isDeepStrictEqual(known, shape)) throw new Error(`two different shapes are called ${name}`);
    this.schemas[name] = shape;
    return { $ref: `#/components/schemas/${name}` };
  }

  #inside(schema: Schema, name: string): Schema {
    const { properties, items, anyOf, ...rest } = schema;
    if (anyOf && isTagged(anyOf)) {
      return { ...rest, oneOf: anyOf.map((one, index) => this.place(one, `${name}${index + 1}`)) };
    }
    return {
      ...rest,
      ...(hasMembers(properties) ? { properties: this.#members(properties, name) } : {}),
      ...(items ? { items: this.place(items, singular(name)) } : {}),
      ...(anyOf ? { anyOf: anyOf.map((one) => this.place(one, name)) } : {}),
    };
  }

  #members(properties: Readonly<Record<string, Schema>>, owner: string): Record<string, Schema> {
    const members = Object.entries(properties);
    return Object.fromEntries(
      members.map(([key, member]) => [key, this.place(defaultTold(member), owner + pascal(key))]),
    );
  }
}

/** Generators take a member with a default for one that is always given, also in requests: the default is told in words. */
function defaultTold(member: Schema): Schema {
  const { default: value, description, ...rest } = member;
  if (value === undefined) return member;
  const told = `${JSON.stringify(value)} unless it is given`;
  return { ...rest, description: typeof description === 'string' ? `${description}; ${told}` : told };
}

function isShape({ properties, oneOf }: Schema): boolean {
  return oneOf !== undefined || hasMembers(properties);
}

function hasMembers(properties: Schema['properties']): properties is NonNullable<Schema['properties']> {
  return properties !== undefined && Object.keys(properties).length > 0;
}

/** Whether a union is one of shapes that a constant member tells apart. */
function isTagged(members: readonly Schema[]): boolean {
  return members.every(({ properties = {} }) =>
    Object.values(properties).some((one) => one.const !== undefined),
  );
}

/** `charged_minor` as `ChargedMinor`, `listOrders` as `ListOrders`. */
export function pascal(name: string): string {
  return name
    .split(/[-_.]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
