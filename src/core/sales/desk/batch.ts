import type { Pipeline } from '../../../database/pipeline.js';
import { houseWalletId } from '../../ledger/index.js';
import { replay } from '../../idempotency/index.js';
import type { StoredOutcome } from '../../idempotency/index.js';
import { DomainError } from '../../errors.js';
import { present } from '../../../lib/assert.js';
import type { Effects } from './effects.js';
import type { KeptFacts } from './facts.js';
import type { IdBlocks } from './id-blocks.js';
import { judge } from './judge.js';
import { readState } from './read-state.js';
import type { DeskRequest, Verdict } from '../../ports.js';
import * as store from './store.js';
import { writeEffects } from './write-effects.js';
import type { RevenueWallets } from './write-effects.js';

/** What an attempt had decided when its commit was sent; kept so that a lost answer can be looked up. */
export interface Decided {
  readonly verdicts: Verdict[];
  readonly effects: Effects;
}

/** One attempt to judge a batch. `decided` is set from the moment the commit may have happened. */
export interface Attempt {
  decided?: Decided;
}

/** What a desk keeps from batch to batch. */
export interface DeskMemory {
  readonly ids: IdBlocks;
  readonly revenue: RevenueWalletIds;
  readonly facts: KeptFacts;
}

/**
 * Judges a batch in one transaction of two round trips: `begin`, locks and reads; then, judged in memory, the writes and
 * `commit`. Verdicts are in the order of the requests. With `earlier`, an attempt whose commit got no answer, it first
 * finds out whether that one has happened: its numbers are locked, so a commit still under way is waited for.
 */
export async function judgeBatch(
  lane: Pipeline,
  requests: readonly DeskRequest[],
  { ids, revenue, facts }: DeskMemory,
  attempt: Attempt,
  earlier?: Decided,
): Promise<Verdict[]> {
  return lane.transaction(async (tx) => {
    const alsoLock = earlier ? numbersTaken(earlier.effects) : [];
    const [state, replays] = await Promise.all([
      readState(tx, requests, { facts, alsoLock }),
      findReplays(tx, requests),
      ids.refill(tx, idsNeeded(requests)),
    ]);
    if (earlier && (await wasCommitted(tx, earlier.effects))) return { result: earlier.verdicts };
    const fresh = requests.filter((request) => !replays.has(request));
    const { verdicts, effects } = judge(state, fresh, ids);
    await revenue.learn(tx, effects);
    const remaining = verdicts.values();
    const inOrder = requests.map(
      (request) => replays.get(request) ?? present(remaining.next().value, 'one verdict per request'),
    );
    const revenueOf: RevenueWallets = ({ wallet }) => revenue.of(wallet.environment, wallet.currency);
    attempt.decided = { verdicts: inOrder, effects };
    return { result: inOrder, write: (tx) => writeEffects(tx, effects, fresh, verdicts, revenueOf) };
  });
}

function idsNeeded(requests: readonly DeskRequest[]): Record<store.IdKind, number> {
  const needed = { purchase_order: 0, rental: 0, reservation: 0, assignment: 0 };
  for (const request of requests) {
    if (request.kind === 'reserve') needed.reservation++;
    else {
      needed.purchase_order++;
      needed.rental += request.lines.length;
      needed.assignment += request.lines.length;
    }
  }
  return needed;
}

function numbersTaken({ rentals, reservations }: Effects): number[] {
  return [...rentals, ...reservations].map((effect) => effect.number.id);
}

async function wasCommitted(
  tx: Parameters<typeof store.findCommitted>[0],
  effects: Effects,
): Promise<boolean> {
  const found = await store.findCommitted(
    tx,
    effects.orders.map((order) => order.order.orderId),
    effects.reservations.map((reservation) => reservation.reservationId),
  );
  return found.orders.length + found.reservations.length > 0;
}

/** The verdicts of requests whose idempotency key has been used before. */
async function findReplays(
  tx: Parameters<typeof store.findKeyRecords>[0],
  requests: readonly DeskRequest[],
): Promise<Map<DeskRequest, Verdict>> {
  const keyed = requests.flatMap((request) =>
    request.idempotency ? [{ request, idempotency: request.idempotency, accountId: request.account.id }] : [],
  );
  const replays = new Map<DeskRequest, Verdict>();
  if (keyed.length === 0) return replays;
  const rows = await store.findKeyRecords(
    tx,
    keyed.map((entry) => entry.accountId),
    keyed.map((entry) => entry.idempotency.key),
  );
  for (const { request, idempotency, accountId } of keyed) {
    const row = rows.find(
      (candidate) => candidate.accountId === accountId && candidate.key === idempotency.key,
    );
    if (!row) continue;
    try {
      replays.set(request, replay({ ...row, outcome: row.outcome as StoredOutcome }, idempotency) as Verdict);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      replays.set(request, { kind: 'refused', error: error.failure });
    }
  }
  return replays;
}

/** The operator's revenue wallets by environment and currency: they are made once and never change their ids. */
export class RevenueWalletIds {
  readonly #ids = new Map<string, number>();

  async learn(tx: Parameters<typeof houseWalletId>[0], { rentals }: Effects): Promise<void> {
    for (const { wallet, request } of rentals) {
      const key = `${wallet.environment}:${wallet.currency}`;
      if (this.#ids.has(key)) continue;
      const id = await houseWalletId(tx, wallet.environment, 'revenue', wallet.currency, request.at);
      this.#ids.set(key, id);
    }
  }

  of(environment: string, currency: string): number {
    return present(this.#ids.get(`${environment}:${currency}`), 'the revenue wallet was looked up before');
  }

  /** After a rollback, a wallet made in that transaction is gone: look all up again. */
  forget(): void {
    this.#ids.clear();
  }
}
