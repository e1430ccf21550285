import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimText, keepFresh, readClaim, type Claim } from './claims.js';
import type { Layout } from './layout.js';
import { writePrivately } from './private-file.js';

/** A server owns the cluster for as long as it runs; commands share it with each other and with a server. */
export type HolderKind = 'server' | 'command';

export interface Holder extends Claim {
  kind: HolderKind;
}

const HOLDER = /^(server|command)-[0-9a-f-]+(\.|$)/;

/** Writes down that this process uses the cluster. Call in turn; the returned function takes it back. */
export async function registerHolder(layout: Layout, kind: HolderKind): Promise<() => Promise<void>> {
  const path = join(layout.holdersFolder, `${kind}-${randomUUID()}`);
  await writePrivately(path, claimText());
  const stopRefreshing = keepFresh(path);
  return async () => {
    stopRefreshing();
    await rm(path, { force: true });
  };
}

/** Who uses the cluster now. Call in turn; what processes that died left is cleared away. */
export async function listLiveHolders(layout: Layout): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (const name of await readdir(layout.holdersFolder)) {
    const path = join(layout.holdersFolder, name);
    const kind = HOLDER.exec(name)?.[1] as HolderKind | undefined;
    if (kind === undefined) continue;
    const claim = await readClaim(path);
    const isWhole = !name.endsWith('.draft');
    if (isWhole && claim?.live) holders.push({ ...claim, kind });
    else await rm(path, { force: true });
  }
  return holders;
}
