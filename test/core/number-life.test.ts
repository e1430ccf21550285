import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  holdIsOver,
  holdIsOverText,
  isStillHeld,
  restIsOver,
  windowIsOver,
} from '../../src/core/number-life-store.js';
import { isHoldOver, isRestOver, isStillHeld as isHeldInCode } from '../../src/core/number-life.js';
import type { RentalState } from '../../src/core/number-life.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const at = new Date('2026-03-04T09:30:00.000Z');
/** An instant close to `at`, `at` itself, or none. */
const instant = fc.option(
  fc.integer({ min: -2, max: 2 }).map((ms) => new Date(at.getTime() + ms)),
  { nil: null },
);
const states: readonly RentalState[] = [
  'active',
  'awaiting_registration',
  'suspended',
  'pending_release',
  'ended',
];

interface Row {
  readonly heldUntil: Date | null;
  readonly restsUntil: Date | null;
  readonly reclaimUntil: Date | null;
  readonly state: RentalState;
}

const row: fc.Arbitrary<Row> = fc.record({
  heldUntil: instant,
  restsUntil: instant,
  reclaimUntil: instant,
  state: fc.constantFrom(...states),
});

describe('the rules by which time ends things', () => {
  it('are the same in statements and in code', async () => {
    await fc.assert(
      fc.asyncProperty(row, async (given) => {
        const { sql } = database;
        const [told] = await sql<
          { hold: boolean; text: boolean; held: boolean | null; over: boolean | null; rest: boolean | null }[]
        >`
          select ${holdIsOver(sql, 'n', at)} as hold,
                 ${sql.unsafe(holdIsOverText('n', `'${at.toISOString()}'::timestamptz`))} as text,
                 ${isStillHeld(sql, 'n', at)} as held, ${windowIsOver(sql, 'n', at)} as over,
                 ${restIsOver(sql, 'n', at)} as rest
          from (select ${given.heldUntil}::timestamptz as held_until, ${given.restsUntil}::timestamptz as rests_until,
                       ${given.reclaimUntil}::timestamptz as reclaim_until, ${given.state}::text as state, 'q' as status) n`;
        const hold = isHoldOver(given.heldUntil, at);
        expect({ hold: told?.hold, text: told?.text }).toEqual({ hold, text: hold });
        expect(told?.rest ?? false).toBe(isRestOver(given.restsUntil, at));
        // A pending release without a window cannot be stored (rental_pending_has_window).
        if (given.state !== 'pending_release' || given.reclaimUntil !== null) {
          expect(told).toMatchObject({ held: isHeldInCode(given, at), over: !isHeldInCode(given, at) });
        }
      }),
      { numRuns: 60, seed: 20260304 },
    );
  });
});
