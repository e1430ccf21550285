import type { Context } from '../../../core/context.js';
import { listApplications } from '../../../core/routing/index.js';
import type { ApplicationRow } from '../../../core/routing/index.js';

interface PageWanted {
  readonly limit: number;
  readonly offset: number;
}

export interface ApplicationPage extends PageWanted {
  readonly rows: readonly ApplicationRow[];
  readonly total: number;
}

/** A page of applications, oldest first. */
export async function listApplicationPage({
  ctx,
  input,
}: {
  ctx: Context;
  input: PageWanted;
}): Promise<ApplicationPage> {
  return { ...(await listApplications({ ctx, input })), ...input };
}
