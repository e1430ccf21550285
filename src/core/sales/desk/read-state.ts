import type { Sql } from '../../../database/connection.js';
import { lockStandings } from '../../authority/index.js';
import { findOwnPrices } from '../../billing/index.js';
import type { Price } from '../../billing/index.js';
import { findAddressFacts, findVerifiedAccounts } from '../../compliance/index.js';
import { findServedCountries } from '../../catalogue/index.js';
import { idRangeOf } from '../../number-id.js';
import { findLastReleases } from '../../number-life-store.js';
import { keepNewNumberApplications } from '../../routing/index.js';
import { factsOnce } from './facts.js';
import type { KeptFacts } from './facts.js';
import { wantedAddresses } from './registration.js';
import type { BuyRequest, DeskLine, DeskRequest } from '../../ports.js';
import { payerIdOf, shelfKey } from './state.js';
import type { DeskState, GroupFacts, NumberFacts, WalletFacts } from './state.js';
import * as store from './store.js';
import type { NumberRow, WantedShelf } from './store.js';
import { wantedByTerms } from './terms.js';

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

/** Numbers whose last release is told with their purchase. */
function numbersTold(buys: readonly BuyRequest[]): number[] {
  return distinct(
    buys
      .filter(({ tellsReleases }) => tellsReleases)
      .flatMap(({ lines }) => lines.flatMap(({ numberId }) => numberId ?? [])),
  );
}

/** Ids of whom a batch is about: everybody and their payers, who reserves, who buys and by which price lists. */
function partiesOf(requests: readonly DeskRequest[], buys: readonly BuyRequest[]) {
  const reservations = requests.filter(({ kind }) => kind === 'reserve');
  return {
    accounts: distinct(requests.flatMap(({ account }) => [account.id, payerIdOf(account)])),
    reservers: distinct(reservations.map(({ account }) => payerIdOf(account))),
    priceLists: distinct(buys.map(({ account }) => account.priceListId)),
    payers: distinct(buys.map(({ account }) => payerIdOf(account))),
    buyers: distinct(buys.map(({ account }) => account.id)),
  };
}

/** How a batch is read: under locks, with the facts that the desk keeps; a look without locks keeps nothing. */
export interface Reading {
  readonly facts: KeptFacts;
  /** Numbers that an earlier attempt of this batch had taken. */
  readonly alsoLock: readonly number[];
}

/**
 * Reads all that the judgement of these requests needs, in one round of pipelined statements, and locks accounts, then
 * numbers, wallets and addresses, each in sorted order. Without `locking` it only looks, for requests that name numbers.
 * A second round is for what few batches need: shelves that came out short, changed facts, own prices, addresses.
 */
export async function readState(
  tx: Sql,
  requests: readonly DeskRequest[],
  locking?: Reading,
): Promise<DeskState> {
  const lock = locking !== undefined;
  const { exact, shelves } = wantedBy(requests, locking?.alsoLock ?? []);
  const wanted = [...shelves.values()];
  const now = requests.reduce((latest, { at }) => (at > latest ? at : latest), new Date(0));
  // A batch has one clock. By a test clock no hold is over: those on that clock are cleared as it moves.
  const onTestClock = requests.some((request) => request.account.clock !== null);
  const times = { now, heldBefore: onTestClock ? new Date(0) : now, except: exact };
  const buys = requests.filter((request): request is BuyRequest => request.kind === 'buy');
  const { accounts, reservers, priceLists, payers, buyers } = partiesOf(requests, buys);
  // Holds are counted by whoever has the payer's row alone: two servers cannot both give out the last one.
  const accountLock = !lock ? 'none' : reservers.length > 0 ? 'alone' : 'share';
  // A read that every batch needs is one more line here: all are sent in one go, and the server runs them, and takes
  // their locks, in this order (accounts, numbers, wallets). What it finds is one more member of DeskState.
  const terms = wantedByTerms(buys);
  const told = numbersTold(buys);
  const [
    standings,
    named,
    anywhere,
    shelfGroups,
    reservationCounts,
    wallets,
    apps,
    keptFacts,
    served,
    verified,
    releases,
  ] = await Promise.all([
    lockStandings(tx, accounts, accountLock),
    exact.length > 0 ? store.findNumbers(tx, exact, { now, lock }) : [],
    wanted.length > 0 ? store.lockAnyNumbers(tx, wanted, times, { wrap: false, wait: false }) : [],
    wanted.length > 0 ? store.findGroupFacts(tx, distinct(wanted.map((shelf) => shelf.groupId))) : [],
    reservers.length > 0 ? store.countActiveReservations(tx, reservers, now) : [],
    buys.length > 0 ? store.findWallets(tx, payers, lock) : [],
    buys.length > 0 && lock ? keepNewNumberApplications(tx, buyers) : [],
    locking?.facts.current(tx, priceLists, onTestClock ? undefined : now),
    terms.countries.length > 0 ? findServedCountries(tx, terms.countries) : [],
    terms.accountIds.length > 0 ? findVerifiedAccounts(tx, terms.accountIds) : [],
    told.length > 0 ? findLastReleases(tx, told) : [],
  ]);
  const rows = new Map([...anywhere, ...named].map((number) => [number.id, number]));
  const candidates = await fillShelves(tx, shelves, anywhere, rows, times);
  const groups = groupsOf(shelfGroups, rows.values());
  const facts = keptFacts ?? (await factsOnce(tx, priceLists, [...groups.values()], [...rows.keys()]));
  const numbers: ReadonlyMap<number, NumberFacts> = rows;
  const priced = [...numbers.values()].filter((number) => number.hasOwnPrice).map((number) => number.id);
  // Addresses are the last of all locks: a decision about an address takes its numbers first as well.
  const asked = wantedAddresses({ numbers, groups, requirements: facts.requirements }, buys);
  const [ownPrices, addresses] = await Promise.all([
    priced.length > 0 ? findOwnPrices(tx, priced) : [],
    asked.named.length + asked.accountIds.length > 0
      ? findAddressFacts(tx, asked.named, asked.accountIds, lock)
      : [],
  ]);
  return {
    ...facts,
    numbers,
    groups,
    candidates,
    wallets: byAccount(wallets),
    ownPrices: groupBy<Price & { numberId: number }>(ownPrices, (price) => price.numberId),
    releases: new Map(releases.map(({ numberId, releasedAt }) => [numberId, releasedAt])),
    addresses,
    servedCountries: new Set(served.map(({ code }) => code)),
    verifiedAccounts: new Set(verified.map(({ accountId }) => accountId)),
    applications: new Map(apps.map((app) => [app.accountId, app.id])),
    standings,
    reservationCounts: new Map(reservationCounts.map((row) => [row.payerId, row.count])),
  };
}

/** The groups of shelves that lines name, and those of the numbers found. */
function groupsOf(named: readonly GroupFacts[], numbers: Iterable<NumberRow>): Map<number, GroupFacts> {
  const groups = new Map(named.map((group) => [group.id, group]));
  for (const number of numbers) {
    if (groups.has(number.groupId)) continue;
    groups.set(number.groupId, {
      id: number.groupId,
      publicId: number.groupPublicId,
      country: number.groupCountry,
      type: number.groupType,
      location: number.groupLocation,
      allowNumberSelection: number.groupAllowsSelection,
    });
  }
  return groups;
}

/**
 * Sorts the free numbers onto their shelves. A shelf that came out short is read again from its beginning, and then
 * once more waiting for rows that others hold locked: never "sold out" while one is free.
 */
async function fillShelves(
  tx: Sql,
  shelves: ReadonlyMap<string, WantedShelf>,
  found: readonly NumberRow[],
  numbers: Map<number, NumberRow>,
  times: store.ShelfTimes,
): Promise<Map<string, number[]>> {
  const candidates = new Map<string, number[]>([...shelves.keys()].map((key) => [key, []]));
  const put = (rows: readonly NumberRow[]): void => {
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
    put(await store.lockAnyNumbers(tx, missing, times, { wrap: true, wait }));
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
