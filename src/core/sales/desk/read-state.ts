import type { Sql } from '../../../database/connection.js';
import { findOwnPrices, findPriceRules } from '../../billing/index.js';
import type { Price } from '../../billing/index.js';
import { findAddressFacts, findRequirements, findVerifiedAccounts } from '../../compliance/index.js';
import { findServedCountries } from '../../catalogue/index.js';
import { idRangeOf } from '../../number-id.js';
import { findPolicies } from '../../policies/index.js';
import type { PolicyName } from '../../policies/index.js';
import { keepNewNumberApplications } from '../../routing/index.js';
import { wantedAddresses } from './registration.js';
import type { BuyRequest, DeskLine, DeskRequest } from '../../ports.js';
import { shelfKey } from './state.js';
import type { DeskState, NumberFacts, WalletFacts } from './state.js';
import * as store from './store.js';
import type { WantedShelf } from './store.js';
import { wantedByTerms } from './terms.js';

/** The policies that a judgement asks for. */
const deskPolicies: readonly PolicyName[] = ['reservation_seconds', 'reservations_per_account'];

interface Wanted {
  readonly exact: number[];
  readonly shelves: Map<string, WantedShelf>;
}

/** What the lines of a batch reach for: numbers by name, and how many of which shelf. */
function wantedBy(requests: readonly DeskRequest[], alsoLock: readonly number[]): Wanted {
  const exact = new Set(alsoLock);
  const shelves = new Map<string, WantedShelf>();
  for (const request of requests) {
    for (const line of linesOf(request)) {
      if (line.numberId !== undefined) exact.add(line.numberId);
      else if (line.groupId !== undefined) {
        const { environment } = request.account;
        const key = shelfKey(environment, line.groupId);
        const { first, last } = idRangeOf(environment);
        const count = (shelves.get(key)?.count ?? 0) + 1;
        shelves.set(key, {
          groupId: line.groupId,
          firstId: first,
          lastId: last,
          count,
          start: Math.random(),
        });
      }
    }
  }
  return { exact: [...exact].sort((a, b) => a - b), shelves };
}

function linesOf(request: DeskRequest): readonly DeskLine[] {
  return request.kind === 'buy' ? request.lines : [request.line];
}

/**
 * Reads all that the judgement of these requests needs, in one round of pipelined statements, and locks numbers, then
 * wallets, then addresses, each in sorted order. `alsoLock` are numbers that an earlier attempt of this batch had
 * taken. With `lock` false it only looks, for requests that name their numbers.
 */
export async function readState(
  tx: Sql,
  requests: readonly DeskRequest[],
  { alsoLock = [], lock = true }: { readonly alsoLock?: readonly number[]; readonly lock?: boolean } = {},
): Promise<DeskState> {
  const { exact, shelves } = wantedBy(requests, alsoLock);
  const wanted = [...shelves.values()];
  const groupIds = wanted.map((shelf) => shelf.groupId);
  const now = requests.reduce((latest, { at }) => (at > latest ? at : latest), new Date(0));
  // A batch has one clock. By a test clock nobody's hold is over: those on that clock are cleared as it moves.
  const onTestClock = requests.some((request) => request.account.clock !== null);
  const times = { now, heldBefore: onTestClock ? new Date(0) : now };
  const buys = requests.filter((request): request is BuyRequest => request.kind === 'buy');
  const reserving = distinct(requests.map((request) => request.account.id));
  const priceLists = distinct(buys.map((request) => request.account.priceListId));
  const payers = distinct(buys.map((request) => request.account.parentId ?? request.account.id));
  const buyers = distinct(buys.map((request) => request.account.id));
  // A read that every batch needs is one more line here: all are sent in one go, and the server runs them, and takes
  // their locks, in this order (numbers, accounts, wallets). What it finds is one more member of DeskState.
  const asked = wantedByTerms(buys);
  const [named, anywhere, groups, priceRules, policies, reservationCounts, wallets, apps, served, verified] =
    await Promise.all([
      exact.length > 0 ? store.findNumbers(tx, exact, { now, lock }) : [],
      wanted.length > 0
        ? store.lockAnyNumbers(tx, wanted, times, { wrap: false, wait: false, except: exact })
        : [],
      store.findGroupFacts(tx, groupIds, exact),
      buys.length > 0 ? findPriceRules(tx, priceLists, groupIds, exact) : [],
      findPolicies(tx, deskPolicies),
      store.countActiveReservations(tx, reserving, now),
      buys.length > 0 ? store.findWallets(tx, payers, lock) : [],
      buys.length > 0 && lock ? keepNewNumberApplications(tx, buyers) : [],
      asked.countries.length > 0 ? findServedCountries(tx, asked.countries) : [],
      asked.accountIds.length > 0 ? findVerifiedAccounts(tx, asked.accountIds) : [],
    ]);
  const numbers = new Map(named.map((number) => [number.id, number]));
  for (const number of anywhere) if (!numbers.has(number.id)) numbers.set(number.id, number);
  const candidates = await fillShelves(tx, shelves, anywhere, numbers, { ...times, except: exact });
  const priced = [...numbers.values()].filter((number) => number.hasOwnPrice).map((number) => number.id);
  const [ownPrices, requirements] = await Promise.all([
    priced.length > 0 ? findOwnPrices(tx, priced) : [],
    findRequirements(tx, distinct(groups.map((group) => group.country))),
  ]);
  const groupById = new Map(groups.map((group) => [group.id, group]));
  // Last of all locks: a decision about an address takes its numbers first as well.
  const { named: namedIds, accountIds } = wantedAddresses({ numbers, groups: groupById, requirements }, buys);
  const addresses =
    namedIds.length + accountIds.length > 0 ? await findAddressFacts(tx, namedIds, accountIds, lock) : [];
  return {
    numbers,
    groups: groupById,
    candidates,
    wallets: byAccount(wallets),
    priceRules,
    ownPrices: groupBy<Price & { numberId: number }>(ownPrices, (price) => price.numberId),
    requirements,
    addresses,
    servedCountries: new Set(served.map(({ code }) => code)),
    verifiedAccounts: new Set(verified.map(({ accountId }) => accountId)),
    applications: new Map(apps.map((app) => [app.accountId, app.id])),
    policies,
    reservationCounts: new Map(reservationCounts.map((row) => [row.accountId, row.count])),
  };
}

/**
 * Sorts the free numbers onto their shelves. A shelf that came out short is read again from its beginning, and then
 * once more waiting for rows that others hold locked: never "sold out" while one is free.
 */
async function fillShelves(
  tx: Sql,
  shelves: ReadonlyMap<string, WantedShelf>,
  found: readonly NumberFacts[],
  numbers: Map<number, NumberFacts>,
  times: { now: Date; heldBefore: Date; except: readonly number[] },
): Promise<Map<string, number[]>> {
  const candidates = new Map<string, number[]>([...shelves.keys()].map((key) => [key, []]));
  const put = (rows: readonly NumberFacts[]): void => {
    for (const row of rows) {
      if (!numbers.has(row.id)) numbers.set(row.id, row);
      for (const [key, shelf] of shelves) {
        const fits = shelf.groupId === row.groupId && row.id >= shelf.firstId && row.id <= shelf.lastId;
        const list = candidates.get(key);
        if (fits && list && !list.includes(row.id)) list.push(row.id);
      }
    }
  };
  put(found);
  const short = (): WantedShelf[] =>
    [...shelves].filter(([key, shelf]) => (candidates.get(key)?.length ?? 0) < shelf.count).map(([, s]) => s);
  for (const wait of [false, true]) {
    const missing = short();
    if (missing.length === 0) break;
    put(await store.lockAnyNumbers(tx, missing, times, { wrap: true, wait, except: times.except }));
  }
  return candidates;
}

function byAccount(wallets: readonly WalletFacts[]): Map<number, WalletFacts[]> {
  return groupBy(wallets, (wallet) => wallet.accountId);
}

function groupBy<T>(rows: readonly T[], key: (row: T) => number): Map<number, T[]> {
  const map = new Map<number, T[]>();
  for (const row of rows) {
    const list = map.get(key(row));
    if (list) list.push(row);
    else map.set(key(row), [row]);
  }
  return map;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
