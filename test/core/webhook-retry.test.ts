import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attemptsMax, nextAttemptAt, retryAfterSecondsMax } from '../../src/core/webhooks/retry.js';

const at = new Date('2026-03-04T09:30:00Z');

function pauseAfter(attempts: number, random: number, retryAfter?: string): number | undefined {
  const next = nextAttemptAt(attempts, retryAfter, at, () => random);
  return next && (next.getTime() - at.getTime()) / 1000;
}

test('pauses grow, go on for more than a day, and end', () => {
  const pauses = Array.from({ length: attemptsMax - 1 }, (_, i) => pauseAfter(i + 1, 0) ?? 0);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[0]).toBe(5);
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(24 * 3600);
  expect(pauseAfter(attemptsMax, 0)).toBeUndefined();
  expect(pauseAfter(attemptsMax + 7, 0, '5')).toBeUndefined();
});

test('chance spreads a pause over its own length, and never shortens it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: attemptsMax - 1 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const shortest = pauseAfter(attempts, 0) ?? 0;
        const pause = pauseAfter(attempts, random) ?? 0;
        return pause >= shortest && pause < 2 * shortest;
      },
    ),
  );
});

test.each([
  ['60', 60],
  ['1', 5],
  ['Wed, 04 Mar 2026 09:32:00 GMT', 120],
  ['Wed, 04 Mar 2026 09:00:00 GMT', 5],
  ['999999999', retryAfterSecondsMax],
  ['Wed, 04 Mar 2099 09:00:00 GMT', retryAfterSecondsMax],
  ['-60', 5],
  ['1e9', 5],
  ['soon', 5],
  ['', 5],
])('after one failure, "Retry-After: %s" means %i seconds', (header, seconds) => {
  expect(pauseAfter(1, 0, header)).toBe(seconds);
});
