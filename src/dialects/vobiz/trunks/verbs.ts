import type { Context } from '../../../core/context.js';
import { createTrunk, pageOfTrunks, settingsAfter, usualTrunk } from '../../../core/routing/index.js';
import type { TrunkChanges, TrunkFields, TrunkRow } from '../../../core/routing/index.js';
import { newTrunkDomain } from '../ids.js';

interface PageWanted {
  readonly limit: number;
  readonly offset: number;
}

export interface TrunkPage extends PageWanted {
  readonly rows: readonly TrunkRow[];
  readonly total: number;
}

/** Makes a trunk, as trunks usually are where nothing is said. Raises what createTrunk raises. */
export function createUsualTrunk({
  ctx,
  input: { settings, ...fields },
}: {
  ctx: Context;
  input: TrunkChanges & Pick<TrunkFields, 'name'>;
}): Promise<TrunkRow> {
  const usual = { ...usualTrunk, domain: newTrunkDomain() };
  return createTrunk({ ctx, input: { ...usual, ...fields, settings: settingsAfter({}, settings) } });
}

/** A page of trunks, oldest first. */
export async function listTrunkPage({ ctx, input }: { ctx: Context; input: PageWanted }): Promise<TrunkPage> {
  return { ...(await pageOfTrunks({ ctx, input })), ...input };
}
