import { present } from '../../../lib/assert.js';
import type { Sql } from '../../../database/connection.js';
import type { DeskIds } from './judge.js';
import { drawIds } from './store.js';
import type { IdKind } from './store.js';

/** Ids drawn from a sequence at once: one statement for many batches. */
const blockSize = 512;

/** The desk's stock of unused row ids. Ids are unique over all processes, and nobody relies on their order. */
export class IdBlocks implements DeskIds {
  readonly #unused: Record<IdKind, number[]> = {
    purchase_order: [],
    rental: [],
    reservation: [],
    assignment: [],
  };

  /** Draws what a batch may need, before its judgement. */
  async refill(sql: Sql, needed: Readonly<Record<IdKind, number>>): Promise<void> {
    const kinds = Object.keys(needed) as IdKind[];
    await Promise.all(
      kinds.map(async (kind) => {
        const missing = needed[kind] - this.#unused[kind].length;
        if (missing > 0) this.#unused[kind].push(...(await drawIds(sql, kind, Math.max(missing, blockSize))));
      }),
    );
  }

  order(): number {
    return this.#next('purchase_order');
  }

  rental(): number {
    return this.#next('rental');
  }

  reservation(): number {
    return this.#next('reservation');
  }

  assignment(): number {
    return this.#next('assignment');
  }

  #next(kind: IdKind): number {
    return present(this.#unused[kind].shift(), 'the batch drew its ids before it was judged');
  }
}
