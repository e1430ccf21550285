import type { Sql } from '../../../database/connection.js';
import { addSeconds } from '../../../lib/clock.js';
import { present } from '../../../lib/assert.js';
import { findPriceBooks } from '../../billing/index.js';
import type { PriceBook } from '../../billing/index.js';
import { findAllRequirements, findRequirements } from '../../compliance/index.js';
import type { Requirement } from '../../compliance/index.js';
import { digitsOf } from '../../number-id.js';
import { findPolicies } from '../../policies/index.js';
import type { PolicyName } from '../../policies/index.js';
import type { Facts } from './state.js';
import { readFactVersions } from './store.js';
import type { FactKind } from './store.js';

/** The policies that a judgement asks for. */
const deskPolicies: readonly PolicyName[] = ['reservation_seconds', 'reservations_per_account'];
/** How far the clocks of servers may be apart: rules that ended so lately are kept. */
const clockSkewSeconds = 3600;
/** Price rules kept at most, of all lists together. */
const rulesKeptMax = 200_000;

/** A fact in memory, with the version that its table had then or shortly before. */
class Kept<T> {
  #kept: { readonly version: number; readonly value: T } | undefined;

  constructor(
    readonly kind: FactKind,
    readonly load: (sql: Sql) => Promise<T>,
  ) {}

  get isEmpty(): boolean {
    return this.#kept === undefined;
  }

  isOf(version: number): boolean {
    return this.#kept?.version === version;
  }

  put(version: number, value: T): void {
    this.#kept = { version, value };
  }

  get value(): T {
    return present(this.#kept, 'a fact was read before it is used').value;
  }
}

/**
 * The facts that a desk keeps in memory. Every batch asks for their versions beside its locks, and what has moved since
 * is read anew before the judgement. A version is asked for before the facts that it is noted for, so that they may be
 * newer than it, and are then read once more, but never older.
 */
export class KeptFacts {
  readonly #policies = new Kept('policy', (sql) => findPolicies(sql, deskPolicies));
  readonly #requirements = new Kept('requirement', async (sql) => byCountry(await findAllRequirements(sql)));
  #prices = new Map<string, Kept<PriceBook>>();

  /**
   * The facts for buyers with these price lists. What is not kept yet is read in the round trip of the versions. `tx` is
   * one connection, which runs statements in the order in which they are made. Rules that have ended are left out for a
   * batch in server time; a test clock may show a time at which they held.
   */
  async current(tx: Sql, priceListIds: readonly number[], serverTime: Date | undefined): Promise<Facts> {
    const since = serverTime && addSeconds(serverTime, -clockSkewSeconds);
    const books = priceListIds.map((id) => [id, this.#bookOf(id, since)] as const);
    const facts: readonly Kept<unknown>[] = [
      this.#policies,
      this.#requirements,
      ...books.map(([, book]) => book),
    ];
    const asking = readFactVersions(tx);
    const first = readAll(
      tx,
      facts.filter((fact) => fact.isEmpty),
    );
    const [versions, found] = await Promise.all([asking, first]);
    for (const { fact, value } of found) fact.put(versions[fact.kind], value);
    const stale = facts.filter((fact) => !fact.isOf(versions[fact.kind]));
    for (const { fact, value } of await readAll(tx, stale)) fact.put(versions[fact.kind], value);
    const prices = new Map(books.map(([id, book]) => [id, book.value]));
    this.#dropWhenMany();
    return { policies: this.#policies.value, requirements: this.#requirements.value, prices };
  }

  #bookOf(priceListId: number, since: Date | undefined): Kept<PriceBook> {
    const key = `${priceListId} ${since ? 'server' : 'test'}`;
    const known = this.#prices.get(key);
    if (known) return known;
    const book = new Kept('price_rule', async (sql) =>
      (await findPriceBooks(sql, [priceListId], { since }))(priceListId),
    );
    this.#prices.set(key, book);
    return book;
  }

  #dropWhenMany(): void {
    let rules = 0;
    for (const book of this.#prices.values()) rules += book.value.size;
    if (rules > rulesKeptMax) this.#prices = new Map();
  }
}

async function readAll(
  tx: Sql,
  facts: readonly Kept<unknown>[],
): Promise<{ fact: Kept<unknown>; value: unknown }[]> {
  return Promise.all(facts.map(async (fact) => ({ fact, value: await fact.load(tx) })));
}

/** The same facts for one look without locks, where nothing is kept: no more of them than these numbers need. */
export async function factsOnce(
  sql: Sql,
  priceListIds: readonly number[],
  groups: readonly { readonly id: number; readonly country: string }[],
  numberIds: readonly number[],
): Promise<Facts> {
  const groupIds = groups.map((group) => group.id);
  const [policies, requirements, books] = await Promise.all([
    findPolicies(sql, deskPolicies),
    findRequirements(
      sql,
      groups.map((group) => group.country),
    ),
    findPriceBooks(sql, priceListIds, { groupIds, digits: numberIds.map((id) => String(digitsOf(id))) }),
  ]);
  const prices = priceListIds.map((id) => [id, books(id)] as const);
  return { policies, requirements: byCountry(requirements), prices: new Map(prices) };
}

function byCountry(requirements: readonly Requirement[]): Map<string, Requirement[]> {
  const map = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const list = map.get(requirement.country);
    if (list) list.push(requirement);
    else map.set(requirement.country, [requirement]);
  }
  return map;
}
