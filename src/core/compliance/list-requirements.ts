import { numberTypes } from '../catalogue/index.js';
import type { NumberType } from '../catalogue/index.js';
import type { Context } from '../context.js';
import { requirementOf } from './requirement.js';
import type { Requirement } from './requirement.js';
import { findRequirements } from './store.js';

/**
 * What a country demands for each type asked for, those without any demand included; without types, for each type that
 * there are facts of. A country without any facts, and a type asked for without one, get the strict requirement.
 */
export async function listRequirements({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly country: string; readonly types?: readonly NumberType[] };
}): Promise<Requirement[]> {
  const known = await findRequirements(ctx.sql, [input.country]);
  const types = input.types ?? (known.length > 0 ? known.map((fact) => fact.type) : numberTypes);
  return types.map((type) => requirementOf(known, input.country, type));
}
