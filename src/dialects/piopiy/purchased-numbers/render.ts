import { Readable } from 'node:stream';
import { e164Of, spellNumberId } from '../../../core/number-id.js';
import type { RentalState } from '../../../core/rentals/index.js';
import { WireReply } from '../../../http/wire.js';
import { writeCursor } from '../paging.js';
import type { OwnedPage } from './verbs.js';

/** What this wire calls the state of a rental (contract 7); a released one is in no list. */
const statuses: Readonly<Record<RentalState, string>> = {
  active: 'active',
  awaiting_registration: 'pending',
  suspended: 'suspended',
  pending_release: 'released',
  ended: 'released',
};

/** An owned number, in the purchase's answer and in the list alike (contract 3 and 4). */
export function renderPurchased(owned: { readonly numberId: number; readonly state: RentalState }) {
  return {
    id: spellNumberId(owned.numberId),
    number: e164Of(owned.numberId),
    status: statuses[owned.state],
  };
}

/** The whole list, or a page of it with the cursor of the next. */
export function renderOwned({ asked, rentals, limit, rest }: OwnedPage) {
  if (rest) {
    const body = Readable.from(wholeList(rentals, rest), { objectMode: false });
    return new WireReply(body, { headers: { 'content-type': 'application/json; charset=utf-8' } });
  }
  if (limit === undefined) return { data: rentals.map(renderPurchased) };
  const shown = rentals.slice(0, limit);
  const last = rentals.length > limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(renderPurchased),
    next_cursor: last ? writeCursor(asked, String(last.id)) : null,
  };
}

/** The list as text, a slice at a time: an account may hold more than is kept in memory for one answer. */
async function* wholeList(
  first: OwnedPage['rentals'],
  rest: NonNullable<OwnedPage['rest']>,
): AsyncGenerator<string> {
  const textOf = (rentals: OwnedPage['rentals']): string =>
    rentals.map((rental) => JSON.stringify(renderPurchased(rental))).join(',');
  yield `{"data":[${textOf(first)}`;
  for await (const rentals of rest) yield `,${textOf(rentals)}`;
  yield ']}';
}

export function renderReleased({ numberId }: { readonly numberId: number }) {
  return { id: spellNumberId(numberId), status: 'released' };
}
