import { createReadStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccount, createKey, keyAuthenticator, listAccounts } from '../core/accounts/index.js';
import { catalogueFolder } from '../core/catalogue/index.js';
import type { DocumentStore } from '../core/ports.js';
import type { Context } from '../core/context.js';
import { deposit } from '../core/ledger/index.js';
import { hasNumbers, importStock } from '../core/stock/index.js';
import type { Pool } from '../database/connection.js';
import { inTransaction } from '../database/transaction.js';
import { makePrintedThings } from './demo-examples.js';
import type { Clock } from '../lib/clock.js';
import { newRequestId } from '../lib/ids.js';

export interface Demo {
  readonly accountId: string;
  readonly apiKey: string;
  readonly adminKey: string;
  /** True on the start that made the account. */
  readonly created: boolean;
}

/** First opened first: where a call names no currency, the first wallet pays. */
const balancesMinor = { EUR: 100_000, USD: 100_000, INR: 10_000_000 };

/**
 * Fills an empty exchange so that there is something to try: stock in both environments, an account with money, and an
 * admin key. On later starts it gives the same keys again, out of a private file in the data folder. Undefined when the
 * exchange has accounts of its own but no demo keys: nothing is added to what is in use.
 */
export async function loadDemo({
  pool,
  clock,
  documents,
  dataFolder,
}: {
  pool: Pool;
  clock: Clock;
  documents: DocumentStore;
  dataFolder: string;
}): Promise<Demo | undefined> {
  const actor = { kind: 'system', name: 'demo' } as const;
  const ctx: Context = { sql: pool, clock, actor, requestId: newRequestId() };
  const file = join(dataFolder, 'demo.json');
  if (!(await hasNumbers({ ctx }))) {
    const source = createReadStream(join(catalogueFolder, 'demo-stock.csv'));
    await importStock({ ctx, input: { source, environments: ['live', 'test'], name: 'demo-stock.csv' } });
  }
  const remembered = await readDemo(file);
  if (remembered && (await isInForce(pool, remembered))) return { ...remembered, created: false };
  return inTransaction(pool, (tx) => createDemo({ ...ctx, sql: tx }, file, documents));
}

type StoredDemo = Omit<Demo, 'created'>;

async function createDemo(ctx: Context, file: string, documents: DocumentStore): Promise<Demo | undefined> {
  const accounts = await listAccounts({ ctx, input: { afterId: 0, limit: 1 } });
  if (accounts.length > 0) return undefined;
  const account = await createAccount({ ctx, input: { name: 'Demo', environment: 'live' } });
  for (const [currency, amountMinor] of Object.entries(balancesMinor)) {
    await deposit({ ctx, input: { account, amountMinor, currency, reference: 'demo' } });
  }
  const { id: keyId, apiKey } = await createKey({ ctx, input: { account, scope: 'full' } });
  const { apiKey: adminKey } = await createKey({ ctx, input: { account: null, scope: 'admin' } });
  await makePrintedThings(ctx, { account, keyId, documents });
  const demo = { accountId: account.publicId, apiKey, adminKey };
  // Before the commit: keys without rows are noticed at the next start, rows without keys would be of no use.
  await writeDemo(file, demo);
  return { ...demo, created: true };
}

async function readDemo(file: string): Promise<StoredDemo | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { accountId, apiKey, adminKey } = JSON.parse(text) as Partial<Record<keyof StoredDemo, unknown>>;
    const complete = [accountId, apiKey, adminKey].every((part) => typeof part === 'string');
    return complete ? ({ accountId, apiKey, adminKey } as StoredDemo) : undefined;
  } catch {
    return undefined;
  }
}

/** The only place where keys are kept in clear, and only those of the demo; readable by the owner alone. */
async function writeDemo(file: string, demo: StoredDemo): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

/** False when the file is of another database, or the demo's keys have been revoked. */
async function isInForce(pool: Pool, demo: StoredDemo): Promise<boolean> {
  const authenticate = keyAuthenticator(pool);
  const actors = await Promise.all(
    [demo.apiKey, demo.adminKey].map((key) => authenticate(key).catch(() => undefined)),
  );
  const [tenant, admin] = actors;
  return tenant?.kind === 'key' && tenant.account.publicId === demo.accountId && admin?.kind === 'operator';
}
